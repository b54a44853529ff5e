using System.Collections.Immutable;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Client;

/// <summary>A file on disk as storage deals see it: chunks of equal size, the last one shorter, and the root of their hashes. Only hashes are kept in memory.</summary>
public sealed class ChunkedFile
{
    private readonly string path;
    private readonly Hash256[] hashes;

    private ChunkedFile(string path, uint chunkBytes, Hash256[] hashes)
    {
        this.path = path;
        this.hashes = hashes;
        ChunkBytes = chunkBytes;
        Root = MerkleList.Root(hashes);
    }

    /// <summary>Bytes of each chunk but perhaps the last.</summary>
    public uint ChunkBytes { get; }

    /// <summary>How many chunks.</summary>
    public uint Count => (uint)hashes.Length;

    /// <summary>What a deal commits to.</summary>
    public Hash256 Root { get; }

    /// <summary>Reads a file once, and hashes its chunks.</summary>
    /// <param name="chunkBytes">1 to <see cref="LedgerLimits.ChunkBytesMax"/>.</param>
    /// <exception cref="InvalidDataException">The file is empty, or larger than <see cref="ClientLimits.StoredChunksMax"/> chunks.</exception>
    public static ChunkedFile Read(string path, uint chunkBytes)
    {
        ArgumentOutOfRangeException.ThrowIfZero(chunkBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(chunkBytes, (uint)LedgerLimits.ChunkBytesMax);
        using FileStream file = File.OpenRead(path);
        long count = (file.Length + chunkBytes - 1) / chunkBytes;
        if (count is 0 or > ClientLimits.StoredChunksMax)
            throw new InvalidDataException($"{path} has {count} chunks of {chunkBytes} bytes; a deal is about 1 to {ClientLimits.StoredChunksMax}.");
        Hash256[] hashes = new Hash256[count];
        byte[] chunk = new byte[chunkBytes];
        for (int i = 0; i < hashes.Length; i++)
            hashes[i] = Hashing.Sha256(chunk.AsSpan(0, file.ReadAtLeast(chunk, chunk.Length, throwOnEndOfStream: false)));
        return new ChunkedFile(path, chunkBytes, hashes);
    }

    /// <summary>A chunk with its path, read from disk now: if the file was changed since, the path does not fit and the chain refuses it.</summary>
    public ShownChunk Show(uint index)
    {
        using FileStream file = File.OpenRead(path);
        file.Seek((long)index * ChunkBytes, SeekOrigin.Begin);
        byte[] chunk = new byte[ChunkBytes];
        int length = file.ReadAtLeast(chunk, chunk.Length, throwOnEndOfStream: false);
        return new ShownChunk(index, chunk.AsMemory(0, length), [.. MerkleList.Prove(hashes, (int)index)]);
    }

    /// <summary>What a device shows of the present window of a deal: every chunk that is drawn and not shown yet, in as few proofs as hold them.</summary>
    public ImmutableArray<StorageProof> Prove(Hash256 deal, DealRecord record)
    {
        ImmutableArray<uint> drawn = record.Drawn(deal);
        uint[] missing = [.. drawn.Where((_, draw) => (record.Shown >> draw & 1) == 0).Distinct().Order()];
        List<StorageProof> proofs = [];
        List<ShownChunk> together = [];
        int bytes = 0;
        foreach (uint index in missing)
        {
            ShownChunk chunk = Show(index);
            int size = chunk.Chunk.Length + (chunk.Path.Length * (Hash256.Size + 2)) + 16; // with tags and lengths
            if (together.Count > 0 && (bytes + size > ClientLimits.StorageProofBytesMax || together.Count == LedgerLimits.ShownChunksMax))
            {
                proofs.Add(new StorageProof(deal, record.Window, [.. together]));
                (together, bytes) = ([], 0);
            }
            together.Add(chunk);
            bytes += size;
        }
        if (together.Count > 0)
            proofs.Add(new StorageProof(deal, record.Window, [.. together]));
        return [.. proofs];
    }
}
