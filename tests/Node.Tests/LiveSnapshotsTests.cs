using AppChain.Node.Cli;
using AppChain.Node.Snapshots;
using AppChain.Storage;

namespace Node.Tests;

public sealed class LiveSnapshotsTests
{
    [Fact]
    public async Task Snapshots_OneUnderWay_RefusesASecondAndEndsWithTheNode()
    {
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        LiveSnapshots snapshots = new((_, stop) =>
        {
            begun.SetResult();
            stop.WaitHandle.WaitOne();
            throw new OperationCanceledException(stop);
        });
        var first = snapshots.TryCreateAsync(height: null, TestContext.Current.CancellationToken);
        await begun.Task.WaitAsync(Bounds.Start, TestContext.Current.CancellationToken);
        Assert.Null(await snapshots.TryCreateAsync(height: null, TestContext.Current.CancellationToken));

        await snapshots.DisposeAsync().AsTask().WaitAsync(Bounds.Start, TestContext.Current.CancellationToken);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
    }

    [Fact]
    public async Task Snapshot_OfANodeThatHasJustStarted_IsRefusedUntilTheNextBlock()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync();
        await network.WaitForHeightAsync(3, 2);
        await network.StopAsync(3);
        using ChainStore store = ChainStore.Open(network.Home(3).DataDirectory, new StoreOptions());
        SnapshotShelf shelf = new(network.Home(3));
        CommandException refused = Assert.Throws<CommandException>(() => SnapshotExport.OfRunning(store, network.Genesis, shelf, height: null, CancellationToken.None));
        Assert.Contains("after the next block", refused.Message, StringComparison.Ordinal);
        Assert.Empty(shelf.All());
    }
}
