using System.Collections.Immutable;
using AppChain.Ledger;

namespace AppChain.Simulation.Execution;

/// <summary>A state of the ledger in memory. A value: changes make another.</summary>
sealed class LedgerEntries : ILedgerState
{
    readonly ImmutableSortedDictionary<StateKey, ReadOnlyMemory<byte>> entries;

    LedgerEntries(ImmutableSortedDictionary<StateKey, ReadOnlyMemory<byte>> entries) => this.entries = entries;

    public static LedgerEntries Of(IEnumerable<LedgerChange> changes) =>
        new LedgerEntries(ImmutableSortedDictionary<StateKey, ReadOnlyMemory<byte>>.Empty).With(changes);

    public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value) => entries.TryGetValue(StateKey.From(key), out value);

    public LedgerEntries With(IEnumerable<LedgerChange> changes)
    {
        var next = entries.ToBuilder();
        foreach (var change in changes)
        {
            if (change.Value is { } value)
            {
                next[StateKey.From(change.Key.Span)] = value;
            }
            else
            {
                next.Remove(StateKey.From(change.Key.Span));
            }
        }

        return new LedgerEntries(next.ToImmutable());
    }

    public Digest Root(TaggedHash tag)
    {
        var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        foreach (var (key, value) in entries)
        {
            writer.Write(key.Bytes.Length);
            writer.Write(key.Bytes);
            writer.Write(value.Length);
            writer.Write(value.Span);
        }

        writer.Flush();
        return tag.Of(bytes.ToArray());
    }
}
