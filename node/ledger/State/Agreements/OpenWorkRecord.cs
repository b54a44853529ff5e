using System;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>How many deals and jobs a device has open in a service: version:1 ‖ count:4. Absent: none. As long as there are some, its bond stays pledged.</summary>
public sealed record OpenWorkRecord(uint Count) : StateRecord
{
    public static uint Of(ILedgerState state, Address device, uint service) => state.Find(StateKey.OpenWork(device, service), Decode)?.Count ?? 0;

    internal static void Add(LedgerSession session, Address device, uint service) =>
        session.Put(StateKey.OpenWork(device, service), new OpenWorkRecord(Of(session, device, service) + 1));

    internal static void Remove(LedgerSession session, Address device, uint service)
    {
        uint count = Of(session, device, service);
        Invariant.Check(count > 0, "Work ends that was not counted.");
        if (count == 1)
            session.Delete(StateKey.OpenWork(device, service));
        else
            session.Put(StateKey.OpenWork(device, service), new OpenWorkRecord(count - 1));
    }

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.UInt32(Count);
        return writer.ToArray();
    }

    public static OpenWorkRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        OpenWorkRecord record = new(reader.UInt32());
        reader.End();
        return record;
    }
}
