using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// The meters behind one transformer: version:1 ‖ judgedSeconds:8 ‖ count:1 × open interval:8 ‖ count:4 × meter:20. Keyed by the device that measures
/// what goes in and out.
/// </summary>
/// <param name="JudgedSeconds">The end of the last interval that was judged; only an open one may be older.</param>
/// <param name="Open">Intervals, by their start, of which a reading waits: at most <see cref="OpenMax"/>.</param>
/// <param name="Meters">At most <see cref="FeederGroup.MetersMax"/>, in the order in which they were connected; not the feeder's own.</param>
public sealed record FeederRecord(ulong JudgedSeconds, ImmutableArray<ulong> Open, ImmutableArray<Address> Meters) : StateRecord
{
    /// <summary>Intervals of a feeder that wait for judgement at a time.</summary>
    public const int OpenMax = 8;

    /// <summary>A feeder without meters.</summary>
    public static FeederRecord Empty { get; } = new(0, [], []);

    public static FeederRecord? Find(ILedgerState state, uint service, Address feeder) => state.Find(StateKey.Feeder(service, feeder), Decode);

    public bool Equals(FeederRecord? other) => other is not null && Encode().AsSpan().SequenceEqual(other.Encode());

    public override int GetHashCode() => HashCode.Combine(JudgedSeconds, Meters.Length);

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.UInt64(JudgedSeconds);
        writer.UInt8((byte)Open.Length);
        foreach (ulong interval in Open)
            writer.UInt64(interval);
        writer.UInt32((uint)Meters.Length);
        foreach (Address meter in Meters)
            writer.Address(meter);
        return writer.ToArray();
    }

    public static FeederRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        FeederRecord record = new(reader.UInt64(), ReadOpen(ref reader), ReadMeters(ref reader));
        reader.End();
        return record;
    }

    private static ImmutableArray<ulong> ReadOpen(ref RecordReader reader)
    {
        List<ulong> open = [];
        for (int left = reader.UInt8(); left > 0; left--)
            open.Add(reader.UInt64());
        return [.. open];
    }

    private static ImmutableArray<Address> ReadMeters(ref RecordReader reader)
    {
        List<Address> meters = [];
        for (uint left = reader.UInt32(); left > 0; left--)
            meters.Add(reader.Address());
        return [.. meters];
    }
}
