namespace AppChain.Crypto;

/// <summary>
/// Opens signatures for <see cref="SchnorrBatch"/>: reads their numbers, finds the points of both x coordinates (four at a time; a key's may be
/// known), hashes the challenges (eight at a time). What cannot be opened (a wrong length, a number out of range, no point on the curve) is left to
/// libsecp256k1. Buffers are kept; one thread at a time.
/// </summary>
internal sealed class SchnorrTerms(LiftedKeys keys)
{
    private const int ChallengeSize = 64 + 32 + 32 + Hash256.Size;
    private const int ChallengesTogether = 256;

    private static readonly HashTag ChallengeTag = new("BIP0340/challenge");

    private readonly SchnorrTerm[] terms = new SchnorrTerm[SchnorrBatch.SignaturesMax];
    private readonly bool[] isOffCurve = new bool[SchnorrBatch.SignaturesMax];

    // The term whose R it is; or the complement of the term whose P it is.
    private readonly int[] unlifted = new int[2 * SchnorrBatch.SignaturesMax];
    private readonly byte[] challenges = new byte[ChallengesTogether * ChallengeSize];
    private readonly int[] challengeEnds = new int[ChallengesTogether];
    private readonly Hash256[] challengeHashes = new Hash256[ChallengesTogether];

    /// <summary>Opens the checks that can be; the others of the scheme are answered. The terms are valid until the next call.</summary>
    public ReadOnlySpan<SchnorrTerm> Open(ReadOnlySpan<SignatureCheck> checks, Span<bool> results)
    {
        int count = 0, pending = 0;
        for (int i = 0; i < checks.Length; i++)
        {
            if (checks[i].Scheme != KeyScheme.Secp256k1)
                continue;
            if (!TryRead(in checks[i], ref terms[count]))
            {
                results[i] = SignatureVerifier.Verify(in checks[i]);
                continue;
            }
            unlifted[pending++] = count;
            if (!keys.TryFind(checks[i].PublicKey.Span, ref terms[count].P))
                unlifted[pending++] = ~count;
            isOffCurve[count] = false;
            terms[count++].Check = i;
        }
        Lift(unlifted.AsSpan(0, pending));
        Span<SchnorrTerm> opened = LeaveOut(terms.AsSpan(0, count), checks, results);
        HashChallenges(opened, checks);
        MultiplyByLambda(opened);
        return opened;
    }

    private static bool TryRead(in SignatureCheck check, ref SchnorrTerm term)
    {
        ReadOnlySpan<byte> signature = check.Signature.Span, publicKey = check.PublicKey.Span;
        return signature.Length == KeySchemes.SignatureSize && publicKey.Length == Secp256k1.PublicKeySize
            && FieldWords.TryRead(signature[..32], out term.R.X) && FieldWords.TryRead(publicKey, out term.P.X)
            && Scalar.TryRead(signature[32..], out term.S);
    }

    private void Lift(ReadOnlySpan<int> pending)
    {
        Span<AffinePoint> four = stackalloc AffinePoint[FieldLanes.Count];
        for (int from = 0; from < pending.Length; from += FieldLanes.Count)
        {
            ReadOnlySpan<int> some = pending.Slice(from, Math.Min(FieldLanes.Count, pending.Length - from));
            for (int i = 0; i < some.Length; i++)
                four[i] = PointOf(some[i]);
            int onCurve = AffinePoint.Lift(four);
            for (int i = 0; i < some.Length; i++)
            {
                PointOf(some[i]).Y = four[i].Y;
                if ((onCurve >> i & 1) == 0)
                    isOffCurve[Math.Max(some[i], ~some[i])] = true;
            }
        }
    }

    private ref AffinePoint PointOf(int pending) => ref pending >= 0 ? ref terms[pending].R : ref terms[~pending].P;

    private Span<SchnorrTerm> LeaveOut(Span<SchnorrTerm> all, ReadOnlySpan<SignatureCheck> checks, Span<bool> results)
    {
        int kept = 0;
        for (int i = 0; i < all.Length; i++)
        {
            int check = all[i].Check;
            if (isOffCurve[i])
                results[check] = SignatureVerifier.Verify(in checks[check]);
            else
                all[kept++] = all[i];
        }
        return all[..kept];
    }

    private void HashChallenges(Span<SchnorrTerm> opened, ReadOnlySpan<SignatureCheck> checks)
    {
        for (int from = 0; from < opened.Length; from += ChallengesTogether)
        {
            Span<SchnorrTerm> some = opened.Slice(from, Math.Min(ChallengesTogether, opened.Length - from));
            for (int i = 0; i < some.Length; i++)
            {
                ref readonly SignatureCheck check = ref checks[some[i].Check];
                Span<byte> challenge = challenges.AsSpan(i * ChallengeSize, ChallengeSize);
                ChallengeTag.Prefix.CopyTo(challenge);
                check.Signature.Span[..32].CopyTo(challenge[64..]);
                check.PublicKey.Span.CopyTo(challenge[96..]);
                check.Digest.Bytes.CopyTo(challenge[128..]);
                challengeEnds[i] = (i + 1) * ChallengeSize;
            }
            Sha256Batch.Hash(challenges, challengeEnds.AsSpan(0, some.Length), challengeHashes);
            for (int i = 0; i < some.Length; i++)
                some[i].E = Scalar.ReadReduced(challengeHashes[i].Bytes);
        }
    }

    private static void MultiplyByLambda(Span<SchnorrTerm> opened)
    {
        Span<AffinePoint> four = stackalloc AffinePoint[FieldLanes.Count];
        for (int from = 0; from < opened.Length; from += FieldLanes.Count)
        {
            Span<SchnorrTerm> some = opened.Slice(from, Math.Min(FieldLanes.Count, opened.Length - from));
            for (int i = 0; i < some.Length; i++)
                four[i] = some[i].P;
            AffinePoint.TimesLambda(four);
            for (int i = 0; i < some.Length; i++)
                some[i].LambdaP = four[i];
        }
    }
}
