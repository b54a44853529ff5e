namespace AppChain.Ledger;

/// <summary>Takes the planned upgrade back.</summary>
public sealed record CancelUpgrade : ProposalAction
{
    internal const int Number = 19;

    internal override int Field => Number;

    internal override byte[] Encode() => [];

    internal override Reason CheckShape() => Reason.None;

    // A plan that is there when it is proposed may be over when it is executed: then the proposal fails, and nothing is lost.
    internal override Reason Check(ILedgerState state) => ProtocolRecord.Get(state).Plan is null ? Reason.NoUpgradePlanned : Reason.None;

    internal override void Apply(LedgerSession session, BlockContext context) =>
        session.Put(StateKey.Protocol, ProtocolRecord.Get(session) with { Plan = null });
}
