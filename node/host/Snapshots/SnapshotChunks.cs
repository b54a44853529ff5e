using System.IO.Compression;
using AppChain.Crypto;
using AppChain.Protos.V1;

namespace AppChain.Node.Snapshots;

/// <summary>Chunks as they travel: compressed. Checking one is a pure function of manifest, index and bytes, whoever they came from.</summary>
public static class SnapshotChunks
{
    // Half of a record is keys and hashes, which nothing makes smaller: more effort than the least finds little more.
    private const int Quality = 1;
    private const int WindowBits = 18;

    /// <summary>Compresses a chunk.</summary>
    public static byte[] Pack(ReadOnlySpan<byte> chunk)
    {
        byte[] packed = new byte[BrotliEncoder.GetMaxCompressedLength(chunk.Length)];
        return BrotliEncoder.TryCompress(chunk, packed, out int written, Quality, WindowBits)
            ? packed[..written]
            : throw new InvalidOperationException("a buffer of the greatest length was too short");
    }

    /// <summary>Decompresses a chunk and checks it against the manifest's state root. Returns what is wrong with it, or null.</summary>
    /// <param name="manifest">One that <see cref="SnapshotTrust.Problem"/> found nothing wrong with.</param>
    /// <param name="prefix">The chunk's, from <see cref="SnapshotTrust.Prefixes"/>.</param>
    public static string? Problem(
        SnapshotManifest manifest, int index, KeyPrefix prefix, ReadOnlySpan<byte> packed, out IReadOnlyList<ChunkRecord> records)
    {
        records = [];
        SnapshotChunk expected = manifest.Chunks[index];
        // The length was judged with the manifest: it is at most StateChunk.BytesMax.
        byte[] chunk = new byte[expected.Bytes];
        if (packed.Length != expected.PackedBytes || !BrotliDecoder.TryDecompress(packed, chunk, out int written) || written != chunk.Length)
            return "it is damaged: it does not decompress to the length that the manifest gives";
        if (!Hashing.Sha256(chunk).Bytes.SequenceEqual(expected.Digest.Span))
            return "it is damaged: its digest is not the one in the manifest";
        ChunkCheck check = StateChunk.Verify(new Hash256(manifest.StateRoot.Span), prefix, chunk, out records);
        return check switch
        {
            ChunkCheck.Valid => null,
            ChunkCheck.WrongRoot => "it lies: its records do not hash to the finalised state root",
            ChunkCheck.MisplacedRecord => "it lies: a record in it belongs to another chunk, or comes twice",
            _ => "it lies: its bytes are no chunk",
        };
    }
}
