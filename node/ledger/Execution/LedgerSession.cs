using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>A state under execution: the parent's, and on top what the block has changed so far, which its reads see.</summary>
internal sealed partial class LedgerSession(ILedgerState parent) : ILedgerState
{
    // What was read or changed, decoded: a transaction asks for the same few records many times. Encoded once, at the block's end.
    // Never enumerated into an output without sorting.
    private readonly Dictionary<StateKey, Entry> entries = [];
    private readonly List<Touch> touched = [];
    private readonly List<DeviceMove> moves = [];
    private readonly List<Statement> statements = [];
    private readonly List<ServedWork> served = [];
    private readonly List<DueReceipt> dueReceipts = [];
    private ParametersRecord? parameters;
    private bool validatorsChanged;
    private Credits spent;

    public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value)
    {
        if (!entries.TryGetValue(StateKey.From(key), out Entry entry) || !entry.Changed)
            return parent.TryGet(key, out value);
        value = entry.Record?.Encode();
        return entry.Record is not null;
    }

    /// <summary>The record of a key, decoded once however often it is asked for; null: there is none.</summary>
    public T? Find<T>(in StateKey key, Func<ReadOnlyMemory<byte>, T> decode)
        where T : StateRecord
    {
        return Lane is { } lane ? FindInShadow(lane, key, decode) : FindHere(key, decode);
    }

    private T? FindHere<T>(in StateKey key, Func<ReadOnlyMemory<byte>, T> decode)
        where T : StateRecord
    {
        ref Entry entry = ref CollectionsMarshal.GetValueRefOrAddDefault(entries, key, out bool known);
        if (!known && parent.TryGet(key.Bytes, out ReadOnlyMemory<byte> value))
            entry = new Entry(decode(value), Changed: false);
        return (T?)entry.Record;
    }

    /// <summary>The chain's parameters, decoded once: every transaction asks for some.</summary>
    public ParametersRecord Parameters => parameters ??= ParametersRecord.Read(this);

    public void Put(StateKey key, StateRecord record)
    {
        if (Lane is { } lane)
        {
            PutInShadow(lane, key, record);
            return;
        }
        entries[key] = new Entry(record, Changed: true);
        if (record is ParametersRecord changed)
        {
            parameters = changed;
            validatorsChanged = true; // how many seats there are is one of them
        }
    }

    /// <summary>Something changed that the next set of validators depends on.</summary>
    public void OnValidatorsChanged() => validatorsChanged |= Lane is null;

    /// <summary>Chooses the next set of validators if it may be another one: once per block.</summary>
    public void ChooseValidators()
    {
        if (validatorsChanged)
            ValidatorSets.Choose(this);
        validatorsChanged = false;
    }

    /// <summary>Credits that are gone for good. They are added to the supply's record once, by <see cref="FlushSpent"/>.</summary>
    public void SpendCredits(Credits credits) => spent += Lane is null ? credits : Credits.Zero;

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
        if (Lane is not null)
            return; // what a candidate does to a device is forgotten
        if (before is null || before.Owner != after.Owner || !StandsAtTheSame(before, after) || !ServesTheSame(before, after))
        {
            moves.Add(new DeviceMove(address, before, after));
            CoverageCells.OnMove(this, before, after);
        }
    }

    /// <summary>Notes whom the transaction concerns. Putting an account or a device does so by itself.</summary>
    public void Touch(StateKind kind, Address address)
    {
        Touch touch = new(kind, address);
        // A transaction touches a handful: looking through them is cheaper than a set.
        if (Lane is null && !touched.Contains(touch))
            touched.Add(touch);
    }

    public void Delete(StateKey key)
    {
        if (Lane is { } lane)
            PutInShadow(lane, key, record: null);
        else
            entries[key] = new Entry(null, Changed: true);
    }

    /// <summary>What was touched since this was asked last: by one transaction, if it is asked after each.</summary>
    public ImmutableArray<Touch> TakeTouched()
    {
        ImmutableArray<Touch> taken = [.. touched];
        touched.Clear();
        return taken;
    }

    /// <summary>Something was settled: it goes into the next receipt.</summary>
    public void Add(Statement statement)
    {
        if (Lane is null)
            statements.Add(statement);
    }

    /// <summary>A device's work was paid for: it goes into the next receipt.</summary>
    public void Add(in ServedWork work)
    {
        if (Lane is null)
            served.Add(work);
    }

    /// <summary>A receipt, with what was settled and paid for since the last one.</summary>
    public Receipt MakeReceipt(Hash256 id, Reason reason, Verdict? verdict = null)
    {
        if (statements.Count == 0 && served.Count == 0)
            return WithShadow(new Receipt(id, reason, verdict));
        Receipt receipt = new(id, reason, verdict) { Statements = [.. statements], Served = [.. served] };
        statements.Clear();
        served.Clear();
        return WithShadow(receipt);
    }

    /// <summary>Makes the receipt of something that the block does by itself, with what was touched and settled since the last one.</summary>
    public void AddDueReceipt(Hash256 id, Verdict? verdict) =>
        dueReceipts.Add(new DueReceipt(MakeReceipt(id, Reason.None, verdict), TakeTouched()));

    /// <summary>An item of due work is done: if it settled something that no receipt holds yet, it gets one of its own.</summary>
    public void EndDueItem(Hash256 id)
    {
        if (statements.Count > 0 || served.Count > 0)
            AddDueReceipt(id, verdict: null);
        else
            touched.Clear(); // what it touched otherwise is no transaction's
    }

    /// <summary>The receipts of the block's own doings, in order.</summary>
    public IReadOnlyList<DueReceipt> DueReceipts => dueReceipts;

    /// <summary>Every change of a device's owner, place or services so far, in order.</summary>
    public ImmutableArray<DeviceMove> Moves() => [.. moves];

    /// <summary>The service of a device that works for it.</summary>
    public ServiceRecord Service(uint id) => Lane is { } lane && lane.Service.Id == id
        ? lane.Service
        : ServiceRecord.Find(this, id) ?? throw new LedgerInvariantException($"Service {id} of a device is not in the state.");

    /// <summary>What the block changed, ascending by key. A key that came and went inside the block is not in it.</summary>
    public LedgerChange[] Changes()
    {
        List<StateKey> keys = new(entries.Count);
        foreach ((StateKey key, Entry entry) in entries)
        {
            if (entry.Changed && (entry.Record is not null || parent.TryGet(key.Bytes, out _)))
                keys.Add(key);
        }
        keys.Sort();
        LedgerChange[] changes = new LedgerChange[keys.Count];
        for (int i = 0; i < changes.Length; i++)
            changes[i] = ToChange(keys[i], entries[keys[i]].Record);
        return changes;
    }

    // Not one conditional expression: a null array would become an empty value, where none is meant.
    private static LedgerChange ToChange(StateKey key, StateRecord? record)
    {
        ReadOnlyMemory<byte>? valueOrNone = null;
        if (record is not null)
            valueOrNone = record.Encode();
        return new LedgerChange(key.Bytes.ToArray(), valueOrNone);
    }

    private static bool StandsAtTheSame(DeviceRecord before, DeviceRecord after) =>
        before.LatitudeE7 == after.LatitudeE7 && before.LongitudeE7 == after.LongitudeE7;

    private static bool ServesTheSame(DeviceRecord before, DeviceRecord after)
    {
        if (before.Enrollments.Length != after.Enrollments.Length)
            return false;
        for (int i = 0; i < before.Enrollments.Length; i++)
        {
            if (before.Enrollments[i].Service != after.Enrollments[i].Service)
                return false;
        }
        return true;
    }

    /// <summary>The receipt of something that the block does by itself.</summary>
    /// <param name="Touched">Whom it concerns.</param>
    internal readonly record struct DueReceipt(Receipt Receipt, ImmutableArray<Touch> Touched);

    /// <param name="Record">Null: there is none.</param>
    /// <param name="Changed">By this block; false: as the parent has it.</param>
    private readonly record struct Entry(StateRecord? Record, bool Changed);
}
