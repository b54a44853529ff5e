using System.Text;
using System.Text.Json.Nodes;
using AppChain.Client;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node;
using AppChain.Protos.V1;
using Grpc.Core;
using Attestation = AppChain.Ledger.Attestation;
using Block = AppChain.Protos.V1.Block;
using Body = AppChain.Ledger.Body;
using KeyScheme = AppChain.Crypto.KeyScheme;
using Stage = AppChain.Protos.V1.SubmitResponse.Types.Stage;

namespace Node.Tests;

/// <summary>
/// A block of up to 22,000 proofs, proposed by a real node from real batches: what is said about it among validators stays small. On a busy machine the
/// leader lacks some of the other's batches still when it proposes, so that not all are in one block.
/// </summary>
public sealed class LargeProposalTests
{
    private const int Devices = 22, ProofsOfEach = 1_000, AtLeast = 10_000, ProposalBytesMax = 4_096;

    private static readonly TimeSpan Long = TimeSpan.FromMinutes(4);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Proposal_OfManyThousandProofsInRealBatches_IsAtMostFourKilobytesOnTheWire()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync(Genesis());
        PrivateKey[] devices = await RegisterAsync(network);
        for (int i = 0; i < LocalNetwork.Validators; i++)
            await network.StopAsync(i);
        await using ProposalTap tap = await ProposalTap.PutAsync(network, standsFor: 3);
        for (int i = 0; i < 3; i++)
            network.Configure(i, Patient);

        // Two of four are no quorum: nothing becomes final while they take proofs and batch them.
        await network.StartAsync(0);
        await network.StartAsync(1);
        List<Task<int>> streams = [];
        for (int i = 0; i < Devices; i++)
        {
            TaskCompletionSource admitted = new(TaskCreationOptions.RunContinuationsAsynchronously);
            streams.Add(SubmitAsync(network, i % 2, devices[i], admitted));
            await admitted.Task.WaitAsync(Long, Stop);
        }
        await network.StartAsync(2);

        Assert.All(await Task.WhenAll(streams).WaitAsync(Long, Stop), static accepted => Assert.Equal(ProofsOfEach, accepted));
        Block largest = await LargestAsync(network);
        Assert.InRange(largest.TransactionCount, (uint)AtLeast, uint.MaxValue);
        int bytes = tap.BytesOf(largest.Hash.Span) ?? throw new InvalidOperationException("nobody proposed the block");
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"block {largest.Header.Height}: {largest.TransactionCount} transactions in {largest.Payload.BatchIds.Count} batches, {bytes} bytes of proposal");
        Assert.InRange(bytes, 1, ProposalBytesMax);
        foreach (PrivateKey device in devices)
            device.Dispose();
    }

    private static byte[] Genesis()
    {
        JsonNode genesis = JsonNode.Parse(Repository.Read("genesis.json"))!;
        foreach (string fee in new[] { "feeBytesPerCredit", "feeTokens" })
            genesis["parameters"]![fee] = 0;
        return Encoding.UTF8.GetBytes(genesis.ToJsonString());
    }

    // A block of this size takes a while to fetch and execute, and nobody shall give up on its leader for that.
    private static void Patient(NodeConfig config)
    {
        config.Consensus.LeaderTimeoutMs = 2_000;
        config.Consensus.AdvanceTimeoutMs = 60_000;
        config.Pool.BatchDelayMs = 1_000; // batches as full as they get
        config.Pool.DevicePerSecond = 0;
    }

    private static async Task<PrivateKey[]> RegisterAsync(LocalNetwork network)
    {
        using PrivateKey owner = PrivateKey.Generate(KeyScheme.Secp256k1);
        using PrivateKey manufacturer = PrivateKey.FromSeed(KeyScheme.Secp256k1, "appchain-devnet/manufacturer/0");
        await using NodeClient client = network.Connect(0);
        using Wallet wallet = new(client, network.Genesis.ChainId, owner);
        PrivateKey[] devices = [.. Enumerable.Range(0, Devices).Select(static _ => PrivateKey.Generate(KeyScheme.Secp256k1))];
        foreach (PrivateKey device in devices)
        {
            Attestation attestation = Attestation.Make(manufacturer, 1, device.Scheme, device.PublicKey.Span);
            SubmitResult registered = await wallet.RegisterDeviceAsync(device, service: 1, attestation, new DevicePlace(0, 0), Stop);
            Assert.True(registered.Succeeded, registered.Explanation);
        }
        // All that take proofs know all devices.
        ulong height = (await network.WaitForHeightAsync(0, 1)).Height;
        for (int i = 1; i < LocalNetwork.Validators; i++)
            await network.WaitForHeightAsync(i, height);
        return devices;
    }

    /// <summary>Sends a device's proofs over a stream of its own. Answers how many were accepted, once all are final.</summary>
    private static async Task<int> SubmitAsync(LocalNetwork network, int node, PrivateKey device, TaskCompletionSource admitted)
    {
        await using NodeClient client = network.Connect(node);
        using AsyncDuplexStreamingCall<SubmitRequest, SubmitResponse> stream = client.OpenSubmitStream(Stop);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        ulong validUntil = (ulong)now.AddMinutes(30).ToUnixTimeMilliseconds();
        for (int i = 0; i < ProofsOfEach; i++)
        {
            ulong observed = (ulong)now.AddMilliseconds(20 * (i - ProofsOfEach)).ToUnixTimeMilliseconds();
            AppChain.Ledger.SensorReading reading = new(
                new AppChain.Ledger.Measurement(1, 12_000 + (i % 7 * 100)), new AppChain.Ledger.Measurement(2, 5_000 + (i % 5 * 100)));
            Body body = new(device.Address, (ulong)i + 1, validUntil, new AppChain.Ledger.SubmitProof(1, observed, reading));
            await stream.RequestStream.WriteAsync(new SubmitRequest { Transaction = SignedTransaction.Create(network.Genesis.ChainId, body, device).Wire }, Stop);
        }
        await stream.RequestStream.CompleteAsync();
        int waiting = ProofsOfEach, accepted = 0;
        while (await stream.ResponseStream.MoveNext(Stop))
        {
            SubmitResponse answer = stream.ResponseStream.Current;
            if (answer.Stage == Stage.Admitted && --waiting == 0)
                admitted.TrySetResult();
            else if (answer.Stage is not (Stage.Admitted or Stage.Final))
                admitted.TrySetException(new InvalidOperationException($"{answer.Stage} {answer.Reason}"));
            accepted += answer is { Stage: Stage.Final, Receipt: { Reason: 0, Verdict.Reason: 0 } } ? 1 : 0;
        }
        return accepted;
    }

    private static async Task<Block> LargestAsync(LocalNetwork network)
    {
        await using NodeClient client = network.Connect(0);
        ulong tip = (await client.GetStatusAsync(cancellation: Stop)).Height;
        Block? largest = null;
        await foreach (Block block in client.SubscribeAsync(1, withTransactions: false, Stop))
        {
            if (largest is null || block.TransactionCount > largest.TransactionCount)
                largest = block;
            if (block.Header.Height >= tip)
                break;
        }
        return largest!;
    }
}
