namespace AppChain.Crypto;

/// <summary>A key and its value in a chunk of the state, with their hashes.</summary>
public readonly record struct ChunkRecord(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value, Hash256 KeyHash, Hash256 ValueHash)
{
    /// <summary>Hashes a key and its value.</summary>
    public static ChunkRecord Of(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value)
        => new(key, value, Hashing.Sha256(key.Span), Hashing.Sha256(value.Span));

    /// <summary>Bytes that the record takes in a chunk.</summary>
    public int EncodedLength => StateChunk.RecordOverhead + Key.Length + Value.Length;
}

/// <summary>Records in strictly ascending order of key hash, and the subtrees that they make.</summary>
public static class SortedRecords
{
    /// <summary>What these records come to as the whole content of a subtree.</summary>
    /// <param name="records">Sorted, all under one prefix of <paramref name="depth"/> bits.</param>
    public static Subtree Subtree(ReadOnlySpan<ChunkRecord> records, int depth)
    {
        if (records.IsEmpty)
            return Crypto.Subtree.Empty;
        if (records.Length == 1)
            return Crypto.Subtree.Leaf(records[0].KeyHash, records[0].ValueHash);
        int middle = FirstRight(records, depth);
        return Crypto.Subtree.Join(Subtree(records[..middle], depth + 1), Subtree(records[middle..], depth + 1));
    }

    /// <summary>How many of the records turn left at this depth: those that turn right are a suffix.</summary>
    public static int FirstRight(ReadOnlySpan<ChunkRecord> records, int depth)
    {
        int low = 0, high = records.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (TreeHash.GoesRight(records[middle].KeyHash, depth))
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }
}
