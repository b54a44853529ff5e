using System;

namespace AppChain.Ledger;

/// <summary>Units that a service's devices earned in the open reward epoch: version:1 ‖ units:8. Absent: none.</summary>
public sealed record ServiceWork(ulong Units) : StateRecord
{
    public static ulong UnitsOf(ILedgerState state, uint service) =>
        state.Find(StateKey.ServiceWork(service), Decode)?.Units ?? 0;

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.UInt64(Units);
        return writer.ToArray();
    }

    public static ServiceWork Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        ServiceWork record = new(reader.UInt64());
        reader.End();
        return record;
    }

    internal static void Add(LedgerSession session, uint service, ulong units) =>
        session.Put(StateKey.ServiceWork(service), new ServiceWork(UnitsOf(session, service) + units));

    /// <summary>The next epoch starts with none.</summary>
    internal static void Reset(LedgerSession session, uint service) => session.Delete(StateKey.ServiceWork(service));
}
