using AppChain.Protos.V1;

namespace AppChain.Node.Snapshots;

/// <summary>Makes snapshots of a node that runs, one at a time. Disposed before the store is closed.</summary>
/// <param name="make">Makes one, on the calling thread; see <see cref="SnapshotExport.OfRunning"/>.</param>
internal sealed class LiveSnapshots(Func<ulong?, CancellationToken, (SnapshotFolder Folder, SnapshotManifest Manifest)> make) : IAsyncDisposable
{
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly CancellationTokenSource stop = new();

    /// <summary>Makes one; null if one is being made already.</summary>
    /// <exception cref="Cli.CommandException">It cannot be made, and what to do.</exception>
    /// <param name="height">Only of this height; null: of the newest.</param>
    public async Task<(SnapshotFolder Folder, SnapshotManifest Manifest)?> TryCreateAsync(ulong? height, CancellationToken cancellation)
    {
        if (!await gate.WaitAsync(0, cancellation))
            return null;
        try
        {
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, stop.Token);
            // Away from the threads that serve calls: it takes up to a minute for a million devices.
            return await Task.Factory.StartNew(() => make(height, either.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Ends what is under way and waits for its end.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await gate.WaitAsync();
        stop.Dispose();
        gate.Dispose();
    }
}
