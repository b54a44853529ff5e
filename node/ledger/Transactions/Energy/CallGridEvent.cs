using System;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// The owner of a feeder's own meter wants energy in an interval to come, and puts down what he pays for it. Sources of the feeder commit to it
/// (<see cref="GridCommitment"/>); what they do not deliver is given back when the interval is judged.
/// </summary>
/// <param name="Service">The service.</param>
/// <param name="Feeder">The feeder's own meter.</param>
/// <param name="FromSeconds">The interval's start, Unix time in seconds: within a day.</param>
/// <param name="Wh">How much.</param>
/// <param name="Price">Grains for a Wh.</param>
public sealed record CallGridEvent(uint Service, Address Feeder, ulong FromSeconds, ulong Wh, ulong Price) : Message
{
    internal const int Number = 93;

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Demand;

    internal override uint? Uses => Service;

    internal override Spending Spends(ILedgerState state) => new(Cost ?? new Amount(ulong.MaxValue));

    // Null: more than there can be.
    private Amount? Cost => (UInt128)Wh * Price is var cost && cost <= ulong.MaxValue ? new Amount((ulong)cost) : null;

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.UInt64(1, Service);
        writer.Address(2, Feeder);
        writer.UInt64(3, FromSeconds);
        writer.UInt64(4, Wh);
        writer.UInt64(5, Price);
        return writer.ToArray();
    }

    internal static CallGridEvent Read(ref WireReader reader) =>
        new(reader.UInt32(1), reader.Address(2), reader.UInt64(3), reader.UInt64(4), reader.UInt64(5));

    internal override Reason CheckShape(Transaction transaction) => Wh is 0 or > FeederGroup.WhMax || Price == 0 ? Reason.NothingTraded : Reason.None;

    internal override Reason Admit(ILedgerState state, Address signer)
    {
        Reason reason = DeviceOwnership.Check(state, Feeder, signer);
        if (reason != Reason.None)
            return reason;
        return MeterRecord.Find(state, Service, Feeder) is { } meter && meter.Feeder == Feeder ? Reason.None : Reason.NotAMeter;
    }

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context)
    {
        Address caller = transaction.Body.Signer;
        uint interval = EnergyTerms.Decode(session.Service(Service).Definition.KindParameters).IntervalSeconds;
        UInt128 fromMs = (UInt128)FromSeconds * Parameters.SecondMs;
        if (FromSeconds % interval != 0 || fromMs <= context.TimeMs || fromMs > context.TimeMs + GridEvents.AheadMs
            || GridEventRecord.Find(session, Service, Feeder, FromSeconds) is not null)
            return new Outcome(Reason.GridEventUntimely);
        if (Cost is not { } cost || AccountRecord.Get(session, caller).Balance < cost)
            return new Outcome(Reason.InsufficientBalance);
        AccountRecord.Debit(session, caller, cost);
        GridEvents.Open(session, Service, Feeder, FromSeconds, new GridEventRecord(caller, Price, Wh, cost, []), context.TimeMs);
        session.Touch(StateKind.Device, Feeder);
        return Outcome.Applied;
    }
}
