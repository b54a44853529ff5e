using System.Buffers.Binary;
using System.Numerics;

namespace AppChain.Storage.Native;

/// <summary>
/// The file <c>synced</c>: a sequence number up to which the write-ahead log is known to be on disk. RocksDB cannot tell a torn tail from
/// a log that lost its acknowledged end; with this lower bound we can. It is written after each synced write and never synced itself: an
/// older mark is a weaker check, never a wrong one. Layout: <c>sequence:8 ‖ crc32c:4</c>, within one disk sector.
/// </summary>
internal sealed class DurableMark : IDisposable
{
    private const int Size = 12;

    private readonly Lock gate = new();
    private readonly FileStream file;
    private ulong sequence;

    private DurableMark(FileStream file, ulong sequence)
    {
        this.file = file;
        this.sequence = sequence;
    }

    /// <summary>The mark.</summary>
    public ulong Sequence
    {
        get
        {
            lock (gate)
                return sequence;
        }
    }

    /// <exception cref="StorageException">The file is damaged.</exception>
    public static DurableMark Open(string directory) => Open(directory, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);

    /// <summary>
    /// Opens the mark to read only. It is held exclusively: that fails while a node runs on the directory, and keeps one from starting.
    /// </summary>
    /// <exception cref="IOException">A node holds the directory, or the file is missing.</exception>
    /// <exception cref="StorageException">The file is damaged.</exception>
    public static DurableMark OpenReadOnly(string directory) => Open(directory, FileMode.Open, FileAccess.Read, FileShare.None);

    private static DurableMark Open(string directory, FileMode mode, FileAccess access, FileShare share)
    {
        FileStream file = new(Path.Combine(directory, "synced"), mode, access, share, bufferSize: 0);
        try
        {
            return new DurableMark(file, Read(file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Raises the mark; a lower one than before changes nothing.</summary>
    public void Raise(ulong value)
    {
        Span<byte> bytes = stackalloc byte[Size];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[8..], Checksum(value));
        lock (gate)
        {
            if (value <= sequence)
                return;
            RandomAccess.Write(file.SafeFileHandle, bytes, fileOffset: 0);
            sequence = value;
        }
    }

    public void Dispose() => file.Dispose();

    private static ulong Read(FileStream file)
    {
        Span<byte> bytes = stackalloc byte[Size];
        int length = file.ReadAtLeast(bytes, Size, throwOnEndOfStream: false);
        if (length == 0)
            return 0;
        ulong sequence = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        if (file.Length == Size && BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]) == Checksum(sequence))
            return sequence;
        throw new StorageException(
            StorageFault.Corruption,
            $"The file {file.Name} is damaged, so that it cannot be checked whether the write-ahead log is complete. Check the disk. "
            + "To start without this check, delete that file; the state itself is still checked against its root.");
    }

    private static uint Checksum(ulong value) => ~BitOperations.Crc32C(uint.MaxValue, value);
}
