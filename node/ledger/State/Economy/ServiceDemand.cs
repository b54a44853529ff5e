using System;

namespace AppChain.Ledger;

/// <summary>How much is burned for a service in an epoch, smoothed over <see cref="Parameter.DemandEpochs"/>: version:1 ‖ smoothed:8. Absent: nothing.</summary>
/// <param name="Smoothed">Tokens that were burned for the credits spent on it.</param>
public sealed record ServiceDemand(Amount Smoothed) : StateRecord
{
    private static readonly ServiceDemand Nothing = new(Amount.Zero);

    /// <summary>As of the last mint.</summary>
    public static ServiceDemand Get(ILedgerState state, uint service) => state.Find(StateKey.ServiceDemand(service), Decode) ?? Nothing;

    /// <summary>With the epoch that ends.</summary>
    internal static Amount Next(ILedgerState state, uint service, ServiceWork work) =>
        Smoothing.Next(Get(state, service).Smoothed, work.Cost, ParametersRecord.Get(state)[Parameter.DemandEpochs]);

    /// <summary>The epoch ends. Must come before its work is forgotten.</summary>
    internal static void Advance(LedgerSession session, uint service)
    {
        Amount before = Get(session, service).Smoothed;
        Amount next = Next(session, service, ServiceWork.Get(session, service));
        if (next == before)
            return;
        if (next == Amount.Zero)
            session.Delete(StateKey.ServiceDemand(service));
        else
            session.Put(StateKey.ServiceDemand(service), new ServiceDemand(next));
    }

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.Amount(Smoothed);
        return writer.ToArray();
    }

    public static ServiceDemand Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        ServiceDemand record = new(reader.Amount());
        reader.End();
        return record;
    }
}
