using AppChain.Node.Cli;
using AppChain.Node.Snapshots;
using AppChain.Storage;
using Grpc.Core;

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

    [Fact]
    public async Task Snapshots_AsManyByHandAsAHomeKeeps_AreRefusedUntilOneIsRemoved()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync();
        await network.MakeBlocksAsync(2);
        SnapshotShelf shelf = new(network.Home(0));
        for (ulong height = 1; height <= SnapshotLimits.ByHandMax + 2; height++)
        {
            shelf.At(1_000_000 + height).Write(new AppChain.Protos.V1.SnapshotManifest { Height = height });
            if (height > SnapshotLimits.ByHandMax)
                shelf.At(1_000_000 + height).MarkAutomatic(); // these are not counted
        }
        await using AppChain.Client.NodeClient client = network.Connect(0);

        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => client.CreateSnapshotAsync(TestContext.Current.CancellationToken));
        Assert.Equal(StatusCode.FailedPrecondition, refused.StatusCode);
        Assert.Contains("`appchain snapshot remove 1000001 --home", refused.Status.Detail, StringComparison.Ordinal);
        await network.StopAsync(0);
        Assert.Equal(1, await SnapshotCommand.Create().Parse(["create", "--home", network.Home(0).Path]).InvokeAsync(cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(0, await SnapshotCommand.Create().Parse(["remove", "1000001", "--home", network.Home(0).Path]).InvokeAsync(cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(0, await SnapshotCommand.Create().Parse(["create", "--home", network.Home(0).Path]).InvokeAsync(cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(SnapshotLimits.ByHandMax + 2, shelf.All().Count);
        Assert.Throws<CommandException>(() => shelf.Remove(1_000_001));
    }
}
