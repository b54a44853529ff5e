using System.Text;
using System.Text.Json.Nodes;
using AppChain.Client;
using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Node;
using AppChain.Node.Signer;
using Microsoft.Extensions.Logging.Abstractions;

namespace Node.Tests.Signer;

/// <summary>Real nodes whose data directory is lost or put back from an old copy, while the signer record stays.</summary>
public sealed class LostDataTests
{
    private const int Tapped = 3;

    [Fact]
    public async Task RestoredCopy_StartedAloneThenWithTheOthers_NeverContradictsItselfAndSignsAgain()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync();
        await using VoteTap tap = await RestoreAnOldCopyAsync(network);
        SignedVotes before = SignedBefore(network);

        await network.StartAsync(Tapped);
        await tap.ReplayNotarizationAsync(network, LastFinalized(tap));
        // Long enough for every deadline of that view: each round of re-sending is longer than the one before.
        int messages = tap.Messages;
        await tap.WaitForAsync(seen => seen.Messages >= messages + 16);
        SignerModelTests.AssertNoContradiction(tap.Votes);
        for (int i = 0; i < Tapped; i++)
            await network.StartAsync(i);
        await tap.WaitForAsync(seen => seen.Votes.Any(vote => IsAbove(vote, before) && vote.Kind == VoteKind.Finalize));

