using System.Collections.Generic;

namespace AppChain.Consensus;

/// <summary>
/// The verified votes of one view: at most one of each kind per signer, whatever a signer sends. The first stays; one that contradicts it
/// is evidence, and after that the signer is not listened to in this view (rule 9).
/// </summary>
sealed class VoteTally(int validators)
{
    readonly Vote?[] notarize = new Vote?[validators];
    readonly Vote?[] nullify = new Vote?[validators];
    readonly Vote?[] finalize = new Vote?[validators];
    readonly bool[] offended = new bool[validators];

    /// <summary>How many validators it has room for.</summary>
    public int Size { get; } = validators;

    /// <summary>True if this signer's vote for this very body is counted already: a re-sent vote costs no signature check.</summary>
    public bool Holds(Vote vote) => Of(vote.Kind)[vote.Signer] is { } held && held.Body == vote.Body;

    public Vote? NotarizeOf(ushort signer) => notarize[signer];

    public bool HasOffended(ushort signer) => offended[signer];

    public void MarkOffended(ushort signer) => offended[signer] = true;

    /// <summary>A counted vote of the same signer that this one contradicts (rule 10), or null.</summary>
    public Vote? ContradictionOf(Vote vote)
    {
        foreach (var held in (System.ReadOnlySpan<Vote?>)[notarize[vote.Signer], nullify[vote.Signer], finalize[vote.Signer]])
        {
            if (held is not null && Evidence.Contradict(held, vote))
            {
                return held;
            }
        }

        return null;
    }

    public void Add(Vote vote)
    {
        Invariant.Check(Of(vote.Kind)[vote.Signer] is null, "a signer's first vote of a kind is never overwritten");
        Of(vote.Kind)[vote.Signer] = vote;
    }

    public ulong PowerFor(VoteBody body, ValidatorSet set)
    {
        ulong power = 0;
        foreach (var vote in Of(body.Kind))
        {
            power += vote?.Body == body ? set[vote.Signer].Power : 0;
        }

        return power;
    }

    public IReadOnlyList<CertificateSignature> SignaturesFor(VoteBody body)
    {
        var signatures = new List<CertificateSignature>();
        foreach (var vote in Of(body.Kind))
        {
            if (vote?.Body == body)
            {
                signatures.Add(new CertificateSignature(vote.Signer, vote.Signature));
            }
        }

        return signatures;
    }

    Vote?[] Of(VoteKind kind) => kind switch
    {
        VoteKind.Notarize => notarize,
        VoteKind.Nullify => nullify,
        VoteKind.Finalize => finalize,
        _ => throw new InvariantException("a vote has one of three kinds"),
    };
}
