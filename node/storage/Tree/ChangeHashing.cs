using System.Buffers;
using AppChain.Crypto;

namespace AppChain.Storage;

/// <summary>Hashes keys and values, many at once.</summary>
internal static class ChangeHashing
{
    private const int ChangesPerPart = 512;

    /// <summary>The tree changes of changes of the state, in order of key hash.</summary>
    public static TreeChange[] Hash(StateChange[] changes)
    {
        TreeChange[] hashed = new TreeChange[changes.Length];
        int parts = (changes.Length + ChangesPerPart - 1) / ChangesPerPart;
        if (parts > 1)
            Parallel.For(0, parts, part => HashPart(changes, hashed, part * ChangesPerPart));
        else if (parts == 1)
            HashPart(changes, hashed, 0);
        return TreeChange.Sorted(hashed);
    }

    private static void HashPart(StateChange[] changes, TreeChange[] hashed, int begin)
    {
        ReadOnlySpan<StateChange> part = changes.AsSpan(begin, Math.Min(ChangesPerPart, changes.Length - begin));
        int bytes = 0;
        foreach (ref readonly StateChange change in part)
            bytes += change.Key.Length + (change.Value?.Length ?? 0);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(bytes);
        int[] ends = new int[2 * part.Length];
        Hash256[] digests = new Hash256[ends.Length];
        for (int i = 0, end = 0; i < part.Length; i++)
        {
            part[i].Key.Span.CopyTo(buffer.AsSpan(end));
            ends[2 * i] = end += part[i].Key.Length;
            ReadOnlyMemory<byte> value = part[i].Value.GetValueOrDefault();
            value.Span.CopyTo(buffer.AsSpan(end));
            ends[(2 * i) + 1] = end += value.Length;
        }
        Sha256Batch.Hash(buffer.AsSpan(0, bytes), ends, digests);
        ArrayPool<byte>.Shared.Return(buffer);
        for (int i = 0; i < part.Length; i++)
        {
            hashed[begin + i] = part[i].Value.HasValue
                ? TreeChange.Put(digests[2 * i], digests[(2 * i) + 1])
                : TreeChange.Delete(digests[2 * i]);
        }
    }
}
