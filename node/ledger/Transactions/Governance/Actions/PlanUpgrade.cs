namespace AppChain.Ledger;

/// <summary>From a height on, blocks follow the rules of a later version: a program without them stops there. Replaces a plan that there was.</summary>
/// <param name="Height">The first block under the new rules.</param>
/// <param name="Version">The version, above the present one.</param>
public sealed record PlanUpgrade(ulong Height, uint Version) : ProposalAction
{
    internal const int Number = 18;

    internal override int Field => Number;

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.UInt64(1, Height);
        writer.UInt64(2, Version);
        return writer.ToArray();
    }

    internal static PlanUpgrade Read(ref WireReader reader) => new(reader.UInt64(1), reader.UInt32(2));

    internal override Reason CheckShape() => Height == 0 || Version == 0 ? Reason.UpgradePlanInvalid : Reason.None;

    internal override Reason Check(ILedgerState state) =>
        Version > ProtocolRecord.Get(state).Current ? Reason.None : Reason.UpgradeNotNewer;

    // Operators need time to change their programs once it is certain.
    internal override Reason CheckMoment(ILedgerState state, BlockContext context) =>
        Height > context.Height && Height - context.Height >= ParametersRecord.Get(state)[Parameter.UpgradeNoticeBlocks]
            ? Reason.None
            : Reason.UpgradeTooSoon;

    internal override void Apply(LedgerSession session, BlockContext context) =>
        session.Put(StateKey.Protocol, ProtocolRecord.Get(session) with { Plan = new UpgradePlan(Height, Version) });
}
