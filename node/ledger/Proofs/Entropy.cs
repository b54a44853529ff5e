using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Collections.Immutable;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>The beacon of one block: what draws devices and witnesses.</summary>
/// <param name="TimeMs">The block's time.</param>
/// <param name="Beacon">Its beacon.</param>
/// <remarks>
/// The block's leader knew the beacon before it chose the block's transactions. So it may only draw among what was committed to in earlier blocks:
/// whoever uses it compares times.
/// </remarks>
public readonly record struct EntropySlot(ulong TimeMs, Hash256 Beacon)
{
    private static readonly HashTag DrawTag = new("AppChain/draw");

    /// <summary>
    /// Whether a device is drawn for a service: the first 8 bytes of <c>TaggedHash("AppChain/draw", beacon ‖ service:4 ‖ device)</c> are divisible by
    /// the odds. A device is drawn once in so many slots on average, and nobody knows when before.
    /// </summary>
    public bool Draws(uint service, Address device, ulong odds)
    {
        Span<byte> number = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(number, service);
        return BinaryPrimitives.ReadUInt64BigEndian(DrawTag.Hash(Beacon.Bytes, number, device.Bytes).Bytes) % odds == 0;
    }

    internal void Write(RecordWriter writer)
    {
        writer.UInt64(TimeMs);
        writer.Raw(Beacon.Bytes);
    }

    internal static EntropySlot Read(ref RecordReader reader) => new(reader.UInt64(), new Hash256(reader.Raw(Hash256.Size)));
}

/// <summary>
/// Beacons that proofs may still refer to, one of each slot of time: version:1 ‖ count:1 × <see cref="EntropySlot"/>, ascending. Absent: no service
/// has asked for it yet.
/// </summary>
public sealed record EntropyRecord(ImmutableArray<EntropySlot> Slots) : StateRecord
{
    /// <summary>How long a slot is: the first block in it gives its beacon.</summary>
    public const ulong SlotMs = 60_000;

    /// <summary>The record of a chain where a service has just asked for it.</summary>
    public static EntropyRecord Fresh { get; } = new([]);

    public static EntropyRecord? Find(ILedgerState state) => state.Find(StateKey.Entropy, Decode);

    /// <summary>The slot that a block of this time gave, or null if there was none, or it is too long ago.</summary>
    public EntropySlot? At(ulong timeMs)
    {
        foreach (EntropySlot slot in Slots)
        {
            if (slot.TimeMs == timeMs)
                return slot;
        }
        return null;
    }

    /// <summary>A kind of proof of a new service wants entropy: from the next block on it is kept.</summary>
    internal static void Ask(LedgerSession session)
    {
        if (Find(session) is null)
            session.Put(StateKey.Entropy, Fresh);
    }

    /// <summary>The first block of a slot leaves its beacon.</summary>
    internal static void Turn(LedgerSession session, BlockContext context)
    {
        if (Find(session) is not { } record || (record.Slots is [.., var last] && last.TimeMs / SlotMs == context.TimeMs / SlotMs))
            return;
        ImmutableArray<EntropySlot> slots = record.Slots.Add(new EntropySlot(context.TimeMs, context.Beacon));
        session.Put(StateKey.Entropy, new EntropyRecord(slots.Length > LedgerLimits.EntropySlotsMax ? slots.RemoveAt(0) : slots));
    }

    public bool Equals(EntropyRecord? other) => other is not null && Slots.AsSpan().SequenceEqual(other.Slots.AsSpan());

    public override int GetHashCode() => Slots.Length;

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.UInt8((byte)Slots.Length);
        foreach (EntropySlot slot in Slots)
            slot.Write(writer);
        return writer.ToArray();
    }

    public static EntropyRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        List<EntropySlot> slots = [];
        for (int left = reader.UInt8(); left > 0; left--)
            slots.Add(EntropySlot.Read(ref reader));
        reader.End();
        return new EntropyRecord([.. slots]);
    }
}
