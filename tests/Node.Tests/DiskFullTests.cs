using AppChain.Ledger;
using AppChain.Node;
using AppChain.Node.Cli;
using AppChain.Node.Snapshots;
using AppChain.Node.Verify;
using AppChain.Protos.V1;
using AppChain.Storage;

namespace Node.Tests;

/// <summary>What each says whose disk is full, and that it goes on with nothing lost when there is space again.</summary>
public sealed class DiskFullTests
{
    private const long Reserve = 256L << 20;
    private const long Little = 8L << 10;

    [Fact]
    public async Task Validator_WhoseDiskIsFull_StopsAndGoesOnWhenThereIsSpace()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync();
        ulong before = (await network.WaitForHeightAsync(3, 2)).Height;
        await network.StopAsync(3);
        using SmallDisk disk = new(network.Home(3).DataDirectory);
        await network.StartAsync(3);

        disk.Leave(Reserve - 1);
        StorageException full = await network.WaitForFullDiskAsync(3);
        Assert.Equal(StorageFault.DiskFull, full.Fault);
        Assert.Contains("free space or move the directory to a larger disk, then start again", Refusal.Explain(full), StringComparison.Ordinal);
        await network.MakeBlocksAsync(2);
        ulong others = (await network.WaitForHeightAsync(0, before + 2)).Height;

        disk.Free();
        await network.StartAsync(3);
        Assert.True((await network.WaitForHeightAsync(3, others)).Height >= others);
        await network.StopAsync(3);
        AssertSound(network.Genesis, disk.Path);
    }

    [Fact]
    public async Task Snapshot_MadeOrImportedOnAFullDisk_SaysSoAndGoesOnWhenThereIsSpace()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync();
        await network.RegisterDeviceAsync();
        await network.MakeBlocksAsync(3);
        await network.WaitForHeightAsync(3, 4);
        await network.StopAsync(3);
        NodeHome home = network.Home(3);
        using SmallDisk disk = new(Path.Combine(home.Path, "disk"));
        SnapshotFolder folder = new(Path.Combine(disk.Path, "snapshot"));

        disk.Leave(Little);
        IOException full = Assert.Throws<IOException>(() => Export(network.Genesis, home, folder));
        Assert.Contains("The disk is full: free space", Refusal.Explain(full), StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.Path)); // it does not keep the space that is missing
        disk.Free();
        SnapshotManifest manifest = Export(network.Genesis, home, folder);
        AssertSound(network.Genesis, home.DataDirectory);

        string target = Path.Combine(disk.Path, "data");
        disk.Leave(Reserve - 1);
        StorageException refused = Assert.Throws<StorageException>(() => Import(network.Genesis, target, folder));
        Assert.Equal(StorageFault.DiskFull, refused.Fault);
        Assert.False(Directory.Exists(target));
        disk.Free();
        // It fills up while a chunk is under way: what is in is in.
        refused = Assert.Throws<StorageException>(() => Import(network.Genesis, target, folder, () => disk.Leave(Reserve - 1)));
        Assert.Contains("then start again", Refusal.Explain(refused), StringComparison.Ordinal);
        disk.Free();
        Assert.Equal(manifest.Height, Import(network.Genesis, target, folder).Height);
        AssertSound(network.Genesis, target);
    }

    private static SnapshotManifest Export(Genesis genesis, NodeHome home, SnapshotFolder folder)
    {
        using StoreRecords records = StoreRecords.Open(home.DataDirectory);
        return SnapshotExport.Write(SnapshotSource.LeftBy(records)!, genesis, folder, CancellationToken.None);
    }

    private static ChainTip Import(Genesis genesis, string target, SnapshotFolder folder, Action? onFetch = null)
    {
        SnapshotManifest manifest = folder.ReadManifest(out byte[] bytes);
        byte[] Fetch(int index)
        {
            onFetch?.Invoke();
            return folder.ReadChunk(index);
        }
        return new SnapshotImport(genesis, target).Run(manifest, bytes, folder.ReadBlock(), Fetch, static (_, _) => { });
    }

    private static void AssertSound(Genesis genesis, string data)
    {
        List<string> problems = [];
        using StoreRecords records = StoreRecords.Open(data);
        ChainVerification.Run(records, genesis, new VerifyReport((label, text) => problems.AddRange(label == "problem" ? [text] : [])));
        Assert.Empty(problems);
    }
}
