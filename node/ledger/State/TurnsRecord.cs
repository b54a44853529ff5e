using System;
using System.Collections.Generic;
using System.Collections.Immutable;

namespace AppChain.Ledger;

/// <summary>
/// The lines in which the work of a queue stands whose time has come (<see cref="ServiceTurns"/>): version:1 ‖ count:2 × (service:4 ‖
/// first:8 ‖ next:8). Absent: nothing
/// stands there.
/// </summary>
/// <param name="Lines">Whose turn comes first is first; at most one of each service, so at most <see cref="LedgerLimits.ServicesMax"/>.
/// None is empty.</param>
public sealed record TurnsRecord(ImmutableArray<ServiceLine> Lines) : StateRecord
{
    public static TurnsRecord? Find(ILedgerState state, QueueKind queue) => state.Find(StateKey.Turns(queue), Decode);

    public bool Equals(TurnsRecord? other) => other is not null && Lines.AsSpan().SequenceEqual(other.Lines.AsSpan());

    public override int GetHashCode() => Lines.Length;

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.UInt16((ushort)Lines.Length);
        foreach (ServiceLine line in Lines)
        {
            writer.UInt32(line.Service);
            writer.UInt64(line.First);
            writer.UInt64(line.Next);
        }
        return writer.ToArray();
    }

    public static TurnsRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        List<ServiceLine> lines = [];
        for (int left = reader.UInt16(); left > 0; left--)
            lines.Add(new ServiceLine(reader.UInt32(), reader.UInt64(), reader.UInt64()));
        reader.End();
        return new TurnsRecord([.. lines]);
    }
}

/// <summary>One service's line.</summary>
/// <param name="Service">The service.</param>
/// <param name="First">The number of the item that is its next.</param>
/// <param name="Next">The number that the next item to come gets: a line that was empty begins at 0 again.</param>
public readonly record struct ServiceLine(uint Service, ulong First, ulong Next);

/// <summary>An item that stands in a service's line: version:1 ‖ number:8 ‖ length:1 about.</summary>
/// <param name="Number">The number that it had in its queue: its receipt is named by it.</param>
/// <param name="About">As it was in its queue.</param>
public sealed record TurnItemRecord(ulong Number, ReadOnlyMemory<byte> About) : StateRecord
{
    public static TurnItemRecord Get(ILedgerState state, QueueKind queue, uint service, ulong place) =>
        state.Find(StateKey.TurnItem(queue, service, place), Decode)
        ?? throw new LedgerInvariantException("An item that stands in a service's line is not in the state.");

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.UInt64(Number);
        writer.Short(About.Span);
        return writer.ToArray();
    }

    public static TurnItemRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        TurnItemRecord record = new(reader.UInt64(), reader.Short());
        reader.End();
        return record;
    }

    public bool Equals(TurnItemRecord? other) => other is not null && Number == other.Number && About.Span.SequenceEqual(other.About.Span);

    public override int GetHashCode() => HashCode.Combine(Number, About.Length);
}
