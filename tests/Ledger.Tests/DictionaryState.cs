using AppChain.Ledger;

namespace AppChain.Tests.Ledger;

/// <summary>A state in memory.</summary>
internal sealed class DictionaryState : ILedgerState
{
    private readonly SortedDictionary<StateKey, ReadOnlyMemory<byte>> entries = [];

    public IEnumerable<KeyValuePair<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>> Entries =>
        entries.Select(entry => KeyValuePair.Create((ReadOnlyMemory<byte>)entry.Key.Bytes.ToArray(), entry.Value));

    public int Count => entries.Count;

    public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value) => entries.TryGetValue(StateKey.From(key), out value);

    /// <summary>Applies changes and checks what every host may rely on: ascending keys, deletions only of what is there.</summary>
    public void Apply(IEnumerable<LedgerChange> changes)
    {
        StateKey? previous = null;
        foreach (LedgerChange change in changes)
        {
            StateKey key = StateKey.From(change.Key.Span);
            Assert.True(previous is null || previous.Value.CompareTo(key) < 0, $"change {key} is out of order");
            previous = key;
            if (change.Value is { } value)
                entries[key] = value;
            else
                Assert.True(entries.Remove(key), $"deleted {key} is not there");
        }
    }

    /// <summary>Every key and value in hex, for comparing whole states.</summary>
    public string Dump() => string.Join('\n', entries.Select(entry => $"{entry.Key} {Convert.ToHexStringLower(entry.Value.Span)}"));
}
