using System.Security.Cryptography;

namespace AppChain.Storage.Tests;

/// <summary>
/// The tree's definition (README of the storage room), written apart from it: from scratch, over bits as text, without sharing.
/// </summary>
internal static class NaiveTree
{
    public static byte[] Root(IEnumerable<KeyValuePair<string, byte[]>> entries)
        => RootOfHashes(entries.Select(static entry => (Hash(Convert.FromHexString(entry.Key)), Hash(entry.Value))));

    /// <summary>Root over given key and value hashes.</summary>
    public static byte[] RootOfHashes(IEnumerable<(byte[] KeyHash, byte[] ValueHash)> leaves)
        => Root([.. leaves.Select(leaf => (Bits(leaf.KeyHash), leaf.KeyHash, leaf.ValueHash))], "");

    private static byte[] Root(List<(string Path, byte[] KeyHash, byte[] ValueHash)> leaves, string prefix)
    {
        if (leaves.Count == 0)
            return new byte[32];
        if (leaves.Count == 1)
            return Hash([0, .. leaves[0].KeyHash, .. leaves[0].ValueHash]);
        byte[] left = Root([.. leaves.Where(leaf => leaf.Path.StartsWith(prefix + "0", StringComparison.Ordinal))], prefix + "0");
        byte[] right = Root([.. leaves.Where(leaf => leaf.Path.StartsWith(prefix + "1", StringComparison.Ordinal))], prefix + "1");
        return Hash([1, .. left, .. right]);
    }

    private static string Bits(byte[] hash) => string.Concat(hash.Select(static value => Convert.ToString(value, 2).PadLeft(8, '0')));

    private static byte[] Hash(byte[] bytes) => SHA256.HashData(bytes);
}
