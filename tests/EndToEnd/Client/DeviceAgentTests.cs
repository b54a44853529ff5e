using System.Collections.Concurrent;
using AppChain.Client;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Protos.V1;
using Grpc.Core;
using KeyScheme = AppChain.Crypto.KeyScheme;
using Measurement = AppChain.Ledger.Measurement;
using SensorReading = AppChain.Ledger.SensorReading;
using Stage = AppChain.Protos.V1.SubmitResponse.Types.Stage;

namespace AppChain.EndToEnd.Client;

/// <summary>The agent's promise: what it took is judged, once, whatever the nodes do.</summary>
public sealed class DeviceAgentTests : IAsyncDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private static readonly ChainId Chain = ChainId.Parse("test-chain");

    private readonly PrivateKey key = PrivateKey.FromSeed(KeyScheme.Secp256k1, "device");
    private readonly ConcurrentQueue<ProofOutcome> outcomes = new();
    private readonly List<IAsyncDisposable> owned = [];

    public async ValueTask DisposeAsync()
    {
        for (int i = owned.Count - 1; i >= 0; i--)
            await owned[i].DisposeAsync();
        key.Dispose();
    }

    [Fact]
    public async Task Agent_NodeAnswersFinal_ResolvesEveryReadingInOrder()
    {
        ScriptedNode node = await StartAsync((_, request) => ScriptedNode.Final(request, reason: request.Tag == 2 ? 305u : 0));
        DeviceAgent agent = Start([node]);

        Record(agent, 3);

        Assert.True(await agent.DrainAsync(Soon));
        Assert.Equal([ProofResult.Accepted, ProofResult.Rejected, ProofResult.Accepted], outcomes.Select(outcome => outcome.Result));
        Assert.Equal("too-soon", outcomes.ElementAt(1).Reason);
        Assert.All(outcomes, outcome => Assert.Equal(7UL, outcome.Height));
    }

    [Fact]
    public async Task Agent_StreamBreaksBeforeTheAnswers_SendsTheSameBytesElsewhereAndResolvesEachOnce()
    {
        ScriptedNode breaking = await StartAsync((node, request) =>
            node.Received.Count >= 5
                ? throw new RpcException(new global::Grpc.Core.Status(StatusCode.Unavailable, "gone"))
                : ScriptedNode.Answer(request, Stage.Admitted));
        ScriptedNode working = await StartAsync((_, request) => ScriptedNode.Final(request));
        DeviceAgent agent = Start([breaking, working]);

        Record(agent, 10);

        Assert.True(await agent.DrainAsync(Soon));
        Assert.Equal(10, outcomes.Select(outcome => outcome.Id).Distinct().Count());
        Assert.Equal(10, outcomes.Count);
        Assert.All(breaking.Received, request => Assert.Contains(request, working.Received));
    }

    [Fact]
    public async Task Agent_NodeFallsSilent_MovesOnToTheNext()
    {
        ScriptedNode silent = await StartAsync((_, request) => ScriptedNode.Answer(request, Stage.Admitted));
        ScriptedNode working = await StartAsync((_, request) => ScriptedNode.Final(request));
        DeviceAgent agent = Start([silent, working], new DeviceAgentOptions { SilenceMax = TimeSpan.FromSeconds(1) });

        Record(agent, 2);

        Assert.True(await agent.DrainAsync(Soon));
        // On a busy machine the agent may come round to the silent one again, while the other's first connection is made.
        Assert.Equal([1UL, 2UL], silent.Received.Select(request => request.Tag).Distinct());
        Assert.Equal(2, outcomes.Count);
    }

    [Fact]
    public async Task Agent_NothingIsAnswered_KeepsToItsWindowAndRefusesWhatDoesNotFit()
    {
        ScriptedNode mute = await StartAsync((_, _) => null);
        DeviceAgent agent = Start([mute], new DeviceAgentOptions { OutboxCapacity = 50 });

        Record(agent, 50);

        Assert.False(agent.TryRecord(Reading(), DateTimeOffset.UtcNow));
        Assert.Equal(50, agent.Pending);
        await Until.HoldsAsync("the window is used", Soon, () => Task.FromResult(mute.Received.Count >= ClientLimits.ProofsInFlightMax));
        Assert.False(await agent.DrainAsync(TimeSpan.FromMilliseconds(300)));
        Assert.Equal(ClientLimits.ProofsInFlightMax, mute.Received.Count);
    }

    [Theory]
    [InlineData(Stage.Busy, Reason.None)]
    [InlineData(Stage.Skipped, Reason.BlockFull)]
    public async Task Agent_ProofFindsNoRoomAtFirst_OffersTheSameTransactionAgain(Stage stage, Reason reason)
    {
        ScriptedNode node = await StartAsync((node, request) =>
            node.Received.Count == 1 ? ScriptedNode.Answer(request, stage, reason) : ScriptedNode.Final(request));
        DeviceAgent agent = Start([node]);

        Record(agent, 1);

        Assert.True(await agent.DrainAsync(Soon));
        Assert.Equal(2, node.Received.Count);
        Assert.Single(node.Received.Select(request => request.Transaction).Distinct());
        Assert.Equal(ProofResult.Accepted, Assert.Single(outcomes).Result);
    }

    [Fact]
    public async Task Agent_NodeSaysHowLongItIsBusy_SendsNothingBefore()
    {
        const uint wait = 700;
        long refusedAt = 0;
        TimeSpan waited = default;
        ScriptedNode node = await StartAsync((node, request) =>
        {
            if (node.Received.Count == 1)
            {
                refusedAt = TimeProvider.System.GetTimestamp();
                return new SubmitResponse { Stage = Stage.Busy, Tag = request.Tag, Reason = "device-rate", RetryAfterMs = wait };
            }
            waited = TimeProvider.System.GetElapsedTime(refusedAt);
            return ScriptedNode.Final(request);
        });
        DeviceAgent agent = Start([node]);

        Record(agent, 1);

        Assert.True(await agent.DrainAsync(Soon));
        Assert.True(waited >= TimeSpan.FromMilliseconds(wait - 20), $"{waited}");
    }

    [Theory]
    [InlineData(Stage.Expired, Reason.None)]
    [InlineData(Stage.Refused, Reason.Expired)]
    public async Task Agent_ProofDiedUnexecuted_SignsTheReadingAnewUnderTheNextNumber(Stage stage, Reason reason)
    {
        ScriptedNode node = await StartAsync((_, request) =>
            request.Tag == 1 ? ScriptedNode.Answer(request, stage, reason) : ScriptedNode.Final(request));
        DeviceAgent agent = Start([node]);

        Record(agent, 1);

        Assert.True(await agent.DrainAsync(Soon));
        Assert.Equal([1UL, 2UL], node.Received.Select(request => request.Tag));
        Assert.Equal(node.Received.Select(request => Message(request)).First(), Message(node.Received.Last()));
        Assert.Equal(ProofResult.Accepted, Assert.Single(outcomes).Result);
    }

    [Fact]
    public async Task Agent_OwnEarlierSendingUsedTheNumber_AsksUntilTheNodeKnowsTheReceipt()
    {
        ScriptedNode first = await StartAsync(
            (_, _) => throw new RpcException(new global::Grpc.Core.Status(StatusCode.Unavailable, "gone")));
        ScriptedNode second = await StartAsync((node, request) =>
            node.Received.Count < 3 ? ScriptedNode.Answer(request, Stage.Refused, Reason.SequenceUsed) : ScriptedNode.Final(request));
        DeviceAgent agent = Start([first, second]);

        Record(agent, 1);

        Assert.True(await agent.DrainAsync(Soon));
        Assert.Equal(ProofResult.Accepted, Assert.Single(outcomes).Result);
    }

    [Fact]
    public async Task Agent_RuleRefusesTheProof_ReportsTheReasonAndForgetsIt()
    {
        ScriptedNode node = await StartAsync((_, request) => ScriptedNode.Answer(request, Stage.Refused, Reason.UnknownDevice));
        DeviceAgent agent = Start([node]);

        Record(agent, 1);

        Assert.True(await agent.DrainAsync(Soon));
        ProofOutcome outcome = Assert.Single(outcomes);
        Assert.Equal((ProofResult.Refused, (uint)Reason.UnknownDevice), (outcome.Result, outcome.ReasonCode));
    }

    [Fact]
    public async Task Agent_StoppedWithAnOutboxFile_SendsWhatWasKeptWhenItStartsAgain()
    {
        string file = Path.Combine(Directory.CreateTempSubdirectory("appchain-outbox-").FullName, "outbox");
        DeviceAgentOptions options = new() { OutboxPath = file };
        ScriptedNode mute = await StartAsync((_, _) => null);
        DeviceAgent before = Start([mute], options);
        Record(before, 3);
        await Until.HoldsAsync("all are sent", Soon, () => Task.FromResult(mute.Received.Count == 3));
        await before.DisposeAsync();

        ScriptedNode working = await StartAsync((_, request) => ScriptedNode.Final(request));
        DeviceAgent after = Start([working], options);
        Record(after, 1);

        Assert.True(await after.DrainAsync(Soon));
        Assert.Equal([1UL, 2UL, 3UL, 4UL], working.Received.Select(request => request.Tag));
        Assert.Equal(mute.Received.Select(request => request.Transaction), working.Received.Take(3).Select(request => request.Transaction));
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    private async Task<ScriptedNode> StartAsync(Func<ScriptedNode, SubmitRequest, SubmitResponse?> script)
    {
        ScriptedNode node = await ScriptedNode.StartAsync(script);
        owned.Add(node);
        return node;
    }

    private DeviceAgent Start(IEnumerable<ScriptedNode> nodes, DeviceAgentOptions? options = null)
    {
        DeviceAgent agent = new(key, Chain, service: 1, [.. nodes.Select(node => node.Client)], options);
        agent.Resolved += outcomes.Enqueue;
        agent.Start();
        owned.Add(agent);
        return agent;
    }

    private static void Record(DeviceAgent agent, int count)
    {
        for (int i = 0; i < count; i++)
            Assert.True(agent.TryRecord(Reading(), DateTimeOffset.UnixEpoch.AddSeconds(i + 1)));
    }

    private static SensorReading Reading() => new(new Measurement(1, 12_300), new Measurement(2, 5_100));

    private static Message? Message(SubmitRequest request)
    {
        Assert.Equal(Reason.None, Ledger.Body.TryDecode(request.Transaction.Body.Span, out Ledger.Body? body));
        return body?.Message;
    }
}
