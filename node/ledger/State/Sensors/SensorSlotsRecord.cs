using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What one sensor read in one window, until its cell is judged: per slot the mean of its readings.</summary>
/// <remarks>
/// version:1 ‖ cell:8 ‖ proof:32 ‖ sentMs:8 ‖ readings:4 ‖ slot:1 ‖ inSlot:4 ‖ count:1 metrics × (metric:4 ‖ sum:8) ‖ count:1 filled × (slot:1 ‖ a
/// value:8 for each metric). With two metrics and 96 slots at most 1,718 bytes.
/// </remarks>
public sealed record SensorSlotsRecord : StateRecord
{
    /// <summary>Readings of which a slot's mean is made, so that no sum overflows; later ones only count.</summary>
    public const uint InSlotMax = 1_000_000;

    /// <summary>The cell that it stands in.</summary>
    public required ulong Cell { get; init; }

    /// <summary>Its first reading of the window, which waits for the window's verdict.</summary>
    public required Hash256 Proof { get; init; }

    /// <summary>Time of the block that took it.</summary>
    public required ulong SentMs { get; init; }

    /// <summary>Readings that passed the immediate checks.</summary>
    public uint Readings { get; init; }

    /// <summary>The slot that is being filled.</summary>
    public byte Slot { get; init; }

    /// <summary>Readings in it.</summary>
    public uint InSlot { get; init; }

    /// <summary>The sum of them for each metric that is compared.</summary>
    public ImmutableArray<Measurement> Sums { get; init; } = [];

    /// <summary>The slots before, ascending: each with the mean of each metric.</summary>
    public ImmutableArray<FilledSlot> Filled { get; init; } = [];

    public static SensorSlotsRecord? Find(ILedgerState state, uint service, Address device, ulong startMs) =>
        state.Find(StateKey.SensorSlots(service, device, startMs), Decode);

    /// <summary>The record with one more reading, later than all others.</summary>
    /// <param name="values">One for each metric that is compared.</param>
    internal SensorSlotsRecord With(byte slot, ImmutableArray<Measurement> values)
    {
        if (InSlot > 0 && slot == Slot)
        {
            if (InSlot == InSlotMax)
                return this with { Readings = Readings + 1 };
            Measurement[] sums = [.. Sums];
            for (int i = 0; i < sums.Length; i++)
                sums[i] = sums[i] with { Value = sums[i].Value + values[i].Value };
            return this with { Readings = Readings + 1, InSlot = InSlot + 1, Sums = [.. sums] };
        }
        return this with { Readings = Readings + 1, Slot = slot, InSlot = 1, Sums = values, Filled = AllFilled() };
    }

    /// <summary>The means of all slots of a metric; null where it read nothing. None at all: the metric was not compared then.</summary>
    internal ImmutableArray<long?> ValuesOf(uint metric, int slots)
    {
        long?[] values = new long?[slots];
        int at = 0;
        while (at < Sums.Length && Sums[at].Metric != metric)
            at++;
        if (at == Sums.Length)
            return [.. values];
        foreach (FilledSlot filled in AllFilled())
        {
            if (filled.Slot < slots)
                values[filled.Slot] = filled.Means[at];
        }
        return [.. values];
    }

    public bool Equals(SensorSlotsRecord? other) => other is not null && Encode().AsSpan().SequenceEqual(other.Encode());

    public override int GetHashCode() => HashCode.Combine(Proof, Readings);

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.UInt64(Cell);
        writer.Raw(Proof.Bytes);
        writer.UInt64(SentMs);
        writer.UInt32(Readings);
        writer.UInt8(Slot);
        writer.UInt32(InSlot);
        writer.UInt8((byte)Sums.Length);
        foreach (Measurement sum in Sums)
        {
            writer.UInt32(sum.Metric);
            writer.Int64(sum.Value);
        }
        writer.UInt8((byte)Filled.Length);
        foreach (FilledSlot filled in Filled)
        {
            writer.UInt8(filled.Slot);
            foreach (long mean in filled.Means)
                writer.Int64(mean);
        }
        return writer.ToArray();
    }

    public static SensorSlotsRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        SensorSlotsRecord record = new()
        {
            Cell = reader.UInt64(),
            Proof = new Hash256(reader.Raw(Hash256.Size)),
            SentMs = reader.UInt64(),
            Readings = reader.UInt32(),
            Slot = reader.UInt8(),
            InSlot = reader.UInt32(),
            Sums = ReadSums(ref reader),
        };
        List<FilledSlot> filled = [];
        for (int left = reader.UInt8(); left > 0; left--)
            filled.Add(FilledSlot.Read(ref reader, record.Sums.Length));
        reader.End();
        return record with { Filled = [.. filled] };
    }

    private ImmutableArray<FilledSlot> AllFilled()
    {
        if (InSlot == 0)
            return Filled;
        long[] means = new long[Sums.Length];
        for (int i = 0; i < means.Length; i++)
            means[i] = Robust.FloorDivide(Sums[i].Value, InSlot);
        return Filled.Add(new FilledSlot(Slot, [.. means]));
    }

    private static ImmutableArray<Measurement> ReadSums(ref RecordReader reader)
    {
        List<Measurement> sums = [];
        for (int left = reader.UInt8(); left > 0; left--)
            sums.Add(new Measurement(reader.UInt32(), reader.Int64()));
        return [.. sums];
    }
}

/// <summary>A slot of a window that a sensor has filled.</summary>
/// <param name="Slot">Its number, from 0.</param>
/// <param name="Means">For each metric that is compared the mean of what it read, rounded down.</param>
public readonly record struct FilledSlot(byte Slot, ImmutableArray<long> Means)
{
    internal static FilledSlot Read(ref RecordReader reader, int metrics)
    {
        byte slot = reader.UInt8();
        long[] means = new long[metrics];
        for (int i = 0; i < metrics; i++)
            means[i] = reader.Int64();
        return new FilledSlot(slot, [.. means]);
    }
}
