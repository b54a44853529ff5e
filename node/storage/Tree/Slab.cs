using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace AppChain.Storage;

/// <summary>
/// Memory for very many blocks of the same few values: large arrays that the garbage collector neither looks into nor moves, and a stack
/// of the blocks that are free. One thread allocates and frees; any thread may read a block that it knows to be in use.
/// </summary>
/// <param name="blockLength">Values of a block.</param>
internal sealed class Slab<T>(int blockLength)
    where T : unmanaged
{
    private const uint BlocksPerChunk = 256;

    // Replaced whole when it grows, so that readers need no lock.
    private volatile T[][] chunks = [];
    private int chunkCount;
    private uint unused;
    private uint[] free = [];
    private int freeCount;

    /// <summary>The values of a block.</summary>
    public Span<T> this[uint slot]
        => chunks[slot / BlocksPerChunk].AsSpan((int)(slot % BlocksPerChunk) * blockLength, blockLength);

    /// <summary>Memory that is allocated, in use or free, in bytes.</summary>
    public unsafe long CapacityBytes => (long)chunkCount * BlocksPerChunk * blockLength * sizeof(T) + ((long)free.Length * sizeof(uint));

    /// <summary>Asks the processor for a block that will be read soon. Most blocks of a large tree are in no cache.</summary>
    public unsafe void Prefetch(uint slot)
    {
        const int CacheLineSize = 64;
        if (!Sse.IsSupported)
            return;
        // The chunks do not move: a pointer into them stays right.
        byte* block = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(this[slot]));
        for (int offset = 0; offset < blockLength * sizeof(T); offset += CacheLineSize)
            Sse.Prefetch0(block + offset);
    }

    public uint Allocate()
    {
        if (freeCount > 0)
            return free[--freeCount];
        if (unused == chunkCount * BlocksPerChunk)
            Grow();
        return unused++;
    }

    public void Free(uint slot)
    {
        if (freeCount == free.Length)
            Array.Resize(ref free, Math.Max(64, freeCount * 2));
        free[freeCount++] = slot;
    }

    private void Grow()
    {
        T[][] grown = chunks;
        if (chunkCount == grown.Length)
            Array.Resize(ref grown, Math.Max(4, chunkCount * 2));
        grown[chunkCount++] = GC.AllocateUninitializedArray<T>((int)BlocksPerChunk * blockLength, pinned: true);
        chunks = grown;
    }
}
