using AppChain.Crypto;
using AppChain.Storage.Native;

namespace AppChain.Storage;

/// <summary>Single records, and the state before the last commit.</summary>
public sealed partial class StoreRecords
{
    /// <summary>The final block at a height; null if there is none.</summary>
    public StoredBlock? Block(ulong height)
    {
        byte[] key = ColumnFamilies.Number(height);
        if (height < KeptFrom(RetentionClass.Headers) || database.Get(ColumnFamily.Headers, key) is not { } record)
            return null;
        return Records.TryReadBlock(height, record) ?? throw Damage.Of(path, ColumnFamily.Headers, key, $"the record of block {height} cannot be read");
    }

    /// <summary>The finalization of the block at a height; null if it has none of its own.</summary>
    public ReadOnlyMemory<byte>? Finalization(ulong height)
        => height >= KeptFrom(RetentionClass.Headers) && database.Get(ColumnFamily.Certificates, ColumnFamilies.Number(height)) is { } bytes
            ? bytes.AsMemory()
            : default(ReadOnlyMemory<byte>?);

    /// <summary>The bytes of a batch; null if it is not held.</summary>
    public ReadOnlyMemory<byte>? Batch(in Hash256 id)
        => database.Get(ColumnFamily.Batches, id.Bytes) is { } bytes ? bytes.AsMemory() : default(ReadOnlyMemory<byte>?);

    /// <summary>What became of a block's transactions, in order of execution; none if that is pruned.</summary>
    public IEnumerable<StoredTransaction> Transactions(ulong height)
        => height < KeptFrom(RetentionClass.Receipts)
            ? []
            : database.Enumerate(ColumnFamily.Receipts, ColumnFamilies.Number(height)).SelectMany(ReadRow);

    /// <summary>What became of the transaction at a place; null if there is none, or it is pruned.</summary>
    public StoredTransaction? Transaction(TransactionLocation location)
    {
        byte[] key = ColumnFamilies.ReceiptRow(location.Height, ReceiptRow.FirstOf(location.Index));
        if (location.Height < KeptFrom(RetentionClass.Receipts) || database.Get(ColumnFamily.Receipts, key) is not { } row)
            return null;
        return ReceiptRow.TryDecode(row, location.Index % ReceiptRow.CountMax) is { } executed ? new StoredTransaction(location, executed) : null;
    }

    /// <summary>Computes the root of the state after the tip from its records, as a node does when it starts.</summary>
    public Hash256 ComputeStateRoot()
    {
        using StateSnapshot snapshot = new(database, Meta().Tip.Height);
        return TreeRebuild.From(snapshot, new TreeHistory()).Root;
    }

    /// <summary>A record of the state after the tip; null if there is none of this key.</summary>
    public ReadOnlyMemory<byte>? StateOf(ReadOnlySpan<byte> key)
        => database.Get(ColumnFamily.State, key) is { } value ? value.AsMemory() : default(ReadOnlyMemory<byte>?);

    /// <summary>The block before the last commit and the state after it: the newest whose root a final header in this directory carries. Null
    /// if there was one commit only, or none, or the node did not stop in order after its last.</summary>
    public (ChainTip Tip, IEnumerable<StateEntry> State)? ProvenState()
    {
        if (database.Get(ColumnFamily.Meta, ColumnFamilies.BeforeKey) is not { } record)
            return null;
        if (!StateBefore.TryDecode(record, out ChainTip? tip, out Hash256 after, out Dictionary<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>?> before))
            throw Damage.Of(path, ColumnFamily.Meta, ColumnFamilies.BeforeKey, "what the last commit replaced cannot be read");
        return after == Meta().Tip.HeaderHash ? (tip, Undone(before)) : null;
    }

    /// <summary>What to do about a damaged directory.</summary>
    public static string RepairAdvice => NativeError.RepairAdvice;

    private IEnumerable<StateEntry> Undone(Dictionary<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>?> before)
    {
        foreach (StateEntry entry in State())
        {
            if (!before.ContainsKey(entry.Key))
                yield return entry;
        }
        foreach ((ReadOnlyMemory<byte> key, ReadOnlyMemory<byte>? value) in before)
        {
            if (value is { } present)
                yield return new StateEntry(key, present);
        }
    }

    private ulong KeptFrom(RetentionClass kind) => MetaRecords.ReadRetention(database, path).Of(kind).From;
}
