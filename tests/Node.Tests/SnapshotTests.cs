using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node;
using AppChain.Node.Cli;
using AppChain.Node.Snapshots;
using AppChain.Node.Verify;
using AppChain.Protos.V1;
using AppChain.Storage;

namespace Node.Tests;

public sealed class SnapshotTests
{
    [Fact]
    public async Task Snapshot_OfAStoppedValidator_StartsAnotherThatFollows()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync();
        await network.RegisterDeviceAsync();
        await network.MakeBlocksAsync(3);
        await network.WaitForHeightAsync(3, 4);
        await network.StopAsync(3);
        NodeHome home = network.Home(3);
        (SnapshotFolder folder, SnapshotManifest manifest) = Make(network, home, home.DataDirectory);
        folder.ReadManifest(out byte[] bytes);
        byte[] block = folder.ReadBlock();
        Directory.Delete(home.DataDirectory, recursive: true);

        // A chunk with one bit changed is refused by name, and so is one whose digest the manifest confirms.
        byte[] damaged = folder.ReadChunk(0);
        damaged[^1] ^= 1;
        CommandException refused = Assert.Throws<CommandException>(() => Import(network, home, manifest, bytes, block, _ => damaged));
        Assert.Contains("chunk 0", refused.Message, StringComparison.Ordinal);
        SnapshotManifest lying = manifest.Clone();
        lying.StateRoot = Google.Protobuf.ByteString.CopyFrom(new byte[32]);
        Assert.Contains("state root", Assert.Throws<CommandException>(() => Import(network, home, lying, bytes, block, folder.ReadChunk)).Message, StringComparison.Ordinal);
        lying = manifest.Clone();
        byte[] forged = lying.Finalization.ToByteArray();
        forged[^1] ^= 1;
        lying.Finalization = Google.Protobuf.ByteString.CopyFrom(forged);
        Assert.Contains("finalization", Assert.Throws<CommandException>(() => Import(network, home, lying, bytes, block, folder.ReadChunk)).Message, StringComparison.Ordinal);
        Assert.Contains("\"block\"", Assert.Throws<CommandException>(() => Import(network, home, manifest, bytes, [.. block, 0], folder.ReadChunk)).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(home.DataDirectory));

        ChainTip tip = Import(network, home, manifest, bytes, block, folder.ReadChunk);
        Assert.Equal((manifest.Height, new Hash256(manifest.StateRoot.Span)), (tip.Height, tip.StateRoot));
        // Everything else that a node needs came along or was made from the state: indexes too.
        List<string> found = [];
        VerifyReport report = new((label, text) => found.Add($"{label} {text}"));
        using (StoreRecords records = StoreRecords.Open(home.DataDirectory))
        {
            ChainVerification.Run(records, network.Genesis, report);
            // One device: by its owner, its service, and the cells of three levels.
            Assert.Equal(5, records.Index().Count(entry => entry is IndexRecord.OfMember));
        }
        Assert.True(report.Problems == 0, string.Join('\n', found));
        Assert.Contains(found, line => line.Contains($"from height {tip.Height} to {tip.Height}; older", StringComparison.Ordinal));
        await network.StartAsync(3);
        Status status = await network.WaitForHeightAsync(3, tip.Height + 3);
        Assert.True(status.Height >= tip.Height + 3);
    }

    [Fact]
    public async Task Snapshot_OfARunningValidator_StartsAnotherThatFollows()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync();
        await network.RegisterDeviceAsync();
        await network.MakeBlocksAsync(3);
        NodeHome running = network.Home(2), home = network.Home(3);
        Status before = await network.WaitForHeightAsync(2, 4);
        int exitCode = await SnapshotCommand.Create().Parse(["create", "--home", running.Path]).InvokeAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(0, exitCode);
        // It goes on, and does not hold the snapshot open.
        await network.WaitForHeightAsync(2, before.Height + 2);

        SnapshotFolder folder = Assert.Single(new SnapshotShelf(running).All());
        SnapshotManifest manifest = folder.ReadManifest(out byte[] bytes);
        Assert.True(manifest.Height + 1 >= before.Height, $"{manifest.Height} is far below {before.Height}");
        await network.StopAsync(3);
        Directory.Delete(home.DataDirectory, recursive: true);
        ChainTip tip = Import(network, home, manifest, bytes, folder.ReadBlock(), folder.ReadChunk);
        Assert.Equal((manifest.Height, manifest.TransactionCount), (tip.Height, tip.TransactionCount));
        await network.StartAsync(3);
        await network.WaitForHeightAsync(3, tip.Height + 3);
    }

    /// <summary>Without what an orderly stop leaves: the state is computed once more, from the genesis, and then from that snapshot.</summary>
    [Fact]
    public async Task Snapshot_OfACrashedValidator_IsTheSameAsAfterAnOrderlyStop()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync();
        await network.RegisterDeviceAsync();
        await network.MakeBlocksAsync(3);
        await network.WaitForHeightAsync(3, 4);
        NodeHome home = network.Home(3);
        string stopped = await network.CrashAsync(3);
        (SnapshotFolder folder, SnapshotManifest orderly) = Make(network, home, stopped);
        string snapshots = new SnapshotShelf(home).Path;
        Directory.Delete(snapshots, recursive: true);

        (_, SnapshotManifest computed) = Make(network, home, home.DataDirectory, "computing", "the genesis: ");
        Assert.Equal(orderly, computed);
        (folder, computed) = Make(network, home, home.DataDirectory, "computing", $"the snapshot at height {computed.Height}");
        Assert.Equal(orderly, computed);
        Assert.Equal([folder.Path], Directory.GetDirectories(snapshots));
        Assert.Equal([home.DataDirectory], Directory.GetDirectories(home.Path, "data*"));

        // Where the blocks do not reach the genesis and there is no snapshot to begin with, only the node itself can make one.
        Directory.Delete(home.DataDirectory, recursive: true);
        folder.ReadManifest(out byte[] bytes);
        Import(network, home, computed, bytes, folder.ReadBlock(), folder.ReadChunk);
        Directory.Delete(snapshots, recursive: true);
        Assert.Contains("while it runs", Assert.Throws<CommandException>(() => Make(network, home, home.DataDirectory)).Message, StringComparison.Ordinal);
    }

    private static (SnapshotFolder Folder, SnapshotManifest Manifest) Make(LocalNetwork network, NodeHome home, string data, params string[] said)
    {
        List<string> notes = [];
        using StoreRecords records = StoreRecords.Open(data);
        (SnapshotFolder, SnapshotManifest) made = StoppedSnapshot.Make(records, network.Genesis, home, (label, text) => notes.Add($"{label} {text}"));
        Assert.Equal(said.Length, notes.Count);
        Assert.All(said.Zip(notes), pair => Assert.Contains(pair.First, pair.Second, StringComparison.Ordinal));
        return made;
    }

    private static ChainTip Import(
        LocalNetwork network, NodeHome home, SnapshotManifest manifest, byte[] bytes, byte[] block, Func<int, byte[]> fetch)
        => new SnapshotImport(network.Genesis, home.DataDirectory).Run(manifest, bytes, block, fetch, static (_, _) => { });
}
