using System.Text.Json.Nodes;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger.Proofs;

/// <summary>A chain with a network of radios: service 3. Everybody is drawn at every slot of entropy, unless the test says otherwise.</summary>
internal sealed class CoverageWorld
{
    public const uint Service = 3;
    public const ulong FrequencyHz = 868_100_000;
    public const ulong ArrivalMs = 2_000;
    public const ulong RevealMs = 1_000;

    private const int HomeLatitudeE7 = 451_900_000;
    private const int HomeLongitudeE7 = 57_200_000;

    public CoverageWorld(ulong odds = 1, params JsonObject[] density)
    {
        JsonObject genesis = TestGenesis.Json();
        JsonObject parameters = genesis["parameters"]!.AsObject();
        parameters["coverageOdds"] = odds;
        parameters["coverageArrivalMs"] = ArrivalMs;
        parameters["coverageRevealMs"] = RevealMs;
        genesis["services"]!.AsArray().Add(new JsonObject
        {
            ["id"] = Service,
            ["name"] = "radio",
            ["kind"] = "wireless-coverage",
            ["rewardWeight"] = 1,
            ["manufacturers"] = new JsonArray(AddressText.Format(Keys.Maker.Address, AddressKind.Account)),
            ["intervalMinMs"] = 1,
            ["maxAgeMs"] = 60_000,
            ["driftMs"] = 100,
            ["constancyMax"] = 1,
            ["coverage"] = new JsonObject
            {
                ["eirpMaxCentiDbm"] = 1_600,
                ["gainMaxCentiDb"] = 600,
                ["frequencyMinHz"] = 863_000_000,
                ["frequencyMaxHz"] = 870_000_000,
                ["density"] = new JsonArray([.. density]),
            },
        });
        World = new World(genesis);
    }

    public World World { get; }

    /// <summary>The time of the last slot of entropy.</summary>
    public ulong SlotMs => EntropyRecord.Find(World.State)!.Slots[^1].TimeMs;

    public static PrivateKey Radio(int number) => Keys.Of($"radio {number}");

    public static PrivateKey OwnerOf(int number) => Keys.Of($"owner of radio {number}");

    public static Hash256 Secret(PrivateKey device) => Hashing.Sha256(device.PublicKey.Span);

    /// <summary>Registers radios 0 to count − 1, a kilometre apart on a line northwards, each with an owner of its own, and lets each send a first beacon.</summary>
    public void Build(int count)
    {
        for (int i = 0; i < count; i++)
            Place(i, kilometresNorth: i);
        NextSlot();
        foreach (int i in Enumerable.Range(0, count))
            Assert.Equal(Reason.AwaitsGroup, Beacon(Radio(i)).EffectiveReason);
        Close();
    }

    public void Place(int number, double kilometresNorth, PrivateKey? owner = null) => Assert.Equal(Reason.None, World.RunOne(World.Sign(
        World.Registration(Radio(number), Service) with { LatitudeE7 = HomeLatitudeE7 + (int)(kilometresNorth * 89_930), LongitudeE7 = HomeLongitudeE7 },
        owner ?? OwnerOf(number), Radio(number))).Reason);

    /// <summary>Goes to the next slot of entropy.</summary>
    public void NextSlot()
    {
        World.NowMs = (World.NowMs / EntropyRecord.SlotMs + 1) * EntropyRecord.SlotMs;
        World.Run();
        World.NowMs += 10;
    }

    public Transaction Sign(PrivateKey device, ProofPayload payload, ulong? observedMs = null) =>
        World.Sign(new SubmitProof(Service, observedMs ?? World.NowMs, payload), device);

    public Receipt Send(PrivateKey device, ProofPayload payload, ulong? observedMs = null) => World.RunOne(Sign(device, payload, observedMs));

    public Receipt Beacon(PrivateKey device, ulong? slotMs = null, ulong frequencyHz = FrequencyHz) =>
        Send(device, new RadioBeacon(slotMs ?? SlotMs, frequencyHz, RadioSecret.Commit(Secret(device))));

    public Receipt Witness(PrivateKey device, PrivateKey beaconer, ulong frequencyHz = FrequencyHz, int rssi = -11_000, Hash256? mark = null, ulong? observedMs = null) =>
        Send(device, new RadioWitness(beaconer.Address, frequencyHz, rssi, mark ?? RadioSecret.Mark(Secret(beaconer), device.Address)), observedMs);

    public Receipt Reveal(PrivateKey device, Hash256? secret = null) => Send(device, new RadioReveal(secret ?? Secret(device)));

    /// <summary>Lets the time for witnesses pass.</summary>
    public void EndArrival() => World.NowMs += ArrivalMs + 1;

    /// <summary>Lets all windows close, and returns the block that judges.</summary>
    public BlockResult Close()
    {
        World.NowMs += ArrivalMs + RevealMs;
        return World.Run();
    }

    /// <summary>The final verdict on a proof that waited, in this block.</summary>
    public static Verdict FinalOf(BlockResult block, Receipt proof)
    {
        Assert.Equal(Reason.AwaitsGroup, proof.Verdict!.Value.Reason);
        return block.Receipts.Single(receipt => receipt.TransactionId == Receipt.FinalIdOf(proof.TransactionId)).Verdict!.Value;
    }
}
