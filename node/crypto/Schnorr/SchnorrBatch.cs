namespace AppChain.Crypto;

/// <summary>
/// Verifies many BIP-340 signatures in one multiplication (BIP-340, "Batch Verification"): the sum of aᵢ(sᵢG − Rᵢ − eᵢPᵢ), with
/// coefficients aᵢ that nobody can know beforehand, is the point at infinity if all are valid, and is not if one is not, but for a chance of
/// 2⁻¹²⁸. Only that answer is taken from this arithmetic: whatever fails is divided, and in the end libsecp256k1 says which signature is bad.
/// Buffers are kept; one thread at a time.
/// </summary>
internal sealed class SchnorrBatch(LiftedKeys keys)
{
    /// <summary>Most signatures of one multiplication.</summary>
    public const int SignaturesMax = 1_024;

    /// <summary>Fewer are faster one by one.</summary>
    public const int SignaturesMin = 16;

    // What fails in one piece is looked at in pieces of this size: a bad signature then spoils few good ones.
    private const int PieceMax = 64;

    private readonly MultiScalar multiScalar = new();
    private readonly SchnorrTerms terms = new(keys);
    private readonly AffinePoint[] points = new AffinePoint[PointsOf(SignaturesMax)];
    private readonly HalfScalar[] factors = new HalfScalar[PointsOf(SignaturesMax)];
    private readonly UInt128[] coefficients = new UInt128[SignaturesMax];

    /// <summary>Answers checks of the scheme secp256k1; the others are left out.</summary>
    /// <param name="checks">Any number.</param>
    /// <param name="results">The answer to each, in its place.</param>
    public void Verify(ReadOnlySpan<SignatureCheck> checks, Span<bool> results)
    {
        for (int from = 0; from < checks.Length; from += SignaturesMax)
        {
            int count = Math.Min(SignaturesMax, checks.Length - from);
            VerifyTogether(checks.Slice(from, count), results.Slice(from, count));
        }
    }

    private void VerifyTogether(ReadOnlySpan<SignatureCheck> checks, Span<bool> results)
    {
        ReadOnlySpan<SchnorrTerm> opened = terms.Open(checks, results);
        Settle(opened, checks, results, isBad: false);
        foreach (ref readonly SchnorrTerm term in opened)
        {
            if (results[term.Check])
                keys.Keep(checks[term.Check].PublicKey.Span, in term.P);
        }
    }

    // What is known to hold a bad one is not asked again.
    private void Settle(ReadOnlySpan<SchnorrTerm> some, ReadOnlySpan<SignatureCheck> checks, Span<bool> results, bool isBad)
    {
        if (some.Length < SignaturesMin)
            AskEach(some, checks, results);
        else if (!isBad && AreValid(some))
            Accept(some, results);
        else if (some.Length > PieceMax)
        {
            for (int from = 0; from < some.Length; from += PieceMax)
                Settle(some.Slice(from, Math.Min(PieceMax, some.Length - from)), checks, results, isBad: false);
        }
        else
            SettleHalves(some[..(some.Length / 2)], some[(some.Length / 2)..], checks, results);
    }

    // One of them is bad at least. If both are, more will be: dividing further would only add to the price of a flood of bad ones.
    private void SettleHalves(
        ReadOnlySpan<SchnorrTerm> left, ReadOnlySpan<SchnorrTerm> right, ReadOnlySpan<SignatureCheck> checks, Span<bool> results)
    {
        if (AreValid(left))
        {
            Accept(left, results);
            Settle(right, checks, results, isBad: true);
        }
        else if (AreValid(right))
        {
            Accept(right, results);
            Settle(left, checks, results, isBad: true);
        }
        else
        {
            AskEach(left, checks, results);
            AskEach(right, checks, results);
        }
    }

    private static void Accept(ReadOnlySpan<SchnorrTerm> some, Span<bool> results)
    {
        foreach (ref readonly SchnorrTerm term in some)
            results[term.Check] = true;
    }

    private static void AskEach(ReadOnlySpan<SchnorrTerm> some, ReadOnlySpan<SignatureCheck> checks, Span<bool> results)
    {
        foreach (ref readonly SchnorrTerm term in some)
            results[term.Check] = SignatureVerifier.Verify(in checks[term.Check]);
    }

    private bool AreValid(ReadOnlySpan<SchnorrTerm> some)
    {
        Span<UInt128> drawn = coefficients.AsSpan(0, some.Length);
        SchnorrCoefficients.Draw(some, drawn);
        return IsSumInfinity(some, drawn);
    }

    /// <summary>True if the sum with these coefficients is the point at infinity; that says something only if nobody could know them.</summary>
    internal bool IsSumInfinity(ReadOnlySpan<SchnorrTerm> some, ReadOnlySpan<UInt128> a)
    {
        int count = 2;
        Scalar ofGenerator = default;
        for (int i = 0; i < some.Length; i++)
        {
            ref readonly SchnorrTerm term = ref some[i];
            ofGenerator += Scalar.Multiply(in term.S, a[i]);
            (points[count], factors[count]) = (term.R, new HalfScalar(a[i], IsNegative: false));
            points[count + 1] = term.P;
            points[count + 2] = term.LambdaP;
            HalfScalar.Split(Scalar.Multiply(in term.E, a[i]), out factors[count + 1], out factors[count + 2]);
            count += 3;
        }
        (points[0], points[1]) = (AffinePoint.Generator, AffinePoint.LambdaGenerator);
        HalfScalar.Split(-ofGenerator, out factors[0], out factors[1]);
        return multiScalar.IsInfinity(points.AsSpan(0, count), factors.AsSpan(0, count));
    }

    // For each signature R, P and λP; and G and λG for all.
    private static int PointsOf(int signatures) => (3 * signatures) + 2;
}
