using AppChain.Node.Snapshots;
using AppChain.Protos.V1;
using AppChain.Storage;

namespace AppChain.Crash.World;

/// <summary>A snapshot of a chain of its own, in many small chunks, as bytes.</summary>
internal sealed record MadeSnapshot(SnapshotManifest Manifest, byte[] ManifestBytes, byte[] Block, IReadOnlyList<byte[]> Chunks)
{
    private const int Blocks = 40;
    private const int ChunkBytes = 2_048;

    /// <summary>Makes the chain and its snapshot in a directory that may go then.</summary>
    public static MadeSnapshot Make(ChainMaker maker, string directory)
    {
        string data = Path.Combine(directory, "data");
        using (ChainStore store = ChainStore.Open(data, StoreWorkload.Options))
        {
            maker.Initialize(store);
            maker.MakeBlocks(store, Blocks);
        }
        SnapshotFolder folder = new(Path.Combine(directory, "snapshot"));
        using StoreRecords records = StoreRecords.Open(data);
        SnapshotExport.Write(SnapshotSource.LeftBy(records)!, maker.Genesis, folder, CancellationToken.None, ChunkBytes);
        SnapshotManifest manifest = folder.ReadManifest(out byte[] bytes);
        return new MadeSnapshot(manifest, bytes, folder.ReadBlock(), [.. Enumerable.Range(0, manifest.Chunks.Count).Select(folder.ReadChunk)]);
    }
}
