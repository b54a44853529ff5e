using System;

namespace AppChain.Ledger;

/// <summary>What a proposal asks for: one of a closed set. Each kind has one file with its fields, its checks and what it does.</summary>
public abstract record ProposalAction
{
    private protected ProposalAction()
    {
    }

    /// <summary>The action's field number in <see cref="Propose"/>; also how the state names its kind.</summary>
    internal abstract int Field { get; }

    internal abstract byte[] Encode();

    /// <summary>What the bytes alone must satisfy.</summary>
    internal abstract Reason CheckShape();

    /// <summary>What the state must satisfy: asked when it is proposed, and again when it is executed. Changes nothing.</summary>
    internal virtual Reason Check(ILedgerState state) => Reason.None;

    /// <summary>What depends on the moment, at both times: the block's height and time, what the treasury holds.</summary>
    internal virtual Reason CheckMoment(ILedgerState state, BlockContext context) => Reason.None;

    /// <summary>Does it. Every check has passed on this very state, so it cannot fail.</summary>
    internal abstract void Apply(LedgerSession session, BlockContext context);

    internal static ProposalAction? Read(int field, ref WireReader reader) => field switch
    {
        SetParameters.Number => SetParameters.Read(ref reader),
        SpendTreasury.Number => SpendTreasury.Read(ref reader),
        PlanUpgrade.Number => PlanUpgrade.Read(ref reader),
        CancelUpgrade.Number => new CancelUpgrade(),
        RuleDispute.Number => RuleDispute.Read(ref reader),
        SetPriceReporters.Number => SetPriceReporters.Read(ref reader),
        RegisterManufacturer.Number => RegisterManufacturer.Read(ref reader),
        ReplaceManufacturer.Number => new ReplaceManufacturer(UpdateManufacturer.Read(ref reader)),
        SetRewardWeight.Number => SetRewardWeight.Read(ref reader),
        SetServiceRules.Number => SetServiceRules.Read(ref reader),
        SetCandidateRules.Number => SetCandidateRules.Read(ref reader),
        _ => null,
    };

    /// <summary>The action of a record that the ledger wrote.</summary>
    internal static ProposalAction OfState(byte field, byte[] bytes)
    {
        WireReader reader = new(bytes);
        ProposalAction? action = Read(field, ref reader);
        Invariant.Check(action is not null && reader.Finish() == Reason.None, "A proposal of the state holds an action that this version cannot read.");
        return action;
    }
}
