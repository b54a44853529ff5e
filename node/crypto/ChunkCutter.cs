namespace AppChain.Crypto;

/// <summary>
/// Cuts a state into chunks: subtrees, from left to right, each as large as a target allows. Where many keys share a prefix (anyone can make
/// keys that do) the cut goes deeper, so that no chunk grows beyond the target unless it is a single record.
/// <para>
/// The state may be larger than memory: the caller knows what the 256 subtrees at depth 8 come to and hands over their records one
/// after the other.
/// </para>
/// </summary>
public sealed class ChunkCutter
{
    /// <summary>Depth of the subtrees that are loaded one by one.</summary>
    public const int BucketDepth = 8;

    /// <summary>Number of buckets; a key's is the first byte of its hash.</summary>
    public const int Buckets = 1 << BucketDepth;

    private readonly int targetBytes;
    private readonly Func<int, ChunkRecord[]> load;

    // Subtrees above the buckets: 1 is the root, the children of n are 2n and 2n + 1, the buckets come last.
    private readonly Subtree[] subtrees = new Subtree[2 * Buckets];
    private readonly long[] bytes = new long[2 * Buckets];

    /// <param name="buckets">What each bucket comes to, and how many bytes its records take.</param>
    /// <param name="load">Gives the records of a bucket, sorted by key hash. Called once per bucket, in order.</param>
    /// <param name="targetBytes">Bytes of records in one chunk, at most; a single record may be longer.</param>
    public ChunkCutter(IReadOnlyList<(Subtree Subtree, long Bytes)> buckets, Func<int, ChunkRecord[]> load, int targetBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(buckets.Count, Buckets);
        (this.load, this.targetBytes) = (load, targetBytes);
        for (int i = 0; i < Buckets; i++)
            (subtrees[Buckets + i], bytes[Buckets + i]) = buckets[i];
        for (int i = Buckets - 1; i > 0; i--)
        {
            subtrees[i] = Subtree.Join(subtrees[2 * i], subtrees[(2 * i) + 1]);
            bytes[i] = bytes[2 * i] + bytes[(2 * i) + 1];
        }
    }

    /// <summary>The state's root.</summary>
    public Hash256 Root => subtrees[1].Hash;

    /// <summary>The chunks that cover the state, from left to right.</summary>
    public IEnumerable<(KeyPrefix Prefix, byte[] Chunk)> Cut() => CutTop(KeyPrefix.Root, node: 1, []);

    private IEnumerable<(KeyPrefix Prefix, byte[] Chunk)> CutTop(KeyPrefix prefix, int node, Hash256[] siblings)
    {
        if (IsSmall(bytes[node], subtrees[node].Keys))
        {
            yield return (prefix, Chunk(siblings, Records(prefix, node)));
            yield break;
        }
        IEnumerable<(KeyPrefix, byte[])> chunks = prefix.Length == BucketDepth
            ? CutBucket(prefix, siblings, load(node - Buckets))
            : CutTop(prefix.Child(right: false), 2 * node, [.. siblings, subtrees[(2 * node) + 1].Hash])
                .Concat(CutTop(prefix.Child(right: true), (2 * node) + 1, [.. siblings, subtrees[2 * node].Hash]));
        foreach ((KeyPrefix, byte[]) chunk in chunks)
            yield return chunk;
    }

    private IEnumerable<(KeyPrefix Prefix, byte[] Chunk)> CutBucket(KeyPrefix prefix, Hash256[] siblings, ReadOnlyMemory<ChunkRecord> records)
    {
        if (IsSmall(BytesOf(records.Span), records.Length))
        {
            yield return (prefix, Chunk(siblings, records));
            yield break;
        }
        int middle = SortedRecords.FirstRight(records.Span, prefix.Length);
        (ReadOnlyMemory<ChunkRecord> left, ReadOnlyMemory<ChunkRecord> right) = (records[..middle], records[middle..]);
        Hash256 leftHash = SortedRecords.Subtree(left.Span, prefix.Length + 1).Hash;
        Hash256 rightHash = SortedRecords.Subtree(right.Span, prefix.Length + 1).Hash;
        foreach ((KeyPrefix, byte[]) chunk in CutBucket(prefix.Child(right: false), [.. siblings, rightHash], left)
            .Concat(CutBucket(prefix.Child(right: true), [.. siblings, leftHash], right)))
        {
            yield return chunk;
        }
    }

    private bool IsSmall(long recordBytes, int keys) => keys < 2 || recordBytes <= targetBytes;

    // The cut splits only subtrees of several keys, so that each of its chunks is a node, a leaf or an empty slot of the tree, and its
    // path is as long as its prefix.
    private static byte[] Chunk(Hash256[] siblings, ReadOnlyMemory<ChunkRecord> records)
        => StateChunk.Encode(new RangePath(siblings, other: null), records.Span);

    private ChunkRecord[] Records(KeyPrefix prefix, int node)
    {
        int width = BucketDepth - prefix.Length;
        int first = (node << width) - Buckets;
        List<ChunkRecord> records = [];
        for (int bucket = first; bucket < first + (1 << width); bucket++)
            records.AddRange(load(bucket));
        return [.. records];
    }

    private static long BytesOf(ReadOnlySpan<ChunkRecord> records)
    {
        long total = 0;
        foreach (ref readonly ChunkRecord record in records)
            total += record.EncodedLength;
        return total;
    }
}
