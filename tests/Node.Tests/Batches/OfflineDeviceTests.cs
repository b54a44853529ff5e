using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using AppChain.Client;
using AppChain.Client.Batches;
using AppChain.Crypto;
using AppChain.Ledger;
using Wire = AppChain.Protos.V1;

namespace Node.Tests.Batches;

/// <summary>A device that was offline, and four validators: a batch is sent, drawn from, opened and paid; or lost.</summary>
public sealed class OfflineDeviceTests : IAsyncLifetime
{
    private const int Readings = 1_200;
    private const int Draws = 200; // (19/20)^200: a lie of one in twenty comes through once in 28,000 times
    private const ulong IntervalMs = 10;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(180);

    private readonly PrivateKey owner = PrivateKey.FromSeed(KeyScheme.Secp256k1, "appchain-devnet/owner/0");
    private readonly PrivateKey device = PrivateKey.Generate(KeyScheme.Secp256k1);
    private LocalNetwork network = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        JsonNode genesis = JsonNode.Parse(Repository.Read("genesis.json"))!;
        genesis["parameters"]!["batchDraws"] = Draws;
        genesis["parameters"]!["batchDecay"] = 0;
        genesis["parameters"]!["epochMs"] = 3_600_000; // all of it in one reward epoch
        network = await LocalNetwork.StartAsync(Encoding.UTF8.GetBytes(genesis.ToJsonString()));
        await using NodeClient client = network.Connect(0);
        using PrivateKey maker = PrivateKey.FromSeed(KeyScheme.Secp256k1, "appchain-devnet/manufacturer/0");
        using Wallet wallet = new(client, network.Genesis.ChainId, owner);
        Attestation word = Attestation.Make(maker, 1, device.Scheme, device.PublicKey.Span);
        Assert.True((await wallet.RegisterDeviceAsync(device, 1, word, new DevicePlace(0, 0), Cancel)).Succeeded);
    }

    public async ValueTask DisposeAsync()
    {
        await network.DisposeAsync();
        owner.Dispose();
        device.Dispose();
    }

    [Fact]
    public async Task Agent_OfflineForLong_SendsItsReadingsAsABatchThatIsOpenedAndPaid()
    {
        await using NodeClient client = network.Connect(0);
        DeviceAgentOptions options = new() { OutboxCapacity = 2 * Readings, BatchFrom = ClientLimits.BatchReadingsMin };
        await using DeviceAgent agent = new(device, network.Genesis.ChainId, service: 1, [client], options);
        ConcurrentQueue<ProofOutcome> outcomes = new();
        agent.Resolved += outcomes.Enqueue;
        DateTimeOffset from = DateTimeOffset.UtcNow - TimeSpan.FromHours(1);
        for (int i = 0; i < Readings; i++)
            Assert.True(agent.TryRecord(Reading(i), from + TimeSpan.FromMilliseconds(i * 1_000)));
        Assert.True(agent.TryRecord(Reading(0), from + TimeSpan.FromMilliseconds(1))); // too near the first: no batch may hold both

        agent.Start();

        Assert.True(await agent.DrainAsync(Soon, Cancel), agent.Problem);
        Assert.Equal(Readings, outcomes.Count(outcome => outcome.Result == ProofResult.Accepted && outcome.Units == SensorReading.UnitsPerReading));
        Assert.Equal("too-soon", Assert.Single(outcomes, outcome => outcome.Result == ProofResult.Refused).Reason);
        Wire.Enrollment enrolled = await EnrolledAsync(client);
        Assert.Equal((1UL, 0UL, Readings * SensorReading.UnitsPerReading), (enrolled.ProofsAccepted, enrolled.ProofsRejected, enrolled.Units));
        Assert.True(enrolled.Batch is null && enrolled.BatchDistrust == 0);

        // Online again it goes on reading by reading.
        Assert.True(agent.TryRecord(Reading(1), DateTimeOffset.UtcNow));
        Assert.True(await agent.DrainAsync(Soon, Cancel), agent.Problem);
        Assert.Equal(ProofResult.Accepted, outcomes.Last().Result);
        Assert.Equal((Readings + 1) * SensorReading.UnitsPerReading, (await EnrolledAsync(client)).Units);
    }

    [Fact]
    public async Task Batch_OfWhichOneLeafInTwentyIsFalse_IsLostWhole()
    {
        await using NodeClient client = network.Connect(0);
        ulong from = (ulong)DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - (Readings * IntervalMs);
        // Where it has no reading it makes up an entry without values, to be paid for the time.
        List<SubmitProof> kept = [.. Enumerable.Range(0, Readings).Select(i => new SubmitProof(1, from + ((ulong)i * IntervalMs), i % 20 == 7 ? new SensorReading() : Reading(i)))];
        BatchSender sender = new(client, network.Genesis.ChainId, device, device.Address, 1, TimeProvider.System);

        BatchSender.Sending sent = await sender.SendAsync(kept, Cancel);

        Assert.True(sent.IsJudged, sent.Result?.Explanation);
        Assert.Equal((uint)Reason.LeafFalse, sent.Result!.ReasonCode);
        Wire.Enrollment enrolled = await EnrolledAsync(client);
        Assert.Equal((0UL, 1u), (enrolled.Units, enrolled.BatchDistrust));
        Assert.Null(enrolled.Batch);
    }

    private static SensorReading Reading(int i) => new(new Measurement(1, 12_000 + (i % 97)), new Measurement(2, 5_000 + (i % 89)));

    private async Task<Wire.Enrollment> EnrolledAsync(NodeClient client) => Assert.Single((await client.FindDeviceAsync(device.Address, Cancel))!.Enrollments);
}
