namespace AppChain.Storage;

/// <summary>What benchmarks ask of the database itself.</summary>
public sealed partial class ChainStore
{
    /// <summary>One of RocksDB's own numbers about a column family.</summary>
    internal ulong Property(ColumnFamily family, string name) => database.Property(family, name);

    /// <summary>Writes what a column family has in memory to a file.</summary>
    internal void Flush(ColumnFamily family) => database.Flush(family);

    /// <summary>Merges all files of a column family, so that only its newest versions are on disk.</summary>
    internal void Compact(ColumnFamily family) => database.Compact(family, default, default);
}
