using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>A state under execution: the parent's, and on top what the block has changed so far, which its reads see.</summary>
internal sealed class LedgerSession(ILedgerState parent) : ILedgerState
{
    // Never enumerated into an output without sorting.
    private readonly Dictionary<StateKey, byte[]?> changes = [];
    private readonly Dictionary<uint, ServiceRecord> services = [];
    private readonly List<Touch> touched = [];
    private readonly List<DeviceMove> moves = [];
    private ParametersRecord? parameters;
    private bool validatorsChanged;
    private Credits spent;

    public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value)
    {
        if (!changes.TryGetValue(StateKey.From(key), out byte[]? changed))
            return parent.TryGet(key, out value);
        value = changed;
        return changed is not null;
    }

    /// <summary>The chain's parameters, decoded once: every transaction asks for some.</summary>
    public ParametersRecord Parameters => parameters ??= ReadParameters();

    public void Put(StateKey key, StateRecord record)
    {
        changes[key] = record.Encode();
        if (record is ParametersRecord changed)
        {
            parameters = changed;
            validatorsChanged = true; // how many seats there are is one of them
        }
    }

    /// <summary>Something changed that the next set of validators depends on.</summary>
    public void OnValidatorsChanged() => validatorsChanged = true;

    /// <summary>Chooses the next set of validators if it may be another one: once per block.</summary>
    public void ChooseValidators()
    {
        if (validatorsChanged)
            ValidatorSets.Choose(this);
        validatorsChanged = false;
    }

    /// <summary>Credits that are gone for good. They are added to the supply's record once, by <see cref="FlushSpent"/>.</summary>
    public void SpendCredits(Credits credits) => spent += credits;

    /// <summary>Writes down what was spent since this was done last.</summary>
    public void FlushSpent()
    {
        if (spent == Credits.Zero)
            return;
        SupplyRecord supply = SupplyRecord.Get(this);
        Put(StateKey.Supply, supply with { CreditsSpent = supply.CreditsSpent + spent });
        spent = Credits.Zero;
    }

    public void PutAccount(Address address, AccountRecord account)
    {
        Put(StateKey.Account(address), account);
        Touch(StateKind.Account, address);
    }

    /// <param name="before">The device as it was; null: it is new.</param>
    public void PutDevice(Address address, DeviceRecord? before, DeviceRecord after)
    {
        Put(StateKey.Device(address), after);
        Touch(StateKind.Device, address);
        if (before is null || before.Owner != after.Owner || before.Service != after.Service)
            moves.Add(new DeviceMove(address, before, after));
    }

    /// <summary>Notes whom the transaction concerns. Putting an account or a device does so by itself.</summary>
    public void Touch(StateKind kind, Address address)
    {
        Touch touch = new(kind, address);
        // A transaction touches a handful: looking through them is cheaper than a set.
        if (!touched.Contains(touch))
            touched.Add(touch);
    }

    public void Delete(StateKey key) => changes[key] = null;

    /// <summary>What was touched since this was asked last: by one transaction, if it is asked after each.</summary>
    public ImmutableArray<Touch> TakeTouched()
    {
        ImmutableArray<Touch> taken = [.. touched];
        touched.Clear();
        return taken;
    }

    /// <summary>Every change of a device's owner or service so far, in order.</summary>
    public ImmutableArray<DeviceMove> Moves() => [.. moves];

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

    private ParametersRecord ReadParameters()
    {
        Invariant.Check(TryGet(StateKey.Parameters.Bytes, out ReadOnlyMemory<byte> value), "The state has no parameters.");
        return ParametersRecord.Decode(value);
    }

    // Not one conditional expression: there a null array would become an empty value instead of none.
    private static LedgerChange ToChange(StateKey key, byte[]? value)
    {
        ReadOnlyMemory<byte>? valueOrNone = null;
        if (value is not null)
            valueOrNone = value;
        return new LedgerChange(key.Bytes.ToArray(), valueOrNone);
    }
}
