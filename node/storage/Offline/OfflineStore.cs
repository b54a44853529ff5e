using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using AppChain.Crypto;
using AppChain.Storage.Native;

namespace AppChain.Storage;

/// <summary>A row of a column family as it is stored.</summary>
public readonly record struct StoredRow(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value);

/// <summary>
/// A data directory that no node runs on, opened to look at it. Nothing in it is changed, nothing is believed: unlike
/// <see cref="ChainStore.Open"/> it does not demand that the state has the tip's root, so that damage can be looked at.
/// </summary>
public sealed class OfflineStore : IDisposable
{
    private readonly Database database;
    private readonly string path;

    private OfflineStore(string path, Database database, (string ChainId, Hash256 Hash) genesis, ChainTip tip, ChainStore blocks)
    {
        (this.path, this.database, Tip, Blocks) = (path, database, tip, blocks);
        (ChainId, GenesisHash) = genesis;
    }

    /// <summary>The chain's name.</summary>
    public string ChainId { get; }

    /// <summary>The genesis hash.</summary>
    public Hash256 GenesisHash { get; }

    /// <summary>The last final block, as the directory claims.</summary>
    public ChainTip Tip { get; }

    /// <summary>Blocks, certificates, receipts, indexes and the journal, for reading. It has no tip and no state view of its own.</summary>
    public ChainStore Blocks { get; }

    /// <summary>Names of the column families.</summary>
    public static IReadOnlyList<string> Families => ColumnFamilies.Names;

    /// <summary>Opens a data directory to read.</summary>
    /// <exception cref="StorageException">A node holds it, it is none, or it cannot be opened.</exception>
    public static OfflineStore Open(string path)
    {
        StoreOptions options = new();
        string fullPath = Path.GetFullPath(path);
        Database database = Database.OpenReadOnly(fullPath, options);
        try
        {
            ChainStore blocks = new(fullPath, database, options);
            (string, Hash256) genesis = blocks.ReadGenesis()
                ?? throw new StorageException(StorageFault.NotFound, $"{fullPath} holds no chain yet: a node has never been started on it.");
            if (database.Get(ColumnFamily.Meta, ColumnFamilies.TipKey) is not { } record || !Records.TryReadTip(record, out ChainTip? tip))
            {
                throw new StorageException(
                    StorageFault.Corruption, $"The data in {fullPath} is damaged: column family meta, key \"tip\" is missing or unreadable. {NativeError.RepairAdvice}");
            }
            return new OfflineStore(fullPath, database, genesis, tip, blocks);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>The flat state after the tip.</summary>
    public IEnumerable<StateEntry> EnumerateState() => database.Enumerate(ColumnFamily.State, default);

    /// <summary>A record of the state after the tip.</summary>
    public bool TryGetState(ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value)
    {
        byte[]? stored = database.Get(ColumnFamily.State, key);
        value = stored;
        return stored is not null;
    }

    /// <summary>The rows of a column family whose key starts with the prefix.</summary>
    public IEnumerable<StoredRow> EnumerateRows(string family, ReadOnlyMemory<byte> prefix)
        => database.Enumerate((ColumnFamily)Array.IndexOf(ColumnFamilies.Names, family), prefix).Select(entry => new StoredRow(entry.Key, entry.Value));

    /// <summary>The heights whose blocks are held, ascending.</summary>
    public IEnumerable<ulong> Heights() => database.Enumerate(ColumnFamily.Headers, default)
        .Select(row => row.Key.Length == 8 ? BinaryPrimitives.ReadUInt64BigEndian(row.Key.Span) : throw Damaged("headers", row.Key, "is no height"));

    /// <summary>Heights to which this directory can be taken back, newest first.</summary>
    public IEnumerable<ulong> RollbackHeights()
    {
        for (ulong height = Tip.Height; database.Get(ColumnFamily.Undo, ColumnFamilies.Number(height)) is { } record;)
        {
            if (!UndoLog.TryDecode(record, out ulong from, out _))
                throw Damaged("undo", ColumnFamilies.Number(height), "is unreadable");
            yield return height = from;
        }
    }

    /// <summary>
    /// The state before the last commit: the newest whose root a finalised header in this directory carries.
    /// </summary>
    /// <returns>False if the undo record of the tip is not held.</returns>
    public bool TryGetProvenState([NotNullWhen(true)] out ChainTip? tip, out IEnumerable<StateEntry> state)
    {
        (tip, state) = (null, []);
        byte[] height = ColumnFamilies.Number(Tip.Height);
        if (database.Get(ColumnFamily.Undo, height) is not { } record)
            return false;
        if (!UndoLog.TryDecode(record, out _, out List<UndoLog.Entry> entries))
            throw Damaged("undo", height, "is unreadable");
        UndoLog.Entry before = entries.Find(static entry => entry.Family == ColumnFamily.Meta && entry.Key.Span.SequenceEqual(ColumnFamilies.TipKey));
        if (before.Value is not { } tipRecord || !Records.TryReadTip(tipRecord.Span, out tip))
            throw Damaged("undo", height, "has no tip");
        state = Undone(entries);
        return true;
    }

    public void Dispose() => Blocks.Dispose();

    private IEnumerable<StateEntry> Undone(List<UndoLog.Entry> entries)
    {
        Dictionary<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>?> before = new(ByteOrder.Instance);
        foreach (UndoLog.Entry entry in entries.Where(static entry => entry.Family == ColumnFamily.State))
            before[entry.Key] = entry.Value;
        foreach (StateEntry entry in EnumerateState())
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

    private StorageException Damaged(string family, ReadOnlyMemory<byte> key, string what) => new(
        StorageFault.Corruption,
        $"The data in {path} is damaged: column family {family}, key {Convert.ToHexStringLower(key.Span)} {what}. {NativeError.RepairAdvice}");
}
