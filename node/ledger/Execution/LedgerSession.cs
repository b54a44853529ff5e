using System;
using System.Collections.Generic;
using System.Linq;

namespace AppChain.Ledger;

/// <summary>A state under execution: the parent's, and on top what the block has changed so far, which its reads see.</summary>
internal sealed class LedgerSession(ILedgerState parent) : ILedgerState
{
    // Never enumerated into an output without sorting.
    private readonly Dictionary<StateKey, byte[]?> changes = [];
    private readonly Dictionary<uint, ServiceRecord> services = [];

    public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value)
    {
        if (!changes.TryGetValue(StateKey.From(key), out byte[]? changed))
            return parent.TryGet(key, out value);
        value = changed;
        return changed is not null;
    }

    public void Put(StateKey key, StateRecord record) => changes[key] = record.Encode();

    public void Delete(StateKey key) => changes[key] = null;

    /// <summary>A service's definition, decoded once per block: every proof asks for it, and nothing changes it yet.</summary>
    public ServiceRecord Service(uint id)
    {
        if (!services.TryGetValue(id, out ServiceRecord? service))
        {
            service = ServiceRecord.Find(this, id) ?? throw new LedgerInvariantException($"Service {id} of a device is not in the state.");
            services.Add(id, service);
        }
        return service;
    }

    /// <summary>What the block changed, ascending by key. A key that came and went inside the block is not in it.</summary>
    public LedgerChange[] Changes() =>
    [
        .. changes
            .Where(change => change.Value is not null || parent.TryGet(change.Key.Bytes, out _))
            .OrderBy(change => change.Key)
            .Select(change => ToChange(change.Key, change.Value)),
    ];

    // Not one conditional expression: there a null array would become an empty value instead of none.
    private static LedgerChange ToChange(StateKey key, byte[]? value)
    {
        ReadOnlyMemory<byte>? valueOrNone = null;
        if (value is not null)
            valueOrNone = value;
        return new LedgerChange(key.Bytes.ToArray(), valueOrNone);
    }
}
