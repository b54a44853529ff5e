namespace AppChain.Ledger;

/// <summary>Gives a service another share of the rewards, those of the open reward epoch included. A created service has none until then.</summary>
/// <param name="Service">The service, whoever owns it.</param>
/// <param name="Weight">Relative to the other services that worked; 0: it shares in no rewards. At most a million.</param>
public sealed record SetRewardWeight(uint Service, uint Weight) : ProposalAction
{
    internal const int Number = 24;

    internal override int Field => Number;

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.UInt64(1, Service);
        writer.UInt64(2, Weight);
        return writer.ToArray();
    }

    internal static SetRewardWeight Read(ref WireReader reader) => new(reader.UInt32(1), reader.UInt32(2));

    internal override Reason CheckShape() => Weight <= Parameters.Million ? Reason.None : Reason.RewardWeightTooHigh;

    internal override Reason Check(ILedgerState state) => ServiceRecord.Find(state, Service) is null ? Reason.UnknownService : Reason.None;

    internal override void Apply(LedgerSession session, BlockContext context) => ServiceRegistry.SetRewardWeight(session, Service, Weight);
}
