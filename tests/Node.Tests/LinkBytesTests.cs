using System.Text;
using System.Text.Json.Nodes;
using AppChain.Client;
using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Protos.V1;
using Google.Protobuf;
using Grpc.Core;
using Block = AppChain.Consensus.Block;
using BlockPayload = AppChain.Ledger.BlockPayload;
using Body = AppChain.Ledger.Body;
using KeyScheme = AppChain.Crypto.KeyScheme;
using Message = AppChain.Consensus.Message;
using Transfer = AppChain.Ledger.Transfer;

namespace Node.Tests;

/// <summary>How many bytes go between validators for a transaction, and for a proposal.</summary>
public sealed class LinkBytesTests
{
    private const int Rounds = 5, PerRound = 1_000, IdleBlocks = 8;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>
    /// Who takes a transaction from a client sends it once to each other validator, and nobody passes it on. What consensus itself says for a block is
    /// measured while there is nothing to include, and taken off.
    /// </summary>
    [Fact]
    public async Task Transactions_OfOneValidatorsClients_CrossEachOfItsLinksOnceAndNoOther()
    {
        JsonNode genesis = JsonNode.Parse(Repository.Read("genesis.json"))!;
        foreach (string fee in new[] { "feeBytesPerCredit", "feeTokens" })
            genesis["parameters"]![fee] = 0;
        await using LocalNetwork network = await LocalNetwork.StartAsync(
            Encoding.UTF8.GetBytes(genesis.ToJsonString()), static config => config.Pool.AccountPerSecond = 0); // one account stands for many
        Dictionary<(int From, int To), CountingLink> links = await PutLinksAsync(network);
        try
        {
            ulong height = (await network.WaitForHeightAsync(0, (await network.WaitForHeightAsync(0, 1)).Height + 2)).Height;
            Dictionary<(int, int), long> before = Read(links);
            ulong idle = (await network.WaitForHeightAsync(0, height + IdleBlocks)).Height - height;
            Dictionary<(int, int), long> between = Read(links);

            long bytes = await SubmitAsync(network);

            // The last votes about the last block are still on their way.
            ulong end = (await network.WaitForHeightAsync(0, (await network.WaitForHeightAsync(0, 1)).Height + 1)).Height;
            ulong blocks = end - height - idle;
            Dictionary<(int, int), long> after = Read(links);
            foreach (((int from, int to) link, _) in links)
            {
                double perBlock = (double)(between[link] - before[link]) / idle;
                double crossings = (after[link] - between[link] - (perBlock * blocks)) / bytes;
                if (link.from == 0)
                    Assert.True(crossings is > 0.9 and <= 1.1, $"{crossings:F3} times from 0 to {link.to}: {after[link] - between[link]} bytes for {bytes} in {blocks} blocks of {perBlock:F0}");
                else
                    Assert.True(crossings <= 0.1, $"{crossings:F3} times from {link.from} to {link.to}, which need not pass them on");
            }
        }
        finally
        {
            foreach (CountingLink link in links.Values)
                await link.DisposeAsync();
        }
    }

