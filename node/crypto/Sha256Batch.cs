using System.Buffers;

namespace AppChain.Crypto;

/// <summary>
/// SHA-256 of many messages: eight at once where the processor can, one by one where it cannot. The digests are the same either way. The
/// framework's one-shot hash has a fixed cost of several blocks, which short messages pay and these lanes do not.
/// </summary>
public static class Sha256Batch
{
    // Above this many blocks the fixed cost of the one-shot hash is spread thin.
    private const int BlocksMax = 16;

    /// <summary>The digest of each message.</summary>
    /// <param name="messages">The messages, one after the other.</param>
    /// <param name="ends">Where each message ends; it begins where the one before ends.</param>
    /// <exception cref="ArgumentException">There is less room for digests than messages, or an end is outside the messages.</exception>
    public static void Hash(ReadOnlySpan<byte> messages, ReadOnlySpan<int> ends, Span<Hash256> digests)
    {
        if (digests.Length < ends.Length)
            throw new ArgumentException($"{ends.Length} messages need as many digests, not {digests.Length}.", nameof(digests));
        if (!Sha256Lanes.IsSupported)
        {
            HashPortably(messages, ends, digests);
            return;
        }
        // Lanes run in step, so that messages of as many blocks go together: one row of eight waits for each number of blocks.
        using Rows rows = new();
        for (int i = 0, begin = 0; i < ends.Length; begin = ends[i++])
        {
            ReadOnlySpan<byte> message = messages[begin..ends[i]];
            int blocks = Sha256Lanes.BlocksOf(message.Length);
            if (blocks > BlocksMax)
                digests[i] = Hashing.Sha256(message);
            else
                rows.Add(message, i, blocks, digests);
        }
        rows.Flush(digests);
    }

    /// <summary>The same as <see cref="Hash"/>, one message after the other.</summary>
    internal static void HashPortably(ReadOnlySpan<byte> messages, ReadOnlySpan<int> ends, Span<Hash256> digests)
    {
        for (int i = 0, begin = 0; i < ends.Length; begin = ends[i++])
            digests[i] = Hashing.Sha256(messages[begin..ends[i]]);
    }

    private ref struct Rows
    {
        private readonly byte[] buffer;
        private readonly int[] indices;
        private BlockCounts used;

        public Rows()
        {
            buffer = ArrayPool<byte>.Shared.Rent(OffsetOf(BlocksMax + 1));
            indices = ArrayPool<int>.Shared.Rent((BlocksMax + 1) * Sha256Lanes.Count);
        }

        public void Add(ReadOnlySpan<byte> message, int index, int blocks, Span<Hash256> digests)
        {
            int lane = used[blocks]++, length = blocks * Sha256Lanes.BlockSize;
            Span<byte> padded = buffer.AsSpan(OffsetOf(blocks) + (lane * length), length);
            message.CopyTo(padded);
            Sha256Lanes.Pad(padded, message.Length);
            indices[(blocks * Sha256Lanes.Count) + lane] = index;
            if (used[blocks] == Sha256Lanes.Count)
                Hash(blocks, digests);
        }

        public void Flush(Span<Hash256> digests)
        {
            for (int blocks = 1; blocks <= BlocksMax; blocks++)
            {
                if (used[blocks] > 0)
                    Hash(blocks, digests);
            }
        }

        public readonly void Dispose()
        {
            ArrayPool<byte>.Shared.Return(buffer);
            ArrayPool<int>.Shared.Return(indices);
        }

        // Rows of 1, 2, 3 … blocks stand one after the other.
        private static int OffsetOf(int blocks) => blocks * (blocks - 1) / 2 * Sha256Lanes.BlockSize * Sha256Lanes.Count;

        private void Hash(int blocks, Span<Hash256> digests)
        {
            Span<Hash256> row = stackalloc Hash256[Sha256Lanes.Count];
            Sha256Lanes.Hash(buffer.AsSpan(OffsetOf(blocks)), blocks, row);
            for (int lane = 0; lane < used[blocks]; lane++)
                digests[indices[(blocks * Sha256Lanes.Count) + lane]] = row[lane];
            used[blocks] = 0;
        }
    }

    [System.Runtime.CompilerServices.InlineArray(BlocksMax + 1)]
    private struct BlockCounts
    {
        private int first;
    }
}
