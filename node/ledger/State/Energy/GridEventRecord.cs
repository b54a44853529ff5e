using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// What a feeder's owner pays for energy of one interval, until that is judged: version:1 ‖ caller:20 ‖ price:8 ‖ wh:8 ‖ held:8 ‖ count:1 × (meter:20 ‖ wh:8).
/// </summary>
/// <param name="Caller">Who called, and gets back what is not paid.</param>
/// <param name="Price">Grains for a Wh.</param>
/// <param name="Wh">Wanted and not committed yet.</param>
/// <param name="Held">The caller's tokens: the price of all that was wanted.</param>
/// <param name="Commitments">Who has committed, and to how much; at most <see cref="CommitmentsMax"/>.</param>
public sealed record GridEventRecord(Address Caller, ulong Price, ulong Wh, Amount Held, ImmutableArray<GridShare> Commitments) : StateRecord
{
    /// <summary>Meters that commit to one event.</summary>
    public const int CommitmentsMax = 32;

    public static GridEventRecord? Find(ILedgerState state, uint service, Address feeder, ulong fromSeconds) =>
        state.Find(StateKey.GridEvent(service, feeder, fromSeconds), Decode);

    public bool Equals(GridEventRecord? other) => other is not null && Encode().AsSpan().SequenceEqual(other.Encode());

    public override int GetHashCode() => HashCode.Combine(Caller, Price, Wh, Held);

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.Address(Caller);
        writer.UInt64(Price);
        writer.UInt64(Wh);
        writer.Amount(Held);
        writer.UInt8((byte)Commitments.Length);
        foreach (GridShare commitment in Commitments)
        {
            writer.Address(commitment.Meter);
            writer.UInt64(commitment.Wh);
        }
        return writer.ToArray();
    }

    public static GridEventRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        GridEventRecord record = new(reader.Address(), reader.UInt64(), reader.UInt64(), reader.Amount(), ReadCommitments(ref reader));
        reader.End();
        return record;
    }

    private static ImmutableArray<GridShare> ReadCommitments(ref RecordReader reader)
    {
        List<GridShare> commitments = [];
        for (int left = reader.UInt8(); left > 0; left--)
            commitments.Add(new GridShare(reader.Address(), reader.UInt64()));
        return [.. commitments];
    }
}

/// <summary>What one meter has committed to.</summary>
public readonly record struct GridShare(Address Meter, ulong Wh);
