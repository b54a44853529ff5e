using System;
using System.Collections.Generic;

namespace AppChain.Consensus;

/// <summary>How far a view's proposal has come.</summary>
enum ProposalStage
{
    Empty,

    /// <summary>Signed by the leader; its place in the chain is not proven yet.</summary>
    Received,

    /// <summary>Its place is right; the host verifies the payload.</summary>
    Checking,
    Valid,
    Invalid,
}

/// <summary>All that is known of one view: the proposal slot, our own votes, everybody's votes, certificates, the certified
/// block.</summary>
sealed class ViewState(View view, int validators)
{
    readonly Vote?[] own = new Vote?[4];

    public View View { get; } = view;

    public VoteTally Votes { get; private set; } = new(validators);

    /// <summary>The first block of the view's leader. Never replaced.</summary>
    public Block? Proposal { get; private set; }

    /// <summary>What a vote for <see cref="Proposal"/> says. For a boundary block that is proposed again it names this view, not the
    /// block's own (rule 11).</summary>
    public VoteBody ProposedAs { get; private set; }

    public bool IsReproposal => Proposal is not null && Proposal.View != View;

    public ProposalStage Stage { get; set; }

    /// <summary>The leader signed two different blocks (rules 4 and 6).</summary>
    public bool Equivocated { get; set; }

    public Certificate? Notarization { get; private set; }
    public Certificate? Nullification { get; private set; }
    public Certificate? Finalization { get; private set; }

    /// <summary>The one header of this view that a quorum notarized, as a certificate or a certified descendant shows.</summary>
    public Digest? CertifiedHash { get; private set; }

    /// <summary>The block of <see cref="CertifiedHash"/>, once we have it.</summary>
    public Block? Block { get; set; }

    /// <summary>Who probably holds the certified block.</summary>
    public IReadOnlyList<ushort> Holders { get; private set; } = [];

    /// <summary>The certified block and its batches are durable here.</summary>
    public bool Held { get; set; }

    /// <summary>This block and all its ancestors above the finalised tip are held. Once true, always true.</summary>
    public bool Connected { get; set; }

    public bool InJournal { get; set; }
    public bool ObtainRequested { get; set; }

    /// <summary>When to ask again for the block (from peers) or for its batches (from the host), and how often we have asked.</summary>
    public ulong NextAttemptMs { get; set; }
    public uint Attempts { get; set; }

    public Vote? Own(VoteKind kind) => own[(int)kind];

    public void SetOwn(Vote vote) => own[(int)vote.Kind] = vote;

    public Certificate? CertificateOf(VoteKind kind) => kind switch
    {
        VoteKind.Notarize => Notarization,
        VoteKind.Nullify => Nullification,
        _ => Finalization,
    };

    public void Propose(Block block, VoteBody proposedAs, ProposalStage stage)
    {
        Invariant.Check(Proposal is null, "a view's proposal is never replaced");
        Invariant.Check(
            proposedAs.View == View && proposedAs.Kind == VoteKind.Notarize && proposedAs.IsAbout(block.Header, block.Hash),
            "a proposal is voted on as what it is");
        Proposal = block;
        ProposedAs = proposedAs;
        Stage = stage;
    }

    /// <summary>Keeps a verified certificate. Two that exclude each other mean that a third of the power or more is faulty.</summary>
    public void Keep(Certificate certificate)
    {
        switch (certificate.Kind)
        {
            case VoteKind.Notarize:
                Notarization = certificate;
                break;
            case VoteKind.Nullify:
                Nullification = certificate;
                break;
            default:
                Finalization = certificate;
                break;
        }

        Invariant.Check(Nullification is null || Finalization is null, $"view {View} is not both nullified and finalised");
    }

    public void Certify(Digest headerHash, IReadOnlyList<ushort> holders)
    {
        Invariant.Check(CertifiedHash is null || CertifiedHash == headerHash, $"view {View} has one certified header");
        CertifiedHash = headerHash;
        Holders = Holders.Count == 0 ? holders : Holders;
    }

    /// <summary>Frees the votes of a view that is decided and far behind; its certificates stay.</summary>
    public void ForgetVotes() => Votes = new VoteTally(0);

    public bool VotesForgotten => Votes.Size == 0;
}
