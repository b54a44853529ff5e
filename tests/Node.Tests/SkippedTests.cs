using System.Text.Json.Nodes;
using AppChain.Client;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node;
using AppChain.Protos.V1;
using Grpc.Core;
using Body = AppChain.Ledger.Body;
using KeyScheme = AppChain.Crypto.KeyScheme;
using Stage = AppChain.Protos.V1.SubmitResponse.Types.Stage;
using Transfer = AppChain.Ledger.Transfer;

namespace Node.Tests;

/// <summary>A transaction that one block skips and a later one executes, on real nodes whose blocks have room for one transfer.</summary>
public sealed class SkippedTests
{
    private const int RoundsMax = 30;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TransferThatABlockSkipped_IsNotCalledRefused_AndItsCopyAtAnotherNodeIsExecuted()
    {
        PrivateKey[] senders = [.. Enumerable.Range(0, LocalNetwork.Validators).Select(i => PrivateKey.FromSeed(KeyScheme.Secp256k1, $"skipped/{i}"))];
        await using LocalNetwork network = await LocalNetwork.StartAsync(CrowdedGenesis(senders));
        NodeClient[] nodes = [.. Enumerable.Range(0, senders.Length).Select(network.Connect)];
        try
        {
            // Each node admits one; a block takes them together, sooner or later.
            (SignedTransaction Transaction, SubmitResponse Answer, Address To)? skipped = null;
            for (ulong round = 1; skipped is null && round <= RoundsMax; round++)
            {
                (SignedTransaction, SubmitResponse Answer, Address)[] sent =
                    await Task.WhenAll(senders.Select((key, i) => SubmitAsync(nodes[i], network, key, round)));
                int at = Array.FindIndex(sent, one => one.Answer.Stage == Stage.Skipped);
                skipped = at < 0 ? null : sent[at];
            }

            Assert.NotNull(skipped);
            (SignedTransaction transaction, SubmitResponse answer, Address to) = skipped.Value;
            Assert.Equal(("block-full", (uint)Reason.BlockFull), (answer.Reason, answer.Receipt.Reason));
            Assert.True(answer.Height > 0 && answer.ValidUntilMs > TimeProvider.System.UnixMs());
            // The same bytes to two nodes, as when two of them held copies from the start: it is executed, and once.
            SubmitResult[] results = await Task.WhenAll(nodes.Take(2).Select(node => node.SubmitAndWaitAsync(transaction, Cancellation)));
            Assert.All(results, result => Assert.True(result.Succeeded, result.Explanation));
            Assert.Single(results.Select(result => result.Height).Distinct());
            Assert.True(results[0].Height > answer.Height);
            Assert.Equal(1UL, (await nodes[0].GetAccountAsync(to, Cancellation)).Balance);
        }
        finally
        {
            foreach (NodeClient node in nodes)
                await node.DisposeAsync();
            foreach (PrivateKey key in senders)
                key.Dispose();
        }
    }

    // The last word of a stream, which a wallet would not stop at: it sends a skipped transaction again.
    private static async Task<(SignedTransaction Transaction, SubmitResponse Answer, Address To)> SubmitAsync(
        NodeClient node, LocalNetwork network, PrivateKey sender, ulong sequence)
    {
        using PrivateKey receiver = PrivateKey.Generate(KeyScheme.Secp256k1);
        Body body = new(sender.Address, sequence, TimeProvider.System.UnixMs() + 600_000, new Transfer(receiver.Address, new Amount(1)));
        SignedTransaction transaction = SignedTransaction.Create(network.Genesis.ChainId, body, sender);
        using AsyncDuplexStreamingCall<SubmitRequest, SubmitResponse> stream = node.OpenSubmitStream(Cancellation);
        await stream.RequestStream.WriteAsync(new SubmitRequest { Transaction = transaction.Wire }, Cancellation);
        await stream.RequestStream.CompleteAsync();
        SubmitResponse last = new();
        while (await stream.ResponseStream.MoveNext(Cancellation))
            last = stream.ResponseStream.Current;
        Assert.Contains(last.Stage, new[] { Stage.Final, Stage.Skipped });
        return (transaction, last, receiver.Address);
    }

    private static byte[] CrowdedGenesis(PrivateKey[] senders)
    {
        JsonNode genesis = JsonNode.Parse(Repository.Read("genesis.json"))!;
        foreach (PrivateKey sender in senders)
        {
            genesis["accounts"]!.AsArray().Add(new JsonObject
            {
                ["address"] = AddressText.Format(sender.Address, AddressKind.Account),
                ["balance"] = 1_000,
                ["credits"] = 1_000_000,
            });
        }
        genesis["parameters"]!["blockTokens"] = 1;
        return System.Text.Encoding.UTF8.GetBytes(genesis.ToJsonString());
    }
}
