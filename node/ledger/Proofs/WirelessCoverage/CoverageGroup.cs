using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Collections.Immutable;
using AppChain.Crypto;
using AppChain.Ledger.Location;

namespace AppChain.Ledger;

/// <summary>A beacon and who has heard it, until its window has closed. One for a device and service at a time.</summary>
/// <remarks>
/// version:1 ‖ proof:32 ‖ sentMs:8 ‖ entropy (timeMs:8 ‖ beacon:32) ‖ owner:20 ‖ latitude:4 ‖ longitude:4 ‖ frequency:8 ‖ commitment:32 ‖ secret:32 (zeros: not
/// told yet) ‖ count:1 × witness (device:20 ‖ proof:32 ‖ sentMs:8 ‖ rank:8 ‖ mark:32 ‖ reason:4), ascending by rank.
/// </remarks>
public sealed record CoverageGroup : StateRecord
{
    /// <summary>The beacon's transaction.</summary>
    public required Hash256 Proof { get; init; }

    /// <summary>Time of the block that took it.</summary>
    public required ulong SentMs { get; init; }

    /// <summary>What drew the device.</summary>
    public required EntropySlot Entropy { get; init; }

    /// <summary>The beaconer's owner and place when it sent: neither can be exchanged for what suits the witnesses.</summary>
    public required Address Owner { get; init; }

    public required GeoPoint Place { get; init; }

    public required ulong FrequencyHz { get; init; }

    public required Hash256 Commitment { get; init; }

    /// <summary>What was in the beacon; zeros: not told yet.</summary>
    public Hash256 Secret { get; init; }

    /// <summary>Those that were drawn among all that came, at most <see cref="LedgerLimits.WitnessesMax"/>, ascending by rank.</summary>
    public ImmutableArray<CoverageWitness> Witnesses { get; init; } = [];

    /// <summary>The open group of a device, or null.</summary>
    public static CoverageGroup? Find(ILedgerState state, uint service, Address beaconer) => state.Find(StateKey.CoverageGroup(service, beaconer), Decode);

    public bool Equals(CoverageGroup? other) => other is not null && Encode().AsSpan().SequenceEqual(other.Encode());

    public override int GetHashCode() => HashCode.Combine(Proof, Witnesses.Length);

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.Raw(Proof.Bytes);
        writer.UInt64(SentMs);
        Entropy.Write(writer);
        writer.Address(Owner);
        writer.Int32(Place.LatitudeE7);
        writer.Int32(Place.LongitudeE7);
        writer.UInt64(FrequencyHz);
        writer.Raw(Commitment.Bytes);
        writer.Raw(Secret.Bytes);
        writer.UInt8((byte)Witnesses.Length);
        foreach (CoverageWitness witness in Witnesses)
            witness.Write(writer);
        return writer.ToArray();
    }

    public static CoverageGroup Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        CoverageGroup group = new()
        {
            Proof = new Hash256(reader.Raw(Hash256.Size)),
            SentMs = reader.UInt64(),
            Entropy = EntropySlot.Read(ref reader),
            Owner = reader.Address(),
            Place = new GeoPoint(reader.Int32(), reader.Int32()),
            FrequencyHz = reader.UInt64(),
            Commitment = new Hash256(reader.Raw(Hash256.Size)),
            Secret = new Hash256(reader.Raw(Hash256.Size)),
            Witnesses = ReadWitnesses(ref reader),
        };
        reader.End();
        return group;
    }

    private static ImmutableArray<CoverageWitness> ReadWitnesses(ref RecordReader reader)
    {
        List<CoverageWitness> witnesses = [];
        for (int left = reader.UInt8(); left > 0; left--)
            witnesses.Add(CoverageWitness.Read(ref reader));
        return [.. witnesses];
    }
}

/// <summary>One that says that it has heard a beacon.</summary>
/// <param name="Device">Who.</param>
/// <param name="Proof">The transaction that says so.</param>
/// <param name="SentMs">Time of the block that took it.</param>
/// <param name="Rank">Its place in the draw: the lowest are kept. Nobody could choose it: it comes of entropy later than its enrolment.</param>
/// <param name="Mark">What shows that it knows the beacon's secret.</param>
/// <param name="Reason">The provisional verdict: <see cref="Reason.None"/>, or why it counts and earns nothing.</param>
public readonly record struct CoverageWitness(Address Device, Hash256 Proof, ulong SentMs, ulong Rank, Hash256 Mark, Reason Reason)
{
    private static readonly HashTag RankTag = new("AppChain/witness-rank");

    /// <summary>The first 8 bytes of <c>TaggedHash("AppChain/witness-rank", entropy ‖ beaconer ‖ witness)</c>.</summary>
    public static ulong RankOf(Hash256 entropy, Address beaconer, Address witness) =>
        BinaryPrimitives.ReadUInt64BigEndian(RankTag.Hash(entropy.Bytes, beaconer.Bytes, witness.Bytes).Bytes);

    internal void Write(RecordWriter writer)
    {
        writer.Address(Device);
        writer.Raw(Proof.Bytes);
        writer.UInt64(SentMs);
        writer.UInt64(Rank);
        writer.Raw(Mark.Bytes);
        writer.UInt32((uint)Reason);
    }

    internal static CoverageWitness Read(ref RecordReader reader) => new(
        reader.Address(), new Hash256(reader.Raw(Hash256.Size)), reader.UInt64(), reader.UInt64(), new Hash256(reader.Raw(Hash256.Size)),
        (Reason)reader.UInt32());
}
