using System.CommandLine;
using System.Globalization;
using AppChain.Client;
using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node;
using AppChain.Node.Cli;
using AppChain.Node.Replay;
using AppChain.Node.Rollback;
using AppChain.Node.Signer;
using AppChain.Node.Snapshots;
using AppChain.Node.Verify;
using AppChain.Storage;
using Node.Tests.Signer;

namespace Node.Tests;

public sealed class RollbackTests
{
    private const int Taken = 3;

    [Fact]
    public async Task Validator_TakenBack_CatchesUpAndSignsAboveWhatItHasSigned()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync();
        await using VoteTap tap = await TapWhileBlocksAreMadeAsync(network);
        await network.StopAsync(Taken);
        NodeHome home = network.Home(Taken);
        (ulong tip, View signed) = (TipOf(home), HighestSigned(network));
        ulong height = CertifiedUpTo(home, tip / 2);

        Assert.Contains("--yes", Assert.Throws<CommandException>(() => Rollback(home, height)).Message, StringComparison.Ordinal);
        Assert.Equal(tip, TipOf(home));
        DamagedBatchStopsIt(home, height);
        // What an earlier one that was cut short left.
        Directory.CreateDirectory(home.DataDirectory + ".rollback");
        File.WriteAllText(Path.Combine(home.DataDirectory + ".rollback", "synced"), "torn");
        byte[] record = File.ReadAllBytes(Path.Combine(home.Path, "signer", "record"));
        string said = Rollback(home, height, "--yes");
        Assert.Contains($"to height {height}: {tip - height} blocks", said, StringComparison.Ordinal);
        Assert.Equal(record, File.ReadAllBytes(Path.Combine(home.Path, "signer", "record")));
        Assert.False(Directory.Exists(home.DataDirectory + ".rollback"));
        AssertVerified(network, home);
        Assert.Equal(height, TipOf(home));

