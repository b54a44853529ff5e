using System.Collections.Concurrent;
using AppChain.Client;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Protos.V1;
using Grpc.Core;
using Attestation = AppChain.Ledger.Attestation;
using Body = AppChain.Ledger.Body;
using KeyScheme = AppChain.Crypto.KeyScheme;
using Stage = AppChain.Protos.V1.SubmitResponse.Types.Stage;
using Transfer = AppChain.Ledger.Transfer;

namespace Node.Tests;

/// <summary>One node that lets an account send two at once and one in a minute, among others without a limit.</summary>
public sealed class RateOverNetworkTests
{
    private const int Burst = 2, Sent = 12;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Account_AboveItsRateAtOneNode_IsToldWhenToComeBack_AndBatchesOfOthersAreTakenAllTheSame()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync();
        await network.StopAsync(0);
        network.Configure(0, static config => (config.Pool.AccountPerSecond, config.Pool.AccountBurst) = (1, Burst));
        await network.StartAsync(0);
        using PrivateKey owner = PrivateKey.FromSeed(KeyScheme.Secp256k1, "appchain-devnet/owner/0");
        SignedTransaction[] transfers = [.. Enumerable.Range(1, Sent).Select(i => Transfer(network, owner, (ulong)i))];
        await using NodeClient strict = network.Connect(0), free = network.Connect(1);

        List<SubmitResult> answers = [];
        foreach (SignedTransaction transfer in transfers)
            answers.Add(await strict.SubmitAsync(transfer, Stop));

        SubmitResult busy = answers.First(static answer => answer.Stage == Stage.Busy);
        Assert.Equal((StatusCode.ResourceExhausted, "account-rate"), (busy.Status, busy.Reason));
        Assert.InRange(busy.RetryAfter, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(Burst));
        Assert.True(answers.Take(Burst).All(static answer => answer.Stage == Stage.Admitted));
        // One that was admitted is answered for, however often it is asked about.
        Assert.NotEqual(Stage.Busy, (await strict.SubmitAsync(transfers[0], Stop)).Stage);

        using AsyncDuplexStreamingCall<SubmitRequest, SubmitResponse> stream = strict.OpenSubmitStream(Stop);
        SignedTransaction[] refused = [.. transfers.Where((_, i) => answers[i].Stage == Stage.Busy)];
        foreach (SignedTransaction transfer in refused)
            await stream.RequestStream.WriteAsync(new SubmitRequest { Transaction = transfer.Wire }, Stop);
        Assert.True(await stream.ResponseStream.MoveNext(Stop));
        SubmitResponse said = stream.ResponseStream.Current;
        while (said.Stage != Stage.Busy && await stream.ResponseStream.MoveNext(Stop))
            said = stream.ResponseStream.Current;
        Assert.Equal("account-rate", said.Reason);
        Assert.InRange(said.RetryAfterMs, 1u, Burst * 1_000u);

        // The same transactions by another node's batches: final here, too, however many they are.
        ulong height = 0;
        foreach (SignedTransaction transfer in refused)
        {
            SubmitResult final = await free.SubmitAndWaitAsync(transfer, Stop);
            Assert.True(final.Succeeded, final.Explanation);
            height = Math.Max(height, final.Height);
        }
        await network.WaitForHeightAsync(0, height);
        foreach (SignedTransaction transfer in refused)
            Assert.NotNull(await strict.FindTransactionAsync(transfer.Id, Stop));
    }

    /// <summary>Its proofs must come in order of time: one that is turned away must not be overtaken.</summary>
    [Fact]
    public async Task Device_WithManyReadingsWaiting_GetsAllOfThemAcceptedInItsTurn()
    {
        const int readings = 120;
        await using LocalNetwork network = await LocalNetwork.StartAsync(
            configure: static config => (config.Pool.DevicePerSecond, config.Pool.DeviceBurst) = (40, 40));
        using PrivateKey owner = PrivateKey.Generate(KeyScheme.Secp256k1), device = PrivateKey.Generate(KeyScheme.P256);
        using PrivateKey manufacturer = PrivateKey.FromSeed(KeyScheme.Secp256k1, "appchain-devnet/manufacturer/0");
        await using NodeClient client = network.Connect(0);
        using Wallet wallet = new(client, network.Genesis.ChainId, owner);
        Attestation attestation = Attestation.Make(manufacturer, 1, device.Scheme, device.PublicKey.Span);
        SubmitResult registered = await wallet.RegisterDeviceAsync(device, service: 1, attestation, new DevicePlace(0, 0), Stop);
        Assert.True(registered.Succeeded, registered.Explanation);

        ConcurrentQueue<ProofOutcome> outcomes = new();
        await using DeviceAgent agent = new(device, network.Genesis.ChainId, service: 1, [client]);
        agent.Resolved += outcomes.Enqueue;
        agent.Start();
        DateTimeOffset now = DateTimeOffset.UtcNow;
        for (int i = 0; i < readings; i++)
        {
            Assert.True(agent.TryRecord(
                new AppChain.Ledger.SensorReading(new AppChain.Ledger.Measurement(1, 12_000 + (i % 7 * 100)), new AppChain.Ledger.Measurement(2, 5_000 + (i % 5 * 100))),
                now.AddMilliseconds(20 * (i - readings))));
        }

        Assert.True(await agent.DrainAsync(Bounds.Finality, Stop));
        Assert.Equal(readings, outcomes.Count);
        Assert.All(outcomes, static outcome => Assert.True(outcome.Result == ProofResult.Accepted, $"{outcome.Result} {outcome.Reason}"));
    }

    private static SignedTransaction Transfer(LocalNetwork network, PrivateKey owner, ulong sequence)
    {
        ulong validUntil = (ulong)DateTimeOffset.UtcNow.AddMinutes(10).ToUnixTimeMilliseconds();
        return SignedTransaction.Create(network.Genesis.ChainId, new Body(owner.Address, sequence, validUntil, new Transfer(default, new Amount(1))), owner);
    }
}
