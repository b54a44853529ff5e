using AppChain.Ledger;
using AppChain.Node.Cli;
using AppChain.Node.Snapshots;
using AppChain.Protos.V1;
using AppChain.Storage;

namespace AppChain.Node.Replay;

/// <summary>A state from which blocks can be executed again: the genesis's, or a snapshot's in the node's home.</summary>
/// <param name="Height">The block after which it is the state.</param>
/// <param name="Snapshot">Null: the genesis.</param>
internal sealed record ReplayBase(ulong Height, SnapshotFolder? Snapshot)
{
    /// <summary>For people.</summary>
    public string Name => Snapshot is null ? "the genesis" : $"the snapshot at height {Height}";

    /// <summary>
    /// All from which a data directory's blocks reach its tip, ascending: each block above the base is kept whole. A snapshot's headers
    /// and finalization are checked here, its chunks when it is used.
    /// </summary>
    /// <param name="note">Told about each snapshot that cannot be used.</param>
    public static IReadOnlyList<ReplayBase> All(StoreRecords records, Genesis genesis, SnapshotShelf shelf, Action<string, string> note)
    {
        StoreMeta meta = records.Meta();
        ulong whole = Math.Max(meta.Retention.Headers.From, meta.Retention.Batches.From);
        List<ReplayBase> bases = whole <= 1 ? [new ReplayBase(0, null)] : [];
        foreach (SnapshotFolder folder in shelf.All())
        {
            try
            {
                SnapshotManifest manifest = folder.ReadManifest(out _);
                if (new SnapshotTrust(genesis, folder.ReadValidators(genesis)).Problem(manifest) is { } problem)
                    note("not used", $"{folder.Path}: {problem}");
                else if (manifest.Height + 1 >= whole && manifest.Height < meta.Tip.Height)
                    bases.Add(new ReplayBase(manifest.Height, folder));
            }
            catch (CommandException damaged)
            {
                note("not used", damaged.Message);
            }
        }
        return [.. bases.OrderBy(found => found.Height)];
    }
}
