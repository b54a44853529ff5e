using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Storage;

namespace AppChain.Node.Rules;

/// <summary>A stored state, and over it what blocks have changed that are executed otherwise than they were. In memory; it has no roots.</summary>
internal sealed class OverlaidState(StateView stored) : ILedgerState
{
    private readonly Dictionary<StateKey, ReadOnlyMemory<byte>?> changed = [];

    public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value)
    {
        if (!changed.TryGetValue(StateKey.From(key), out ReadOnlyMemory<byte>? found))
            return stored.TryGet(key, out value);
        value = found ?? default;
        return found is not null;
    }

    public void Apply(IEnumerable<LedgerChange> changes)
    {
        foreach (LedgerChange change in changes)
            changed[StateKey.From(change.Key.Span)] = change.Value;
    }

    public void Put(StateKey key, StateRecord record) => changed[key] = record.Encode();

    /// <summary>Every device, in any order.</summary>
    public IEnumerable<(Address Address, DeviceRecord Device)> Devices()
    {
        foreach (StateEntry entry in stored.Enumerate(new byte[] { (byte)StateKind.Device }))
        {
            if (!changed.ContainsKey(StateKey.From(entry.Key.Span)))
                yield return (AddressOf(entry.Key.Span), DeviceRecord.Decode(entry.Value));
        }
        foreach ((StateKey key, ReadOnlyMemory<byte>? value) in changed)
        {
            if (key.Bytes[0] == (byte)StateKind.Device && value is { } present)
                yield return (AddressOf(key.Bytes), DeviceRecord.Decode(present));
        }
    }

    private static Address AddressOf(ReadOnlySpan<byte> key) => new(key[1..]);
}
