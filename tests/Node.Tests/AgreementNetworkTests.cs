using System.Text;
using System.Text.Json.Nodes;
using AppChain.Client;
using AppChain.Crypto;
using AppChain.Ledger;

namespace Node.Tests;

/// <summary>A storage deal and a job on a network of four, through the SDK alone: what two machines sign, what the chain draws, what is shown and paid.</summary>
public sealed class AgreementNetworkTests
{
    private const uint Storage = 901, Compute = 902;
    private const ulong Bond = 1_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Deal_OfferedAndAccepted_IsShownFromTheFileOnDisk()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync(GenesisWithAgreements());
        await using NodeClient node = network.Connect(0);
        ChainId chain = network.Genesis.ChainId;
        using PrivateKey owner = PrivateKey.FromSeed(KeyScheme.Secp256k1, "appchain-devnet/owner/0"), device = PrivateKey.Generate(KeyScheme.P256);
        using Wallet wallet = new(node, chain, owner);
        Assert.True((await wallet.RegisterDeviceAsync(device, Storage, attestation: null, new DevicePlace(0, 0), Cancellation)).Succeeded);
        await SponsorAsync(wallet, Storage);
        string path = Path.Combine(Directory.CreateTempSubdirectory("appchain-deal-").FullName, "file");
        await File.WriteAllBytesAsync(path, [.. Enumerable.Range(0, 200_001).Select(i => (byte)(i * 7 / 3))], Cancellation);
        ChunkedFile file = ChunkedFile.Read(path, 1_024);

        OpenDeal terms = new(Storage, device.Address, file.Root, file.Count, file.ChunkBytes, new Credits(160), Windows: 2);
        string offered = (await wallet.OfferDealAsync(terms, TimeSpan.FromHours(1), Cancellation)).ToString();
        Assert.True(DealOffer.TryParse(offered, out DealOffer? offer));
        Assert.True(offer.IsAbout(file));
        SignedTransaction accepted = offer.Accept(device);
        Assert.True((await node.SubmitAndWaitAsync(accepted, Cancellation)).Succeeded);
        DealRecord deal = await BegunAsync(node, accepted.Id);

        ulong units = 0;
        foreach (StorageProof proof in file.Prove(accepted.Id, deal))
            units += (await node.SubmitProofAsync(chain, device, device.Address, Storage, proof, Cancellation))!.Verdict!.Units;

        DealRecord shown = (await node.FindDealAsync(accepted.Id, Cancellation))!;
        Assert.Equal((160UL, 16u), (units, shown.Passed));
        Assert.Empty(file.Prove(accepted.Id, shown)); // nothing is left to show
        Assert.True((await wallet.CancelDealAsync(accepted.Id, Cancellation)).Succeeded); // as the client, who is the owner too
        Assert.Equal(1u, (await node.FindDealAsync(accepted.Id, Cancellation))!.WindowsLeft);
        Assert.Null(await node.FindDealAsync(Hash256.Zero, Cancellation));
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Fact]
    public async Task Job_Posted_WaitsForTheWorkerThatOffered()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync(GenesisWithAgreements());
        await using NodeClient node = network.Connect(1);
        ChainId chain = network.Genesis.ChainId;
        using PrivateKey owner = PrivateKey.FromSeed(KeyScheme.Secp256k1, "appchain-devnet/owner/0"), client = PrivateKey.Generate(KeyScheme.P256);
        using PrivateKey device = PrivateKey.Generate(KeyScheme.P256);
        using Wallet wallet = new(node, chain, owner), clients = new(node, chain, client);
        Assert.True((await wallet.RegisterDeviceAsync(device, Compute, attestation: null, new DevicePlace(0, 0), Cancellation)).Succeeded);
        await SponsorAsync(wallet, Compute);
        Assert.True((await wallet.TransferAsync(client.Address, Amount.FromTokens(1), Cancellation)).Succeeded);
        Assert.True((await clients.BurnForCreditsAsync(Amount.FromTokens(1), new Credits(1_000), Cancellation)).Succeeded);

        PostJob job = new(Compute, Hashing.Sha256("input"u8), Hashing.Sha256("program"u8), new Credits(10), Hash256.Zero);
        Hash256 id = (await clients.PostJobAsync(job, Cancellation)).Id!.Value;
        SubmitResult offered = (await node.SubmitProofAsync(chain, device, device.Address, Compute, new ComputeOffer(id), Cancellation))!;

        Assert.True(offered.Succeeded, offered.Explanation);
        JobRecord found = (await node.FindJobAsync(id, Cancellation))!;
        Assert.Equal((device.Address, 20UL), (Assert.Single(found.Workers).Device, found.Locked.Units));
    }

    // The first window opens with the block after the deal's: by the next transaction at the latest there is one.
    private static async Task<DealRecord> BegunAsync(NodeClient node, Hash256 id)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            DealRecord deal = (await node.FindDealAsync(id, patience.Token))!;
            if (deal.Window > 0)
                return deal;
        }
    }

    // Devices have no credits: their service pays for what they send.
    private static async Task SponsorAsync(Wallet wallet, uint service)
    {
        Assert.True((await wallet.BurnForCreditsAsync(Amount.FromTokens(1), new Credits(10_000), Cancellation)).Succeeded);
        Assert.True((await wallet.SubmitAsync(new FundSponsor(service, new Credits(5_000)), Cancellation)).Succeeded);
    }

    private static byte[] GenesisWithAgreements()
    {
        JsonObject genesis = JsonNode.Parse(Repository.Read("genesis.json"))!.AsObject();
        genesis["parameters"]!["computeOfferMs"] = 60_000;
        genesis["services"]!.AsArray().Add(Service(Storage, "storage", new JsonObject { ["chunkBytesMax"] = 1_024, ["draws"] = 16, ["graceWindows"] = 2, ["burnPpm"] = 50_000 }));
        genesis["services"]!.AsArray().Add(Service(Compute, "compute", new JsonObject { ["slashPpm"] = 200_000 }));
        return Encoding.UTF8.GetBytes(genesis.ToJsonString());
    }

    private static JsonObject Service(uint id, string kind, JsonObject terms) => new()
    {
        ["id"] = id,
        ["name"] = kind,
        ["kind"] = kind,
        ["manufacturers"] = new JsonArray(),
        ["attestationRequired"] = false,
        ["intervalMinMs"] = 1,
        ["maxAgeMs"] = 60_000,
        ["driftMs"] = 1_000,
        ["constancyMax"] = 1,
        ["deviceBond"] = Bond,
        [kind] = terms,
    };
}
