using System;

namespace AppChain.Consensus;

/// <summary>
/// Proof that a validator broke the rules (rule 10): two notarize or two finalize votes for different headers of one view, or a nullify
/// and a finalize in one view. A notarize and a nullify together are legal.
/// </summary>
public sealed record Evidence(Vote First, Vote Second)
{
    public ushort Offender => First.Signer;

    public View View => First.View;

    /// <summary>True if two votes of one signer in one view contradict each other. Signatures are another matter.</summary>
    public static bool Contradict(Vote first, Vote second) =>
        first.Signer == second.Signer && first.Body.Epoch == second.Body.Epoch && first.View == second.View
        && (first.Kind, second.Kind) switch
        {
            (VoteKind.Notarize, VoteKind.Notarize) or (VoteKind.Finalize, VoteKind.Finalize) => first.Body != second.Body,
            (VoteKind.Nullify, VoteKind.Finalize) or (VoteKind.Finalize, VoteKind.Nullify) => true,
            _ => false,
        };

    /// <summary>True if the votes contradict each other and both signatures are the offender's.</summary>
    public bool IsProof(ChainId chainId, ValidatorSet validators, IVoteCrypto crypto) =>
        Contradict(First, Second) && First.IsValid(chainId, validators, crypto) && Second.IsValid(chainId, validators, crypto);

    public byte[] Encode()
    {
        var writer = new ByteWriter(2 * Vote.Bytes);
        First.Write(ref writer);
        Second.Write(ref writer);
        return writer.Finish();
    }

    /// <summary>False for malformed or trailing bytes, or votes that do not contradict each other. Never throws.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out Evidence evidence)
    {
        evidence = null!;
        var reader = new ByteReader(bytes);
        if (!Vote.TryRead(ref reader, out var first) || !Vote.TryRead(ref reader, out var second) || !reader.AtEnd
            || !Contradict(first, second))
        {
            return false;
        }

        evidence = new Evidence(first, second);
        return true;
    }
}
