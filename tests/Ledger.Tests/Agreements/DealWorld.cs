using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger.Agreements;

/// <summary>A chain with a storage service, number 3: Alice and Bob have credits and files, Carol owns the devices that keep them.</summary>
internal sealed class DealWorld
{
    public const uint Service = 3;
    public const ulong WindowMs = 10_000;
    public const uint WindowsMax = 20;
    public const byte Draws = 8;
    public const byte Grace = 1;
    public const ulong Bond = 1_000;
    public const uint BurnPpm = 100_000;
    public const ulong Credits = 10_000;
    public const int Chunks = 40;

    public DealWorld()
    {
        World = new World(Json());
        Assert.Equal(Reason.None, World.RunOne(World.Sign(World.Registration(Keys.Sensor, Service), Keys.Carol, Keys.Sensor)).Reason);
        Assert.Equal(Reason.None, World.RunOne(World.Sign(World.Registration(Keys.OtherSensor, Service), Keys.Carol, Keys.OtherSensor)).Reason);
        World.NowMs += 100;
    }

    public World World { get; }

    /// <summary>The file of a number: its chunks differ in length and content.</summary>
    public static ImmutableArray<byte[]> File(int number) =>
        [.. Enumerable.Range(0, Chunks).Select(i => Hashing.Sha256([(byte)number, (byte)i]).ToArray()[..(i == Chunks - 1 ? 5 : 32)])];

    public static Hash256[] Hashes(ImmutableArray<byte[]> file) => [.. file.Select(chunk => Hashing.Sha256(chunk))];

    public static OpenDeal Terms(PrivateKey device, int file = 1, ulong price = 100, uint windows = 3) =>
        new(Service, device.Address, MerkleList.Root(Hashes(File(file))), Chunks, 32, new Credits(price), windows);

    public static JsonObject Json()
    {
        JsonObject json = TestGenesis.Json();
        json["accounts"]![0]!["credits"] = Credits;
        json["accounts"]![1]!["credits"] = Credits;
        JsonObject owner = TestGenesis.Account(Keys.Carol, 10 * Bond);
        owner["credits"] = Credits;
        json["accounts"]!.AsArray().Add(owner);
        json["parameters"]!["storageWindowMs"] = WindowMs;
        json["parameters"]!["storageWindowsMax"] = WindowsMax;
        json["services"]!.AsArray().Add(ServiceJson());
        return json;
    }

    public static JsonObject ServiceJson(uint id = Service) => new()
    {
        ["id"] = id,
        ["name"] = "shelf",
        ["kind"] = "storage",
        ["rewardWeight"] = 1,
        ["manufacturers"] = new JsonArray(AddressText.Format(Keys.Maker.Address, AddressKind.Account)),
        ["intervalMinMs"] = 1,
        ["maxAgeMs"] = 60_000,
        ["driftMs"] = 100,
        ["constancyMax"] = 1,
        ["deviceBond"] = Bond,
        ["storage"] = new JsonObject { ["chunkBytesMax"] = 64, ["draws"] = Draws, ["graceWindows"] = Grace, ["burnPpm"] = BurnPpm },
    };

    /// <summary>Opens a deal and lets its first window begin.</summary>
    public Hash256 Open(PrivateKey client, OpenDeal? terms = null, PrivateKey? device = null)
    {
        Transaction opening = World.Sign(terms ?? Terms(device ?? Keys.Sensor), client, device ?? Keys.Sensor);
        Assert.Equal(Reason.None, World.RunOne(opening).Reason);
        World.Run();
        return opening.Id;
    }

    public DealRecord? Deal(Hash256 deal) => DealRecord.Find(World.State, deal);

    /// <summary>Shows chunks of the present window, as many as are asked for in the order of their indices.</summary>
    public Receipt Show(Hash256 deal, PrivateKey device, IEnumerable<uint> indices, int file = 1, uint? window = null, Func<ShownChunk, ShownChunk>? change = null)
    {
        ImmutableArray<byte[]> chunks = File(file);
        Hash256[] hashes = Hashes(chunks);
        IEnumerable<ShownChunk> shown = indices.Distinct().Order().Select(
            index => new ShownChunk(index, chunks[(int)index], [.. MerkleList.Prove(hashes, (int)index)]));
        if (change is not null)
            shown = shown.Select(change);
        StorageProof proof = new(deal, window ?? Deal(deal)?.Window ?? 1, [.. shown]);
        return World.RunOne(World.Sign(new SubmitProof(Service, World.NowMs, proof), device));
    }

    /// <summary>Lets the present window close.</summary>
    public void Close()
    {
        World.NowMs += WindowMs;
        World.Run();
    }

    public ulong BondOf(PrivateKey device) => World.Work(device, Service).Bond.Grains;

    public ulong UsageOf(PrivateKey device) => LedgerQueries.Usage(World.State, device.Address, Service)?.Total.Units ?? 0;
}
