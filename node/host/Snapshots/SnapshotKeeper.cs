using AppChain.Consensus;
using AppChain.Node.Cli;
using AppChain.Node.Rpc;
using AppChain.Storage;
using Microsoft.Extensions.Logging;

namespace AppChain.Node.Snapshots;

/// <summary>
/// Makes a snapshot of the state after the last block of every so many epochs, and drops the older ones that it made. All nodes take the same
/// blocks, so that a node far behind gets the chunks of one state from several; and an epoch's last block is always final by itself.
/// </summary>
/// <param name="everyEpochs">How many; 0: none are made.</param>
internal sealed class SnapshotKeeper(ChainReader reader, LiveSnapshots live, SnapshotShelf shelf, HeightSignal heights, uint everyEpochs)
{
    /// <summary>How many of those that were made here stay.</summary>
    public const int Kept = 2;

    public required ILogger Log { get; init; }

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        // Of a block below the tip: the next header proves its state.
        for (ulong proven = reader.Tip.Height; ; proven++)
        {
            await heights.WaitForAsync(proven + 1, cancellation);
            // Of older ones the state is not held any more: a node that catches up makes none on the way.
            proven = Math.Max(proven, reader.Tip.Height - Math.Min(reader.Tip.Height, (ulong)new StoreOptions().RetainedViews));
            if (everyEpochs > 0 && reader.FindHeader(proven) is { EndsEpoch: true } boundary && IsDue(boundary))
                await MakeAsync(proven, cancellation);
        }
    }

    // Also if blocks above the newest one are gone: who started from it could not follow.
    private bool IsDue(Header boundary)
    {
        ulong oldest = Math.Max(reader.OldestKept(RetentionClass.Headers), reader.OldestKept(RetentionClass.Batches));
        return (boundary.Epoch.Value + 1) % everyEpochs == 0 || oldest > shelf.NewestHeight() + 1;
    }

    private async Task MakeAsync(ulong height, CancellationToken cancellation)
    {
        try
        {
            if (await live.TryCreateAsync(height, cancellation) is not var (folder, manifest))
                return; // one is being made on demand
            folder.MarkAutomatic();
            SnapshotLog.Made(Log, manifest.Height, manifest.Chunks.Count);
            shelf.DropAutomatic(Kept);
        }
        catch (Exception e) when (e is CommandException or IOException or StorageException { Fault: StorageFault.DiskFull })
        {
            // The chain goes on without it; who is behind finds another one's.
            SnapshotLog.NotMade(Log, height, e.Message);
        }
    }
}
