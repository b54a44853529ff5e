using AppChain.Client;
using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node;
using AppChain.Node.Peers;
using AppChain.Node.Snapshots;
using AppChain.Node.Sync;
using AppChain.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Node.Tests.Signer;
using Status = AppChain.Protos.V1.Status;

namespace Node.Tests;

/// <summary>Real nodes that take the state from others, because they are far behind or have nothing.</summary>
public sealed class StateSyncTests
{
    private const int Wiped = 3;
    private const ulong Length = EpochTests.Length;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Validator_WipedCleanWithItsRecordLost_ComesBackByStateAndVotesOnlyAboveWhatItMayHaveSigned()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync(EpochTests.Genesis(), TakesStatesSoon);
        await network.MakeBlocksAsync((2 * (int)Length) + 3);
        await network.StopAsync(Wiped);
        await using VoteTap tap = await VoteTap.PutAsync(network, Wiped, standsFor: 0);
        Wipe(network.Home(Wiped), "data", "signer", "snapshots");
        Status before = await network.WaitForHeightAsync(0, 2 * Length);

        await network.StartAsync(Wiped);
        await network.WaitForHeightAsync(Wiped, before.Height);
        await network.MakeBlocksAsync(3 * (int)Length);
        await tap.WaitForAsync(seen => seen.Cast.Any(static vote => vote.Kind == VoteKind.Finalize));

