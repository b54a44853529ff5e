using AppChain.Crypto;
using AppChain.Storage.Native;

namespace AppChain.Storage;

/// <summary>Reads the column family <c>meta</c>, and says what is wrong with it.</summary>
internal static class MetaRecords
{
    /// <summary>Chain id and genesis hash; null in a directory that was never started.</summary>
    /// <exception cref="StorageException">Damaged, or written in another layout.</exception>
    public static (string ChainId, Hash256 Hash)? ReadGenesis(Database database, string path)
    {
        if (database.Get(ColumnFamily.Meta, ColumnFamilies.GenesisKey) is not { } record)
            return null;
        if (!Records.TryReadGenesis(record, out uint format, out Hash256 hash, out string chainId))
            throw Damage.Of(path, ColumnFamily.Meta, ColumnFamilies.GenesisKey, "the genesis record cannot be read");
        if (format != ColumnFamilies.Format)
        {
            throw new StorageException(
                StorageFault.OtherChain,
                $"The data directory {path} has layout {format}; this version of appchain knows layout {ColumnFamilies.Format}. "
                + "Run the version that wrote it, or move the directory away and start again: the node fetches the chain from its peers.");
        }
        return (chainId, hash);
    }

    public static ChainTip ReadTip(Database database, string path)
        => database.Get(ColumnFamily.Meta, ColumnFamilies.TipKey) is { } record && Records.TryReadTip(record, out ChainTip? tip)
            ? tip
            : throw Damage.Of(path, ColumnFamily.Meta, ColumnFamilies.TipKey, "the tip is missing or cannot be read");

    public static RetentionRecord ReadRetention(Database database, string path)
        => database.Get(ColumnFamily.Meta, ColumnFamilies.RetentionKey) is { } record && Records.TryReadRetention(record) is { } retention
            ? retention
            : throw Damage.Of(path, ColumnFamily.Meta, ColumnFamilies.RetentionKey, "what is kept is missing or cannot be read");
}