        await network.StartAsync(Taken);
        await network.WaitForHeightAsync(Taken, tip + 1);
        await tap.WaitForAsync(seen => seen.Votes.Any(vote => vote.View > signed && vote.Kind == VoteKind.Finalize));
        SignerModelTests.AssertNoContradiction(tap.Votes);
        await network.StopAsync(Taken);
        AssertVerified(network, home);
    }

    [Fact]
    public async Task Validator_WithoutItsOldestBlocks_GoesBackAsFarAsItsSnapshot()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync();
        NodeHome home = network.Home(Taken);
        // Of blocks that became final together only the last has a certificate, and none below it can be had.
        for (ulong blocks = 3; ; blocks += 3)
        {
            await network.MakeBlocksAsync(3);
            await network.WaitForHeightAsync(Taken, blocks);
            await network.StopAsync(Taken);
            if (CertifiedUpTo(home, TipOf(home) - 1) > 0)
                break;
            await network.StartAsync(Taken);
        }
        Assert.Equal(0, await SnapshotCommand.Create().Parse(["create", "--home", home.Path]).InvokeAsync(cancellationToken: TestContext.Current.CancellationToken));
        SnapshotFolder folder = Assert.Single(new SnapshotShelf(home).All());
        ulong from = folder.ReadManifest(out byte[] bytes).Height;
        Directory.Delete(home.DataDirectory, recursive: true);
        new SnapshotImport(network.Genesis, home.DataDirectory).Run(folder.ReadManifest(out _), bytes, folder.ReadBlock(), folder.ReadChunk, static (_, _) => { });
        await network.StartAsync(Taken);
        await network.MakeBlocksAsync(3);
        await network.WaitForHeightAsync(Taken, from + 4);
        await network.MakeBlocksAsync(3);
        await network.StopAsync(Taken);
        ulong height = CertifiedUpTo(home, TipOf(home) - 1);
        Assert.True(height > from, $"{height} is not above {from}");

        Assert.Contains($"lowest height to go back to is {from}", Assert.Throws<CommandException>(() => Rollback(home, from - 1, "--yes")).Message, StringComparison.Ordinal);
        Assert.Contains("the snapshot at height", Rollback(home, height, "--yes"), StringComparison.Ordinal);
        AssertVerified(network, home);
        Assert.Contains("0 blocks are executed", Rollback(home, from, "--yes"), StringComparison.Ordinal);
        AssertVerified(network, home);
        Assert.Contains("there is nothing to go back from", Assert.Throws<CommandException>(() => Rollback(home, from, "--yes")).Message, StringComparison.Ordinal);

        await network.StartAsync(Taken);
        await network.WaitForHeightAsync(Taken, from + 6);
        await network.StopAsync(Taken);
        Directory.Delete(new SnapshotShelf(home).Path, recursive: true);
        Assert.Contains("there is no way back", Assert.Throws<CommandException>(() => Rollback(home, from + 1, "--yes")).Message, StringComparison.Ordinal);
    }

    /// <summary>What all have signed as final nobody has any more. They contradict nothing, so no block can follow another one.</summary>
    [Fact]
    public async Task WholeNetwork_TakenBack_StandsStillAndNobodyContradictsItself()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync();
        await using VoteTap tap = await TapWhileBlocksAreMadeAsync(network);
        ulong height = await TakeAllBackAsync(network, LocalNetwork.Validators);

        int messages = tap.Messages;
        for (int i = 0; i < LocalNetwork.Validators; i++)
            await network.StartAsync(i);
        await tap.WaitForAsync(seen => seen.Messages >= messages + 24);
        SignerModelTests.AssertNoContradiction(tap.Votes);
        Assert.Equal(height, (await network.WaitForHeightAsync(Taken, height)).Height);
    }

    [Fact]
    public async Task WholeNetworkButOne_TakenBack_GoesOnWithTheBlocksThatItKept()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync();
        await network.MakeBlocksAsync(6);
        await network.WaitForHeightAsync(Taken, 6);
        // That one stops last: what the others make final without it, it would not have.
        await TakeAllBackAsync(network, Taken);
        await network.StopAsync(Taken);
        ulong tip = TipOf(network.Home(Taken));
        for (int i = 0; i < LocalNetwork.Validators; i++)
            await network.StartAsync(i);
        await network.WaitForHeightAsync(0, tip + 2);
        await network.MakeBlocksAsync(1);
    }

    /// <summary>By decision of all operators: a chain that goes another way from there on.</summary>
    [Fact]
    public async Task WholeNetwork_TakenBackWithItsRecordsReset_GoesOnAnotherWay()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync();
        await network.MakeBlocksAsync(6);
        await network.WaitForHeightAsync(Taken, 6);
        Hash256 replaced = default;
        ulong height = await TakeAllBackAsync(network, LocalNetwork.Validators, (records, at) => replaced = records.Block(at + 1)!.HeaderHash);
        for (int i = 0; i < LocalNetwork.Validators; i++)
        {
            using StoreRecords records = StoreRecords.Open(network.Home(i).DataDirectory);
            View view = height == 0 ? View.Genesis : Header.TryDecode(records.Block(height)!.Header.Span, out Header header) ? header.View : throw new InvalidOperationException();
            SignerRecord.Replace(RecordFile(network, i), IdentityOf(network, i), new SignedVotes(default, view)).Dispose();
        }
        for (int i = 0; i < LocalNetwork.Validators; i++)
            await network.StartAsync(i);
        await network.MakeBlocksAsync(2);
        await network.WaitForHeightAsync(Taken, height + 2);
        await network.StopAsync(Taken);
        AssertVerified(network, network.Home(Taken));
        using StoreRecords after = StoreRecords.Open(network.Home(Taken).DataDirectory);
        Assert.NotEqual(replaced, after.Block(height + 1)!.HeaderHash);
    }

    [Fact]
    public void Block_WithoutAFinalizationOfItsOwn_IsRefusedWithTheNearestThatHaveOne()
    {
        Genesis genesis = Genesis.TryParse(Repository.Read("genesis.json"), out Genesis? parsed, out string? error) ? parsed : throw new InvalidOperationException(error);
        string data = Directory.CreateTempSubdirectory("appchain-rollback-").FullName;
        try
        {
            using (ChainStore store = ChainStore.Open(data, new StoreOptions()))
            {
                store.InitializeGenesis(genesis.ChainId.Text, genesis.Hash, []);
                for (ulong height = 1; height <= 9; height++)
                    store.Commit(BlockOn(store.Finalised, isCertified: height is 3 or 6 or 9));
            }
            using StoreRecords records = StoreRecords.Open(data);
            Assert.EndsWith("go back to 3 or 6 instead.", Refused(5), StringComparison.Ordinal);
            Assert.EndsWith("go back to 6 instead.", Refused(8), StringComparison.Ordinal);
            Assert.EndsWith("go back to 0 or 3 instead.", Refused(1), StringComparison.Ordinal);
            Assert.Equal(new RollbackPlan(Bases[0], Tip: 9, Lowest: 0), RollbackPlan.Make(records, genesis, Bases, 6));

            string Refused(ulong height) => Assert.Throws<CommandException>(() => RollbackPlan.Make(records, genesis, Bases, height)).Message;
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static readonly ReplayBase[] Bases = [new(0, null)];

    private static FinalizedBlock BlockOn(StateView parent, bool isCertified) => new()
    {
        Height = parent.Height + 1,
        HeaderHash = Hashing.Sha256([(byte)parent.Height]),
        Header = new byte[] { 1 },
        Payload = new byte[] { 2 },
        Finalization = isCertified ? new byte[] { 3 } : default(ReadOnlyMemory<byte>),
        TimeMs = parent.Height,
        Transactions = [],
        State = parent.With([]),
    };

    private static void DamagedBatchStopsIt(NodeHome home, ulong height)
    {
        Hash256 id;
        byte[] batch;
        using (StoreRecords records = StoreRecords.Open(home.DataDirectory))
        {
            id = records.Headers().First(block => block.Batches.Count > 0).Batches[0].Id;
            batch = records.Batch(id)!.Value.ToArray();
            Assert.True(records.Headers().First(block => block.Batches.Count > 0).Height <= height);
        }
        Put([.. batch[..^1], (byte)(batch[^1] ^ 1)]);
        StorageException refused = Assert.Throws<StorageException>(() => Rollback(home, height, "--yes"));
        Assert.Contains($"column family batches, key {id}", refused.Message, StringComparison.Ordinal);
        Put(batch);

        void Put(byte[] bytes)
        {
            using ChainStore store = ChainStore.Open(home.DataDirectory, new StoreOptions());
            store.PutBatch(id, bytes);
        }
    }

    // A block may be final through a later one only; 0 is the genesis.
    private static ulong CertifiedUpTo(NodeHome home, ulong height)
    {
        using StoreRecords records = StoreRecords.Open(home.DataDirectory);
        while (height > 0 && records.Finalization(height) is null)
            height--;
        return height;
    }

    private static string Rollback(NodeHome home, ulong height, params string[] options)
    {
        using StringWriter output = new();
        InvocationConfiguration configuration = new() { Output = output, Error = output, EnableDefaultExceptionHandler = false };
        Assert.Equal(0, RollbackCommand.Create().Parse([home.Path, "--to", height.ToString(CultureInfo.InvariantCulture), .. options]).Invoke(configuration));
        return output.ToString();
    }

    private static ulong TipOf(NodeHome home)
    {
        using StoreRecords records = StoreRecords.Open(home.DataDirectory);
        return records.Meta().Tip.Height;
    }

    private static void AssertVerified(LocalNetwork network, NodeHome home)
    {
        List<string> found = [];
        VerifyReport report = new((label, text) => found.Add($"{label} {text}"));
        using StoreRecords records = StoreRecords.Open(home.DataDirectory);
        ChainVerification.Run(records, network.Genesis, report);
        Assert.True(report.Problems == 0, string.Join('\n', found));
    }

    private static async Task<VoteTap> TapWhileBlocksAreMadeAsync(LocalNetwork network)
    {
        await network.WaitForHeightAsync(Taken, 2);
        await network.StopAsync(Taken);
        VoteTap tap = await VoteTap.PutAsync(network, Taken, standsFor: 0);
        await network.StartAsync(Taken);
        await network.RegisterDeviceAsync();
        await network.MakeBlocksAsync(6);
        await tap.WaitForAsync(seen => seen.Votes.Count(vote => vote.Kind == VoteKind.Finalize) >= 3);
        return tap;
    }

    /// <summary>Stops the first validators and takes them back to one height, some blocks below.</summary>
    private static async Task<ulong> TakeAllBackAsync(LocalNetwork network, int count, Action<StoreRecords, ulong>? look = null)
    {
        for (int i = 0; i < count; i++)
            await network.StopAsync(i);
        // What each has its own finalization of is a matter of who heard which vote.
        ulong height = TipOf(network.Home(0)) - 3;
        while (height > 0 && !Enumerable.Range(0, count).All(i => CertifiedUpTo(network.Home(i), height) == height))
            height--;
        using (StoreRecords records = StoreRecords.Open(network.Home(0).DataDirectory))
            look?.Invoke(records, height);
        for (int i = 0; i < count; i++)
            Assert.Contains($"to height {height}", Rollback(network.Home(i), height, "--yes"), StringComparison.Ordinal);
        return height;
    }

    private static View HighestSigned(LocalNetwork network)
    {
        using SignerRecord record = SignerRecord.Open(RecordFile(network, Taken), IdentityOf(network, Taken));
        return record.Votes.Highest;
    }

    private static string RecordFile(LocalNetwork network, int index) => Path.Combine(network.Home(index).Path, "signer", "record");

    private static SignerIdentity IdentityOf(LocalNetwork network, int index)
    {
        using PrivateKey key = KeyFile.Load(network.Home(index).ValidatorKeyFile);
        return new SignerIdentity(network.Genesis.Hash, new Hash256(key.PublicKey.Span));
    }
}
