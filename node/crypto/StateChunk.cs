using System.Buffers.Binary;

namespace AppChain.Crypto;

/// <summary>Why a chunk is not accepted.</summary>
public enum ChunkCheck
{
    /// <summary>It is exactly the content of its subtree.</summary>
    Valid,

    /// <summary>It is longer than <see cref="StateChunk.BytesMax"/>.</summary>
    TooLong,

    /// <summary>Its bytes are no chunk: cut short, a length that does not fit, or bytes too many.</summary>
    Malformed,

    /// <summary>A record lies outside the subtree, comes twice, or is out of order.</summary>
    MisplacedRecord,

    /// <summary>Its records and path do not hash to the state root: a record was changed, left out or added.</summary>
    WrongRoot,
}

/// <summary>
/// All records of one subtree of the state, with the path that ties them to the state root: what snapshots and state sync are made of.
/// Anybody who knows a finalised root can check one, whoever it comes from, with this room alone.
/// <para>
/// Encoding: <c>path ‖ (keyLength:2 ‖ key ‖ valueLength:4 ‖ value) × n</c>, records in strictly ascending order of H(key), to the end of
/// the bytes. There is one encoding for a root and a prefix, so that honest peers send the same bytes.
/// </para>
/// </summary>
public static class StateChunk
{
    /// <summary>Longest chunk, in bytes: the longest record, the longest path, and some more.</summary>
    public const int BytesMax = 2 << 20;

    /// <summary>Longest key, in bytes.</summary>
    public const int KeyBytesMax = 256;

    /// <summary>Longest value, in bytes.</summary>
    public const int ValueBytesMax = 1 << 20;

    internal const int RecordOverhead = 6;

    /// <summary>The bytes of a chunk.</summary>
    public static byte[] Encode(RangePath path, ReadOnlySpan<ChunkRecord> records)
    {
        int length = path.EncodedLength;
        foreach (ref readonly ChunkRecord record in records)
            length = checked(length + record.EncodedLength);
        byte[] bytes = new byte[length];
        path.Write(bytes);
        Span<byte> rest = bytes.AsSpan(path.EncodedLength);
        foreach (ref readonly ChunkRecord record in records)
        {
            BinaryPrimitives.WriteUInt16BigEndian(rest, checked((ushort)record.Key.Length));
            record.Key.Span.CopyTo(rest[2..]);
            rest = rest[(2 + record.Key.Length)..];
            BinaryPrimitives.WriteInt32BigEndian(rest, record.Value.Length);
            record.Value.Span.CopyTo(rest[4..]);
            rest = rest[(4 + record.Value.Length)..];
        }
        return bytes;
    }

    /// <summary>
    /// Checks a chunk against a state root. Every byte of an accepted chunk has been checked; nothing is allocated on the word of a length
    /// in it.
    /// </summary>
    /// <param name="records">What it holds, as slices of <paramref name="chunk"/>; empty unless it is valid.</param>
    public static ChunkCheck Verify(in Hash256 root, in KeyPrefix prefix, ReadOnlyMemory<byte> chunk, out IReadOnlyList<ChunkRecord> records)
    {
        records = [];
        if (chunk.Length > BytesMax)
            return ChunkCheck.TooLong;
        if (!RangePath.TryRead(chunk.Span, out RangePath? path))
            return ChunkCheck.Malformed;

        List<ChunkRecord> read = [];
        for (ReadOnlyMemory<byte> rest = chunk[path.EncodedLength..]; !rest.IsEmpty;)
        {
            if (!TryTake(ref rest, lengthSize: 2, KeyBytesMax, out ReadOnlyMemory<byte> key) || key.IsEmpty
                || !TryTake(ref rest, lengthSize: 4, ValueBytesMax, out ReadOnlyMemory<byte> value))
            {
                return ChunkCheck.Malformed;
            }
            ChunkRecord record = ChunkRecord.Of(key, value);
            if (!prefix.Contains(record.KeyHash) || (read.Count > 0 && read[^1].KeyHash.CompareTo(record.KeyHash) >= 0))
                return ChunkCheck.MisplacedRecord;
            read.Add(record);
        }
        if (!path.Verify(root, prefix, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(read)))
            return ChunkCheck.WrongRoot;
        records = read;
        return ChunkCheck.Valid;
    }

    private static bool TryTake(ref ReadOnlyMemory<byte> rest, int lengthSize, int lengthMax, out ReadOnlyMemory<byte> taken)
    {
        taken = default;
        if (rest.Length < lengthSize)
            return false;
        uint length = lengthSize == 2 ? BinaryPrimitives.ReadUInt16BigEndian(rest.Span) : BinaryPrimitives.ReadUInt32BigEndian(rest.Span);
        if (length > lengthMax || length > rest.Length - lengthSize)
            return false;
        taken = rest.Slice(lengthSize, (int)length);
        rest = rest[(lengthSize + (int)length)..];
        return true;
    }
}