        SignerModelTests.AssertNoContradiction(tap.Votes);
        await AssertTheChainNeedsItAsync(network);
        SignerModelTests.AssertNoContradiction(tap.Votes);
    }

    /// <summary>What the record is for: the same without it. If this fails, the test above proves nothing.</summary>
    [Fact]
    public async Task RestoredCopy_WithAResetRecord_ContradictsItself()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync();
        await using VoteTap tap = await RestoreAnOldCopyAsync(network);
        // Reset, and far too low. One that holds nothing at all would have the node ask the others first.
        SignerRecord.Replace(RecordFile(network), IdentityOf(network), new SignedVotes(default, new View(1))).Dispose();

        View finalized = LastFinalized(tap);
        await network.StartAsync(Tapped);
        await tap.ReplayNotarizationAsync(network, finalized);
        await tap.WaitForAsync(seen => seen.Votes.Contains(VoteBody.Nullify(default, finalized)));

        Assert.True(SignerModelTests.Contradicts([.. tap.Votes.Where(vote => vote.View == finalized)]));
    }

    [Theory]
    [InlineData(1_000, 0)]
    [InlineData(10, 1)] // the node that comes back goes through an epoch that its key has left
    public async Task WipedData_WithTheRecordKept_SyncsAndSignsAboveIt(int epochBlocks, ulong epoch)
    {
        JsonNode genesis = JsonNode.Parse(Repository.Read("genesis.json"))!;
        genesis["parameters"]!["validatorEpochBlocks"] = epochBlocks;
        await using LocalNetwork network = await LocalNetwork.StartAsync(Encoding.UTF8.GetBytes(genesis.ToJsonString()));
        await network.WaitForHeightAsync(Tapped, 2);
        await network.StopAsync(Tapped);
        await using VoteTap tap = await VoteTap.PutAsync(network, Tapped, standsFor: 0);
        await network.MakeBlocksAsync(10);
        await network.StartAsync(Tapped);
        // Of that epoch: votes of an earlier one may come first, sent again from the journal.
        await tap.WaitForAsync(seen => seen.Votes.Count(vote => vote.Kind == VoteKind.Finalize && vote.Epoch.Value >= epoch) >= 3);
        await network.StopAsync(Tapped);
        SignedVotes before = SignedBefore(network);
        Assert.True(before.Epoch.Value >= epoch);
        ulong height = (await network.WaitForHeightAsync(0, 1)).Height;
        Directory.Delete(network.Home(Tapped).DataDirectory, recursive: true);

        await network.StartAsync(Tapped);
        await network.WaitForHeightAsync(Tapped, height);
        await tap.WaitForAsync(seen => seen.Votes.Any(vote => IsAbove(vote, before) && vote.Kind == VoteKind.Finalize));

        await AssertTheChainNeedsItAsync(network);
        SignerModelTests.AssertNoContradiction(tap.Votes);
    }

    [Fact]
    public async Task LostRecord_IsRefusedUntilReset_ThenSignsAboveTheViewOnly()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync();
        await network.WaitForHeightAsync(Tapped, 2);
        await network.StopAsync(Tapped);
        View floor = new(SignedBefore(network).Highest.Value + 6);
        await using VoteTap tap = await VoteTap.PutAsync(network, Tapped, standsFor: 0);
        File.Delete(RecordFile(network));

        SignerRecordException refused = Assert.Throws<SignerRecordException>(() => Open(network));
        Assert.Contains("appchain signer reset", refused.Message, StringComparison.Ordinal);

        SignerRecord.Replace(RecordFile(network), IdentityOf(network), new SignedVotes(default, floor)).Dispose();
        await network.StartAsync(Tapped);
        await tap.WaitForAsync(seen => seen.Votes.Any(vote => vote.View > floor && vote.Kind == VoteKind.Finalize));
        // Votes of the journal may be sent again; they are not new, and below what was signed when the record was lost.
        Assert.DoesNotContain(tap.Votes, vote => vote.View <= floor && vote.View.Value + 5 > floor.Value);
        await AssertTheChainNeedsItAsync(network);
    }

    [Fact]
    public async Task Record_InUseOrOfAnotherValidator_IsRefused()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync();
        await network.StopAsync(Tapped);
        NodeHome home = network.Home(Tapped);
        NodeConfig config = NodeConfig.Load(home, new Dictionary<string, string?>());
        config.Signer.Record = Path.Combine(network.Home(0).Path, "signer", "record");
        config.Save(home.ConfigFile);
        Assert.Contains("stop one of them", Assert.Throws<SignerRecordException>(() => Open(network)).Message, StringComparison.Ordinal);

        await network.StopAsync(0);
        Assert.Contains("another key", Assert.Throws<SignerRecordException>(() => Open(network)).Message, StringComparison.Ordinal);
    }

    /// <summary>The tapped validator signs, is copied, signs on, is stopped with all others, and has its old copy put back.</summary>
    private static async Task<VoteTap> RestoreAnOldCopyAsync(LocalNetwork network)
    {
        await network.WaitForHeightAsync(Tapped, 2);
        await network.StopAsync(Tapped);
        VoteTap tap = await VoteTap.PutAsync(network, Tapped, standsFor: 0);
        NodeHome home = network.Home(Tapped);
        string copy = home.DataDirectory + "-copy";
        LocalNetwork.CopyDirectory(home.DataDirectory, copy);
        View copied = SignedBefore(network).Highest;
        await network.StartAsync(Tapped);
        await tap.WaitForAsync(seen => seen.Votes.Count(vote => vote.View > copied && vote.Kind == VoteKind.Finalize) >= 4);
        for (int i = 0; i < LocalNetwork.Validators; i++)
            await network.StopAsync(i);
        Directory.Delete(home.DataDirectory, recursive: true);
        Directory.Move(copy, home.DataDirectory);
        return tap;
    }

    private static bool IsAbove(VoteBody vote, SignedVotes before) =>
        vote.Epoch.Value > before.Epoch.Value || (vote.Epoch == before.Epoch && vote.View > before.Highest);

    private static View LastFinalized(VoteTap tap) => tap.Votes.Last(vote => vote.Kind == VoteKind.Finalize).View;

    // With another one gone the others are no quorum without it.
    private static async Task AssertTheChainNeedsItAsync(LocalNetwork network)
    {
        await network.StopAsync(1);
        ulong height = (await network.WaitForHeightAsync(2, 1)).Height;
        Assert.True((await network.WaitForHeightAsync(2, height + 2)).Height >= height + 2);
    }

    private static SignedVotes SignedBefore(LocalNetwork network)
    {
        using SignerRecord record = SignerRecord.Open(RecordFile(network), IdentityOf(network));
        Assert.False(record.WasTorn);
        return record.Votes;
    }

    private static string RecordFile(LocalNetwork network) => Path.Combine(network.Home(Tapped).Path, "signer", "record");

    private static SignerIdentity IdentityOf(LocalNetwork network)
    {
        using PrivateKey key = KeyFile.Load(network.Home(Tapped).ValidatorKeyFile);
        return new SignerIdentity(network.Genesis.Hash, new Hash256(key.PublicKey.Span));
    }

    private static NodeRuntime Open(LocalNetwork network) => NodeRuntime.Open(
        network.Home(Tapped),
        NodeConfig.Load(network.Home(Tapped), new Dictionary<string, string?>()),
        new NodeRuntime.NodeServices(TimeProvider.System, NullLoggerFactory.Instance));
}