        Assert.True(network.StatesArrivedAt(Wiped) > 0, "it came back by blocks");
        // What it says about views that it may have voted in is what others showed it of its own votes, inside certificates about the chain's blocks.
        HashSet<string> chain = await BlockHashesAsync(network);
        Assert.All(tap.Cast, vote => Assert.True(
            (vote.Epoch.Value, vote.View.Value).CompareTo((before.ConsensusEpoch, before.View)) > 0 || chain.Contains(vote.HeaderHash.ToString()),
            $"{vote.Kind} in view {vote.View.Value} of epoch {vote.Epoch.Value}, when the others were in view {before.View} of epoch {before.ConsensusEpoch}"));
        // With another one gone, the chain needs the one that came back.
        await network.StopAsync(1);
        Status last = await network.WaitForHeightAsync(2, 1);
        await network.WaitForHeightAsync(2, last.Height + 2);
        AssertVerifies(network, await StoppedAsync(network, Wiped));
    }

    [Fact]
    public async Task Node_FarBehindAfterTheValidatorsChanged_FollowsTheChangesFromTheGenesis()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync(EpochTests.Genesis(), TakesStatesSoon);
        await network.WaitForHeightAsync(Wiped, 2);
        await network.StopAsync(Wiped);
        for (int change = 0; change < 2; change++)
        {
            await ChangePowerAsync(network);
            await network.MakeBlocksAsync((int)Length);
        }
        Status others = await network.WaitForHeightAsync(0, (2 * Length) + 1);

        await network.StartAsync(Wiped);
        await network.WaitForHeightAsync(Wiped, others.Height);
        Assert.True(network.StatesArrivedAt(Wiped) > 0, "it caught up by blocks");
        NodeHome home = await StoppedAsync(network, Wiped);
        AssertVerifies(network, home);
        // It has what proves the changes, though it has never seen those blocks: it can give a state to others.
        using StoreRecords records = StoreRecords.Open(home.DataDirectory);
        Assert.True(records.Meta().Retention.Headers.From > Length, "the blocks of the first change are here");
        Assert.Equal(2, records.ValidatorChanges().Count());
    }

    [Fact]
    public async Task Download_FromALiarAndFromPeersThatHaveHalf_GoesOnWhereItStoppedAndLeavesTheLiarOut()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync(EpochTests.Genesis(), MakesNoSnapshots);
        for (int i = 0; i < 3; i++)
            await network.RegisterDeviceAsync();
        await network.WaitForHeightAsync(Wiped, 4);
        SnapshotFolder made = await OfferAsync(network, chunkBytes: 512);
        SnapshotFolder[] offered = [.. Enumerable.Range(0, 3).Select(peer => new SnapshotFolder(network.Home(peer).SnapshotsDirectory + "/" + Path.GetFileName(made.Path)))];
        int chunks = made.ReadManifest(out _).Chunks.Count;
        Assert.True(chunks > 8, $"the state has {chunks} chunks only");
        // The first has half of them, the second has all, the third has all and each is changed in one bit.
        for (int chunk = 0; chunk < chunks; chunk++)
        {
            if (chunk >= chunks / 2)
                File.Delete(Path.Combine(offered[0].Path, SnapshotFolder.ChunkName(chunk)));
            string damaged = Path.Combine(offered[2].Path, SnapshotFolder.ChunkName(chunk));
            byte[] bytes = File.ReadAllBytes(damaged);
            bytes[bytes.Length / 2] ^= 1; // not the last byte: its unused bits mean nothing to the decompressor
            File.WriteAllBytes(damaged, bytes);
        }
        await using PeerNetwork links = Links(network);
        SnapshotPeer[] peers = [.. (await Task.WhenAll(links.Links.Select(link => SnapshotPeer.AskAsync(link, TimeProvider.System, Stop)))).OfType<SnapshotPeer>()];
        OfferedState state = OfferedState.Of(made.ReadManifest(out _));
        Assert.All(peers, peer => Assert.Contains(state, peer.Offers));
        SnapshotFolder folder = new(network.Home(Wiped).IncomingDirectory);

        // The liar and one honest peer: what the honest one gives is kept, and nothing of the liar's.
        SnapshotDownload first = new(network.Genesis, folder, state, TimeProvider.System, NullLogger.Instance);
        Assert.False(await first.RunAsync([peers[2], peers[0]], Stop));
        Assert.Equal([2], first.Liars.Distinct());
        int[] kept = [.. Enumerable.Range(0, chunks).Where(folder.HasChunk)];
        Assert.NotEmpty(kept);
        Assert.All(kept, chunk => Assert.Equal(File.ReadAllBytes(Path.Combine(made.Path, SnapshotFolder.ChunkName(chunk))), folder.ReadChunk(chunk)));
        Assert.False(folder.Exists);

        // Started again, with a peer that lacks what is here already.
        foreach (int chunk in kept)
            File.Delete(Path.Combine(offered[1].Path, SnapshotFolder.ChunkName(chunk)));
        SnapshotDownload second = new(network.Genesis, folder, state, TimeProvider.System, NullLogger.Instance);
        Assert.True(await second.RunAsync([peers[1]], Stop));
        Assert.Empty(second.Liars);
        SnapshotImport import = new(network.Genesis, network.Home(Wiped).NextDataDirectory, folder.ReadValidators(network.Genesis));
        ChainTip tip = import.Run(folder.ReadManifest(out byte[] manifest), manifest, folder.ReadBlock(), folder.ReadChunk, static (_, _) => { });
        Assert.Equal((state.Height, state.StateRoot), (tip.Height, tip.StateRoot));
    }

    [Fact]
    public async Task Manifest_WithAForgedFinalizationOrChange_IsRefusedBeforeAnyChunk()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync(EpochTests.Genesis(), MakesNoSnapshots);
        await ChangePowerAsync(network);
        await network.MakeBlocksAsync((int)Length);
        await network.WaitForHeightAsync(Wiped, Length + 2);
        SnapshotFolder made = await OfferAsync(network, chunkBytes: 512);
        string[] offered = [.. Enumerable.Range(0, 2).Select(peer => Path.Combine(network.Home(peer).SnapshotsDirectory, Path.GetFileName(made.Path)))];
        AppChain.Protos.V1.SnapshotManifest lying = made.ReadManifest(out _);
        lying.Finalization = Flipped(lying.Finalization);
        new SnapshotFolder(offered[0]).Write(lying);
        string changesFile = Path.Combine(offered[1], "validators");
        AppChain.Protos.V1.ValidatorChanges changes = AppChain.Protos.V1.ValidatorChanges.Parser.ParseFrom(File.ReadAllBytes(changesFile));
        changes.Changes[0].Finalization = Flipped(changes.Changes[0].Finalization);
        new SnapshotFolder(offered[1]).WriteValidators(Google.Protobuf.MessageExtensions.ToByteArray(changes));
        await using PeerNetwork links = Links(network);
        SnapshotPeer[] peers = [.. (await Task.WhenAll(links.Links.Select(link => SnapshotPeer.AskAsync(link, TimeProvider.System, Stop)))).OfType<SnapshotPeer>()];
        SnapshotFolder folder = new(network.Home(Wiped).IncomingDirectory);

        SnapshotDownload download = new(network.Genesis, folder, OfferedState.Of(made.ReadManifest(out _)), TimeProvider.System, NullLogger.Instance);
        Assert.False(await download.RunAsync([.. peers.Where(static peer => peer.Link.Index < 2)], Stop));
        Assert.Equal([0, 1], download.Liars.Order());
        Assert.False(Directory.Exists(folder.Path));

        static Google.Protobuf.ByteString Flipped(Google.Protobuf.ByteString signed)
        {
            byte[] bytes = signed.ToByteArray();
            bytes[^1] ^= 1;
            return Google.Protobuf.ByteString.CopyFrom(bytes);
        }
    }

    /// <summary>What a crash can leave between two renames.</summary>
    [Theory]
    [InlineData("data", "data.next", "new")]
    [InlineData("data.next", "data.old", "new")]
    [InlineData("data", "data.old", "present")]
    [InlineData("data", "data.next.import", "present")]
    public void NextData_CutAnywhere_IsTakenWholeOrNotAtAll(string first, string second, string expected)
    {
        string home = Directory.CreateTempSubdirectory("appchain-next-data-").FullName;
        foreach (string name in new[] { first, second })
        {
            Directory.CreateDirectory(Path.Combine(home, name));
            File.WriteAllText(Path.Combine(home, name, "which"), name == "data.next" ? "new" : name == "data" ? "present" : "half");
        }
        Assert.Equal(expected == "new", NextData.Take(new NodeHome(home)));
        Assert.Equal(expected, File.ReadAllText(Path.Combine(home, "data", "which")));
        Assert.False(Directory.Exists(Path.Combine(home, "data.old")) || Directory.Exists(Path.Combine(home, "data.next")));
        Directory.Delete(home, recursive: true);
    }

    private static void TakesStatesSoon(NodeConfig config) => (config.Sync.SnapshotEpochs, config.Sync.StateAboveBlocks) = (1, 8);

    private static void MakesNoSnapshots(NodeConfig config) => config.Sync.SnapshotEpochs = 0;

    private static void Wipe(NodeHome home, params string[] directories)
    {
        foreach (string directory in directories.Select(name => Path.Combine(home.Path, name)).Where(Directory.Exists))
            Directory.Delete(directory, recursive: true);
    }

    // More stake for a validator that runs: the next epoch has another set.
    private static async Task ChangePowerAsync(LocalNetwork network)
    {
        using PrivateKey consensusKey = KeyFile.Load(network.Home(0).ValidatorKeyFile);
        await using NodeClient client = network.Connect(0);
        using PrivateKey key = PrivateKey.FromSeed(KeyScheme.Secp256k1, "appchain-devnet/owner/0");
        using Wallet owner = new(client, network.Genesis.ChainId, key);
        Address chosen = new((await client.ListValidatorsAsync(Stop)).Validators
            .Single(validator => validator.ConsensusKey.Span.SequenceEqual(consensusKey.PublicKey.Span)).Operator.Span);
        SubmitResult result = await owner.DelegateAsync(chosen, Amount.FromTokens(1), Stop);
        Assert.True(result.Succeeded, result.Explanation);
    }

    private static async Task<HashSet<string>> BlockHashesAsync(LocalNetwork network)
    {
        await using NodeClient client = network.Connect(0);
        ulong tip = (await client.GetStatusAsync(cancellation: Stop)).Height;
        HashSet<string> hashes = [];
        await foreach (AppChain.Protos.V1.Block block in client.SubscribeAsync(1, withTransactions: false, Stop))
        {
            hashes.Add(new Digest(block.Hash.Span).ToString());
            if (block.Header.Height >= tip)
                break;
        }
        return hashes;
    }

    private static async Task<NodeHome> StoppedAsync(LocalNetwork network, int index)
    {
        await network.StopAsync(index);
        return network.Home(index);
    }

    private static void AssertVerifies(LocalNetwork network, NodeHome home)
    {
        List<string> found = [];
        AppChain.Node.Verify.VerifyReport report = new((label, text) => found.Add($"{label} {text}"));
        using StoreRecords records = StoreRecords.Open(home.DataDirectory);
        AppChain.Node.Verify.ChainVerification.Run(records, network.Genesis, report);
        Assert.True(report.Problems == 0, string.Join('\n', found));
    }

    /// <summary>Stops the last validator, makes a snapshot of its state in small chunks, and puts it into the homes of the others, who offer it from then on.</summary>
    private static async Task<SnapshotFolder> OfferAsync(LocalNetwork network, int chunkBytes)
    {
        NodeHome home = await StoppedAsync(network, Wiped);
        SnapshotFolder made;
        using (StoreRecords records = StoreRecords.Open(home.DataDirectory))
        {
            (made, _) = new SnapshotShelf(home).Add(folder => SnapshotExport.Write(
                SnapshotSource.LeftBy(records)!, network.Genesis, folder, CancellationToken.None, chunkBytes));
        }
        for (int peer = 0; peer < Wiped; peer++)
            LocalNetwork.CopyDirectory(made.Path, Path.Combine(network.Home(peer).SnapshotsDirectory, Path.GetFileName(made.Path)));
        return made;
    }

    private static PeerNetwork Links(LocalNetwork network)
    {
        Dictionary<int, string> addresses = Enumerable.Range(0, Wiped).ToDictionary(static peer => peer, peer => network.PeerAddresses[peer]);
        GenesisState keys = new(network.Genesis);
        PeerBook book = new(default, addresses, () => keys);
        book.Refresh(always: true);
        ChainIdentity identity = new(network.Genesis.ChainId.Text, TestPeer.Of(network, Wiped).Identity, book);
        return new PeerNetwork(identity, TimeProvider.System, NullLogger.Instance);
    }
}
