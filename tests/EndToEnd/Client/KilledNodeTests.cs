using System.Collections.Concurrent;
using AppChain.Client;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Protos.V1;
using Attestation = AppChain.Ledger.Attestation;
using KeyScheme = AppChain.Crypto.KeyScheme;
using Measurement = AppChain.Ledger.Measurement;
using SensorReading = AppChain.Ledger.SensorReading;

namespace AppChain.EndToEnd.Client;

/// <summary>An agent whose only node is killed while it speaks, again and again.</summary>
public sealed class KilledNodeTests
{
    private const int Kills = 4;

    private static readonly TimeSpan Long = TimeSpan.FromSeconds(90), Interval = TimeSpan.FromMilliseconds(40);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Agent_WhoseNodeIsKilledInTheMiddle_GetsOneVerdictForEachProofAndLosesNone()
    {
        await using DevnetUnderTest devnet = await DevnetUnderTest.StartAsync("--validators", "1", "--devices", "1", "--rate", "1");
        NodeClient node = devnet.Nodes[0];
        ChainId chain = ChainId.Parse((await node.GetStatusAsync(cancellation: Stop)).ChainId);
        using PrivateKey device = await RegisterAsync(node, chain);
        ConcurrentQueue<ProofOutcome> outcomes = new();
        await using DeviceAgent agent = new(device, chain, service: 1, [node]);
        agent.Resolved += outcomes.Enqueue;
        agent.Start();

        using CancellationTokenSource enough = new();
        Task<int> speaking = SpeakAsync(agent, enough.Token);
        Random random = new(11);
        for (int kill = 0; kill < Kills; kill++)
        {
            int told = outcomes.Count;
            await Until.HoldsAsync("proofs are told", Long, () => Task.FromResult(outcomes.Count > told + 10));
            await Task.Delay(random.Next(0, 400), Stop); // anywhere between a sending and its verdict
            int pid = devnet.ValidatorPid(0);
            await Shell.SignalAsync(pid, "KILL");
            await Until.HoldsAsync("it is started again", Long, () => Task.FromResult(devnet.ValidatorPid(0) != pid));
        }
        await enough.CancelAsync();
        int recorded = await speaking;

        Assert.True(await agent.DrainAsync(Long, Stop), agent.Problem);
        Assert.Equal(recorded, outcomes.Count);
        Assert.Equal(recorded, outcomes.Select(static outcome => outcome.Id).Distinct().Count());
        Assert.All(outcomes, static outcome => Assert.True(outcome.Result == ProofResult.Accepted, $"{outcome.Result} {outcome.Reason}"));
        // And what was told is what the chain has.
        foreach (ProofOutcome outcome in outcomes)
        {
            TransactionRecord? record = await node.FindTransactionAsync(outcome.Id, Stop);
            Assert.Equal((outcome.Height, outcome.Units), (record!.Height, record.Receipt.Verdict.Units));
        }
    }

    private static async Task<int> SpeakAsync(DeviceAgent agent, CancellationToken enough)
    {
        int recorded = 0;
        using PeriodicTimer timer = new(Interval);
        while (!enough.IsCancellationRequested)
        {
            await timer.WaitForNextTickAsync(CancellationToken.None);
            SensorReading reading = new(new Measurement(1, 12_000 + (recorded % 7 * 100)), new Measurement(2, 5_000 + (recorded % 5 * 100)));
            recorded += agent.TryRecord(reading, DateTimeOffset.UtcNow) ? 1 : 0;
        }
        return recorded;
    }

    private static async Task<PrivateKey> RegisterAsync(NodeClient node, ChainId chain)
    {
        using PrivateKey owner = PrivateKey.Generate(KeyScheme.Secp256k1);
        using PrivateKey manufacturer = PrivateKey.FromSeed(KeyScheme.Secp256k1, "appchain-devnet/manufacturer/0");
        PrivateKey device = PrivateKey.Generate(KeyScheme.Secp256k1);
        using Wallet wallet = new(node, chain, owner);
        Attestation attestation = Attestation.Make(manufacturer, 1, device.Scheme, device.PublicKey.Span);
        SubmitResult registered = await wallet.RegisterDeviceAsync(device, service: 1, attestation, new DevicePlace(0, 0), Stop);
        Assert.True(registered.Succeeded, registered.Explanation);
        return device;
    }
}
