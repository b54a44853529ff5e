using System.Buffers;
using System.Buffers.Binary;
using AppChain.Crypto;

namespace AppChain.Storage;

/// <summary>
/// Sorts a state that need not fit memory by key hash: into one scratch file per first byte of the hash, each small enough to
/// load and sort alone. The flat state is in order of key, chunks are in order of key hash.
/// </summary>
public sealed class StateSpill : IDisposable
{
    private const int BufferBytes = 64 << 10;

    private readonly string directory;
    private readonly FileStream[] files = new FileStream[ChunkCutter.Buckets];

    // Ours, and not the streams': on a full disk nothing more is written when they are closed.
    private readonly ArrayBufferWriter<byte>[] buffers = [.. Enumerable.Range(0, ChunkCutter.Buckets).Select(static _ => new ArrayBufferWriter<byte>(BufferBytes))];

    /// <param name="directory">For scratch files; it is made, and deleted on disposal.</param>
    public StateSpill(string directory)
    {
        this.directory = Directory.CreateDirectory(directory).FullName;
        for (int i = 0; i < files.Length; i++)
            files[i] = new FileStream(Path.Combine(directory, $"{i:x2}"), FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
    }

    /// <summary>Records added.</summary>
    public long Count { get; private set; }

    /// <summary>Bytes of their keys and values.</summary>
    public long Bytes { get; private set; }

    /// <summary>Takes one record.</summary>
    public void Add(in StateEntry entry)
    {
        int bucket = Hashing.Sha256(entry.Key.Span).Bytes[0];
        ArrayBufferWriter<byte> buffer = buffers[bucket];
        Span<byte> lengths = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(lengths, entry.Key.Length);
        BinaryPrimitives.WriteInt32LittleEndian(lengths[4..], entry.Value.Length);
        buffer.Write(lengths);
        buffer.Write(entry.Key.Span);
        buffer.Write(entry.Value.Span);
        if (buffer.WrittenCount >= BufferBytes)
            Flush(bucket);
        Count++;
        Bytes += entry.Key.Length + entry.Value.Length;
    }

    /// <summary>The chunks of all that was added. Reads every bucket twice: the hashes of the others come first.</summary>
    public ChunkCutter ToChunks(int targetBytes)
    {
        List<(Subtree, long)> buckets = new(ChunkCutter.Buckets);
        for (int bucket = 0; bucket < ChunkCutter.Buckets; bucket++)
        {
            ChunkRecord[] records = Load(bucket);
            buckets.Add((SortedRecords.Subtree(records, ChunkCutter.BucketDepth), records.Sum(static record => (long)record.EncodedLength)));
        }
        return new ChunkCutter(buckets, Load, targetBytes);
    }

    public void Dispose()
    {
        foreach (FileStream file in files)
            file.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    private void Flush(int bucket)
    {
        files[bucket].Write(buffers[bucket].WrittenSpan);
        buffers[bucket].ResetWrittenCount();
    }

    private ChunkRecord[] Load(int bucket)
    {
        Flush(bucket);
        FileStream file = files[bucket];
        file.Position = 0;
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        List<ChunkRecord> records = [];
        for (int at = 0; at < bytes.Length;)
        {
            int keyLength = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));
            int valueLength = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at + 4));
            records.Add(ChunkRecord.Of(bytes.AsMemory(at + 8, keyLength), bytes.AsMemory(at + 8 + keyLength, valueLength)));
            at += 8 + keyLength + valueLength;
        }
        ChunkRecord[] sorted = [.. records];
        Array.Sort(sorted, static (x, y) => x.KeyHash.CompareTo(y.KeyHash));
        return sorted;
    }
}
