using System;
using System.Collections.Generic;
using System.Collections.Immutable;

namespace AppChain.Ledger;

/// <summary>
/// What a cell's sensors said together in its last windows, one metric: version:1 ‖ endMs:8 ‖ count:1 × (there:1 ‖ median:8). What a sensor that tells of
/// an earlier time is found by.
/// </summary>
/// <param name="EndMs">The end of the last window that is in it.</param>
/// <param name="Medians">Of the slots, oldest first, at most <see cref="SlotsMax"/>; null: nobody knows.</param>
public sealed record SensorPastRecord(ulong EndMs, ImmutableArray<long?> Medians) : StateRecord
{
    /// <summary>Slots that are remembered: three days of half-hours, by which the rules were calibrated.</summary>
    public const int SlotsMax = 144;

    public static SensorPastRecord? Find(ILedgerState state, uint service, ulong cell, uint metric) =>
        state.Find(StateKey.SensorPast(service, cell, metric), Decode);

    /// <summary>The past after one more window; a window that does not follow the last one begins anew.</summary>
    internal static SensorPastRecord After(SensorPastRecord? before, ulong startMs, ulong endMs, ImmutableArray<long?> medians)
    {
        ImmutableArray<long?> all = before?.EndMs == startMs ? before.Medians.AddRange(medians) : medians;
        return new SensorPastRecord(endMs, all.Length > SlotsMax ? all.RemoveRange(0, all.Length - SlotsMax) : all);
    }

    public bool Equals(SensorPastRecord? other) => other is not null && Encode().AsSpan().SequenceEqual(other.Encode());

    public override int GetHashCode() => HashCode.Combine(EndMs, Medians.Length);

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.UInt64(EndMs);
        writer.UInt8((byte)Medians.Length);
        foreach (long? median in Medians)
        {
            writer.Flag(median is not null);
            writer.Int64(median ?? 0);
        }
        return writer.ToArray();
    }

    public static SensorPastRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        ulong end = reader.UInt64();
        List<long?> medians = [];
        for (int left = reader.UInt8(); left > 0; left--)
        {
            bool there = reader.Flag();
            long median = reader.Int64();
            Invariant.Check(there || median == 0, "A median that nobody knows has a value.");
            medians.Add(there ? median : null);
        }
        reader.End();
        return new SensorPastRecord(end, [.. medians]);
    }
}