    /// <summary>As many batches as a block may name, each of which may hold 4,096 transactions: more than 20,000 proofs take.</summary>
    [Fact]
    public void Proposal_WithTwentyThousandProofs_HasAtMostFourKilobytes()
    {
        Assert.True(LedgerLimits.BlockBatchesMax * LedgerLimits.BatchTransactionsMax >= 20_000);
        BlockPayload payload = new(default, [.. Enumerable.Range(0, LedgerLimits.BlockBatchesMax).Select(static i => Hashing.Sha256(BitConverter.GetBytes(i)))]);
        byte[] encoded = payload.Encode();
        Header header = new()
        {
            ChainId = AppChain.Consensus.ChainId.Parse(new string('c', AppChain.Consensus.ChainId.BytesMax)),
            Epoch = new Epoch(ulong.MaxValue),
            View = new View(ulong.MaxValue),
            Height = new Height(ulong.MaxValue),
            ParentView = new View(1),
            ParentHash = TaggedHash.Header.Of([1]),
            TimeMs = ulong.MaxValue,
            Leader = ushort.MaxValue,
            PayloadHash = TaggedHash.Payload.Of(encoded),
            StateRoot = TaggedHash.Header.Of([2]),
            ReceiptsRoot = TaggedHash.Header.Of([3]),
            ValidatorsHash = TaggedHash.Header.Of([4]),
            NextValidatorsHash = TaggedHash.Header.Of([5]),
            Beacon = TaggedHash.Header.Of([6]),
            BeaconProof = new VrfProof(new byte[VrfProof.Size]),
        };
        Assert.True(Block.TryCreate(header, encoded, out Block block));

        int proposal = new Message.Proposal(block, new byte[Vote.SignatureBytes]).Encode().Length;

        Assert.InRange(proposal, LedgerLimits.BlockBatchesMax * Hash256.Size, 4_096);
    }

    private static async Task<Dictionary<(int From, int To), CountingLink>> PutLinksAsync(LocalNetwork network)
    {
        Dictionary<(int From, int To), CountingLink> links = [];
        for (int from = 0; from < LocalNetwork.Validators; from++)
            await network.StopAsync(from);
        for (int from = 0; from < LocalNetwork.Validators; from++)
        {
            for (int to = 0; to < LocalNetwork.Validators; to++)
            {
                if (to != from)
                    links.Add((from, to), new CountingLink(network.PeerAddresses[to]));
            }
            network.Configure(from, config =>
            {
                foreach (((int _, int to), CountingLink link) in links.Where(entry => entry.Key.From == from))
                    config.Peer.Validators[$"{to}"] = link.Address;
            });
            await network.StartAsync(from);
        }
        return links;
    }

    private static Dictionary<(int, int), long> Read(Dictionary<(int From, int To), CountingLink> links) => links.ToDictionary(static link => link.Key, static link => link.Value.Sent);

    // Each round ends when all of it is final: a sequence number may not be far above the last one used. Returns the bytes of all transactions.
    private static async Task<long> SubmitAsync(LocalNetwork network)
    {
        using PrivateKey owner = PrivateKey.FromSeed(KeyScheme.Secp256k1, "appchain-devnet/owner/0");
        using PrivateKey receiver = PrivateKey.Generate(KeyScheme.Secp256k1);
        await using NodeClient client = network.Connect(0);
        ulong validUntil = (ulong)DateTimeOffset.UtcNow.AddMinutes(10).ToUnixTimeMilliseconds();
        long bytes = 0;
        for (int round = 0; round < Rounds; round++)
        {
            using AsyncDuplexStreamingCall<SubmitRequest, SubmitResponse> stream = client.OpenSubmitStream(Stop);
            Task<int> final = CountFinalAsync(stream);
            for (int i = 1; i <= PerRound; i++)
            {
                Body body = new(owner.Address, (ulong)((round * PerRound) + i), validUntil, new Transfer(receiver.Address, new Amount(1)));
                AppChain.Protos.V1.Transaction signed = SignedTransaction.Create(network.Genesis.ChainId, body, owner).Wire;
                bytes += signed.CalculateSize();
                await stream.RequestStream.WriteAsync(new SubmitRequest { Transaction = signed, Tag = (ulong)i }, Stop);
            }
            await stream.RequestStream.CompleteAsync();
            Assert.Equal(PerRound, await final.WaitAsync(Bounds.Finality, Stop));
        }
        return bytes;
    }

    private static async Task<int> CountFinalAsync(AsyncDuplexStreamingCall<SubmitRequest, SubmitResponse> stream)
    {
        int final = 0;
        while (await stream.ResponseStream.MoveNext(Stop))
            final += stream.ResponseStream.Current is { Stage: SubmitResponse.Types.Stage.Final, Receipt.Reason: 0 } ? 1 : 0;
        return final;
    }
}
