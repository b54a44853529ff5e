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
        Settle(opened, checks, results);
        foreach (ref readonly SchnorrTerm term in opened)
        {
            if (results[term.Check])
                keys.Keep(checks[term.Check].PublicKey.Span, in term.P);
        }
    }

    private void Settle(ReadOnlySpan<SchnorrTerm> some, ReadOnlySpan<SignatureCheck> checks, Span<bool> results)
    {
        if (some.Length >= SignaturesMin && AreValid(some))
            Accept(some, results);
        else if (some.Length > PieceMax)
        {
            for (int from = 0; from < some.Length; from += PieceMax)
                Settle(some.Slice(from, Math.Min(PieceMax, some.Length - from)), checks, results);
        }
        else
            SettlePiece(some, checks, results);
    }

    // What failed, or is too small to try: half of it may be good still. Dividing further would cost more than it spares.
    private void SettlePiece(ReadOnlySpan<SchnorrTerm> some, ReadOnlySpan<SignatureCheck> checks, Span<bool> results)
    {
        ReadOnlySpan<SchnorrTerm> left = some[..(some.Length / 2)], right = some[(some.Length / 2)..];
        bool isLeftGood = left.Length >= SignaturesMin && AreValid(left);
        bool isRightGood = !isLeftGood && right.Length >= SignaturesMin && AreValid(right);
        if (isLeftGood)
            Accept(left, results);
        else
            AskEach(left, checks, results);
        if (isRightGood)
            Accept(right, results);
        else
            AskEach(right, checks, results);
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
