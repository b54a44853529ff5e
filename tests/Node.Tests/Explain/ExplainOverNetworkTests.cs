using System.CommandLine;
using AppChain.Client;
using AppChain.Client.Explain;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node.Cli;
using Wire = AppChain.Protos.V1;

namespace Node.Tests.Explain;

/// <summary>The way of an explanation from a validator that runs, over gRPC, to a client that checks it against finalised blocks.</summary>
public sealed class ExplainOverNetworkTests(NetworkFixture fixture) : IClassFixture<NetworkFixture>
{
    private const int ProofsMax = 2_000; // an epoch of the devnet is 10 s

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Explain_AnEpochThatWasSettled_HoldsAgainstTheBlocksOfAnotherNode()
    {
        await using NodeClient client = fixture.Network.Connect(0), other = fixture.Network.Connect(1);
        ChainId chain = fixture.Network.Genesis.ChainId;
        using PrivateKey device = PrivateKey.Generate(KeyScheme.Secp256k1);
        using PrivateKey maker = PrivateKey.FromSeed(KeyScheme.Secp256k1, "appchain-devnet/manufacturer/0");
        using Wallet owner = new(client, chain, fixture.Owner);
        Attestation word = Attestation.Make(maker, 1, device.Scheme, device.PublicKey.Span);
        Assert.True((await owner.RegisterDeviceAsync(device, 1, word, new DevicePlace(0, 0), Cancel)).Succeeded);

        (ulong epoch, ulong height) = await ProveUntilSettledAsync(client, chain, device);
        // The header that proves the receipt is the next one.
        foreach (NodeClient node in (NodeClient[])[client, other])
            await WaitForAsync(node, height + 1);
        Wire.Explanation answer = (await client.ExplainAsync(device.Address, epoch, Cancel))!;
        HashSet<string> final = [];
        foreach (Wire.ReceiptEvidence evidence in (Wire.ReceiptEvidence[])[answer.Services[0].Settled, answer.Mint.Receipt])
        {
            Assert.True(AppChain.Consensus.Header.TryDecode(evidence.Header.Span, out AppChain.Consensus.Header header));
            final.Add(Convert.ToHexStringLower((await other.GetBlockAsync(header.Height.Value, cancellation: Cancel)).Hash.Span));
        }

        VerifiedExplanation? explained = VerifiedExplanation.TryVerify(
            answer, chain, device.Address, epoch, header => final.Contains(header.Hash.ToString()), out string? problem);

        Assert.True(explained is not null, problem);
        VerifiedService service = Assert.Single(explained.Services);
        Assert.True(service is { IsSettled: true, Pool.Weight: 1 } && explained.Earned > Amount.Zero);
        Assert.Equal(fixture.Owner.Address, Assert.Single(service.Explanation.Statement.Payments).Account);
        Assert.Null(await client.ExplainAsync(device.Address, epoch + 1_000, Cancel));
        Assert.Equal(0, await EarningsCommand.Create()
            .Parse([$"{device.Address}", $"{epoch}", "--verdicts", "--node", fixture.Network.Addresses[0]])
            .InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }, Cancel));
    }

    private static async Task WaitForAsync(NodeClient node, ulong height)
    {
        await foreach (Wire.Block block in node.SubscribeAsync(height, withTransactions: false, Cancel))
        {
            if (block.Header.Height >= height)
                return;
        }
    }

    // Sends readings until one of them settles the epoch of the first.
    private static async Task<(ulong Epoch, ulong Height)> ProveUntilSettledAsync(NodeClient client, ChainId chain, PrivateKey device)
    {
        for (ulong sequence = 1; sequence <= ProofsMax; sequence++)
        {
            ulong nowMs = (ulong)DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            SensorReading reading = new(new Measurement(1, 12_000 + (long)(sequence % 7)), new Measurement(2, 5_000));
            Body proof = new(device.Address, sequence, nowMs + 60_000, new SubmitProof(1, nowMs, reading));
            SubmitResult result = await client.SubmitAndWaitAsync(SignedTransaction.Create(chain, proof, device), Cancel);
            Assert.True(result.Succeeded, result.Explanation);
            Wire.TransactionRecord record = (await client.FindTransactionAsync(result.Id!.Value, Cancel))!;
            if (record.Receipt.Statements is [var statement])
                return (statement.Epoch, record.Height);
        }
        throw new InvalidOperationException("no reading settled an epoch");
    }
}
