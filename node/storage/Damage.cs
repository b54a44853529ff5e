using AppChain.Storage.Native;

namespace AppChain.Storage;

/// <summary>Says what is damaged: the column family, the key, and what to do. Damaged data is never served.</summary>
internal static class Damage
{
    /// <summary>A record cannot be what was written.</summary>
    /// <param name="path">The data directory.</param>
    /// <param name="what">As in "the record cannot be read".</param>
    public static StorageException Of(string path, ColumnFamily family, ReadOnlySpan<byte> key, string what) => new(
        StorageFault.Corruption,
        $"The data in {path} is damaged: {Place(family, key)}: {what}. {NativeError.RepairAdvice}");

    /// <summary>As in "column family headers, key 0000000000000007".</summary>
    public static string Place(ColumnFamily family, ReadOnlySpan<byte> key)
        => $"column family {ColumnFamilies.Name(family)}, key {(key.IsEmpty ? "unknown" : KeyText(family, key))}";

    /// <summary>Hex; the keys of meta are words.</summary>
    public static string KeyText(ColumnFamily family, ReadOnlySpan<byte> key)
        => family == ColumnFamily.Meta ? System.Text.Encoding.UTF8.GetString(key) : Convert.ToHexStringLower(key);
}
