using AppChain.Crypto;
using AppChain.Storage.Native;

namespace AppChain.Storage;

/// <summary>
/// Takes a data directory back to an earlier height, commit by commit, each in one atomic, synced write: a rollback that is cut short
/// leaves a whole directory at a height between, and goes on when it is started again. The journal is not taken back.
/// </summary>
public static class StoreRollback
{
    /// <summary>Takes the directory back.</summary>
    /// <param name="height">One of <see cref="OfflineStore.RollbackHeights"/>, or the tip's.</param>
    /// <param name="onStep">Told the tip after each commit that was taken back.</param>
    /// <exception cref="StorageException">A node holds the directory, the height cannot be reached, or the disk failed.</exception>
    public static void Run(string path, ulong height, Action<ChainTip> onStep)
    {
        StoreOptions options = new();
        string fullPath = Path.GetFullPath(path);
        using Database database = Database.Open(fullPath, options, mustExist: true);
        ChainTip tip = ReadTip(database, fullPath);
        while (tip.Height > height)
        {
            byte[] key = ColumnFamilies.Number(tip.Height);
            if (database.Get(ColumnFamily.Undo, key) is not { } record)
            {
                throw new StorageException(
                    StorageFault.NotKept, $"{fullPath} cannot be taken back below height {tip.Height}: what the block replaced is not kept any more.");
            }
            if (!UndoLog.TryDecode(record, out ulong from, out List<UndoLog.Entry> entries))
            {
                throw new StorageException(
                    StorageFault.Corruption, $"The data in {fullPath} is damaged: column family undo, key {Convert.ToHexStringLower(key)} is unreadable. {NativeError.RepairAdvice}");
            }
            if (from < height)
            {
                throw new StorageException(
                    StorageFault.NotKept,
                    $"{fullPath} cannot be taken back to height {height}, which was made final together with block {tip.Height}: choose {from} or {tip.Height}.");
            }
            Undo(database, key, entries);
            tip = ReadTip(database, fullPath);
            onStep(tip);
        }
    }

    private static void Undo(Database database, byte[] key, List<UndoLog.Entry> entries)
    {
        using WriteBatch batch = database.NewBatch();
        foreach (UndoLog.Entry entry in entries)
        {
            if (entry.Value is { } value)
                batch.Put(entry.Family, entry.Key.Span, value.Span);
            else
                batch.Delete(entry.Family, entry.Key.Span);
        }
        batch.Delete(ColumnFamily.Undo, key);
        database.Write(batch, sync: true);
    }

    private static ChainTip ReadTip(Database database, string path)
        => database.Get(ColumnFamily.Meta, ColumnFamilies.TipKey) is { } record && Records.TryReadTip(record, out ChainTip? tip)
            ? tip
            : throw new StorageException(StorageFault.NotFound, $"{path} holds no chain: there is nothing to take back.");
}
