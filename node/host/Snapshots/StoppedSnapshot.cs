using AppChain.Ledger;
using AppChain.Node.Cli;
using AppChain.Node.Replay;
using AppChain.Protos.V1;
using AppChain.Storage;

namespace AppChain.Node.Snapshots;

/// <summary>
/// Makes the snapshot of a stopped node: of the newest state that its chain proves. A node that stopped in order left what its last commit
/// replaced. After a crash that is missing, and the state before is computed once more, from the genesis or the newest snapshot in its home.
/// </summary>
internal static class StoppedSnapshot
{
    /// <summary>Makes it.</summary>
    /// <param name="note">Told what is done where that takes long.</param>
    /// <exception cref="CommandException">It cannot be made, and what to do.</exception>
    public static (SnapshotFolder Folder, SnapshotManifest Manifest) Make(StoreRecords records, Genesis genesis, NodeHome home, Action<string, string> note)
    {
        SnapshotShelf shelf = new(home);
        shelf.RequireRoom();
        ulong tip = records.Meta().Tip.Height;
        if (SnapshotSource.LeftBy(records) is { } left)
            return shelf.Add(folder => SnapshotExport.Write(left, genesis, folder, CancellationToken.None));

        IReadOnlyList<ReplayBase> bases = ReplayBase.All(records, genesis, shelf, note);
        ulong height = NewestProven(records, bases.Count == 0 ? tip : bases[0].Height) ?? throw new CommandException(
            $"the chain is at height {tip}, and no earlier state is kept or can be computed that a later block proves: start the node, and run this again while it runs.");
        note("computing", "the node did not stop in order: the state before its last block is computed once more");
        string scratch = home.DataDirectory + ".replay";
        try
        {
            using ChainStore store = new StateReplay(records, genesis, scratch).Run(bases.Last(found => found.Height <= height), height, note);
            return shelf.Add(folder => SnapshotExport.Write(
                new SnapshotSource(records, store.Tip, tip, store.Finalised.Enumerate(default)), genesis, folder, CancellationToken.None));
        }
        finally
        {
            StateReplay.Delete(scratch);
        }
    }

    /// <summary>The newest height below the tip, from the lowest on, of a block with a finalization of its own.</summary>
    private static ulong? NewestProven(StoreRecords records, ulong lowest)
    {
        for (ulong height = records.Meta().Tip.Height; height-- > Math.Max(1, lowest);)
        {
            if (records.Finalization(height) is not null)
                return height;
        }
        return null;
    }
}
