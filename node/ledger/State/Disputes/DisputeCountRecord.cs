using System;

namespace AppChain.Ledger;

/// <summary>How many disputes there ever were, which is the number of the last: version:1 ‖ count:8. Absent: none.</summary>
public sealed record DisputeCountRecord(ulong Count) : StateRecord
{
    public static ulong Get(ILedgerState state) =>
        state.Find(StateKey.DisputeCount, Decode)?.Count ?? 0;

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.UInt64(Count);
        return writer.ToArray();
    }

    public static DisputeCountRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        DisputeCountRecord record = new(reader.UInt64());
        reader.End();
        return record;
    }
}
