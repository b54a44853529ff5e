using System.Text.Json.Nodes;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger.Proofs;

/// <summary>
/// A chain with an energy service, number 3, and a street of it: four roofs of 4 kW and two homes behind one transformer, in hours of a November's
/// noon in Grenoble. Everybody has an owner of his own.
/// </summary>
internal sealed class EnergyWorld
{
    public const uint Service = 3, Hour = 3_600;
    public const ulong CloseMs = 60_000, ReadingUnits = 10_000, TradeFee = 7;
    public const int Roofs = 4, Homes = 2;

    private readonly Dictionary<Address, (ulong In, ulong Out)> registers = [];

    public EnergyWorld(params (PrivateKey Key, ulong Tokens)[] accounts)
    {
        JsonObject genesis = TestGenesis.Json();
        genesis["parameters"]!["energyCloseMs"] = CloseMs;
        genesis["parameters"]!["energyTradeFee"] = TradeFee;
        foreach ((PrivateKey key, ulong tokens) in accounts)
        {
            JsonObject account = TestGenesis.Account(key, tokens);
            account["credits"] = 1_000;
            genesis["accounts"]!.AsArray().Add(account);
        }
        genesis["services"]!.AsArray().Add(new JsonObject
        {
            ["id"] = Service,
            ["name"] = "street",
            ["kind"] = "energy",
            ["rewardWeight"] = 1,
            ["manufacturers"] = new JsonArray(AddressText.Format(Keys.Maker.Address, AddressKind.Account)),
            ["intervalMinMs"] = 1,
            ["maxAgeMs"] = 4 * Hour * 1_000,
            ["driftMs"] = 1_000,
            ["constancyMax"] = 1,
            ["energy"] = new JsonObject { ["intervalSeconds"] = Hour },
        });
        World = new World(genesis);
    }

    public World World { get; }

    public static PrivateKey Feeder { get; } = Meter("feeder");

    public static ulong Noon => 1_700_046_000; // 2023-11-15, 11:00 UTC

    public static PrivateKey Meter(string name) => Keys.Of($"meter {name}");

    public static PrivateKey Roof(int number) => Meter($"roof {number}");

    public static PrivateKey Home(int number) => Meter($"home {number}");

    public static PrivateKey OwnerOf(PrivateKey meter) => Keys.Of($"owner of {meter.Address}");

    /// <summary>The street, with every register read at <see cref="Noon"/>: the next interval is the first that counts.</summary>
    public void Build()
    {
        foreach (PrivateKey meter in Street())
            Register(meter);
        Connect(Feeder, Feeder, MeterKind.Load, 100_000);
        for (int i = 0; i < Roofs; i++)
            Connect(Roof(i), Feeder, MeterKind.Solar, 4_000);
        for (int i = 0; i < Homes; i++)
            Connect(Home(i), Feeder, MeterKind.Load, 10_000);
        World.NowMs = Noon * 1_000;
        foreach (PrivateKey meter in Street())
            Assert.Equal(Reason.None, Read(meter, 1_000).EffectiveReason);
    }

    public static IEnumerable<PrivateKey> Street() => [Feeder, .. Enumerable.Range(0, Roofs).Select(Roof), .. Enumerable.Range(0, Homes).Select(Home)];

    public void Register(PrivateKey meter) => Assert.Equal(Reason.None, World.RunOne(World.Sign(
        World.Registration(meter, Service) with { LatitudeE7 = 451_900_000, LongitudeE7 = 57_200_000 }, OwnerOf(meter), meter)).Reason);

    public void Connect(PrivateKey meter, PrivateKey feeder, MeterKind kind, ulong watts) =>
        Assert.Equal(Reason.None, TryConnect(meter, feeder, kind, watts));

    public Reason TryConnect(PrivateKey meter, PrivateKey feeder, MeterKind kind, ulong watts, PrivateKey? second = null)
    {
        PrivateKey[] keys = meter.Address == feeder.Address ? [OwnerOf(meter)] : [OwnerOf(meter), second ?? OwnerOf(feeder)];
        return World.RunOne(World.Sign(new ConnectMeter(meter.Address, Service, feeder.Address, kind, watts), keys)).Reason;
    }

    public void NextHour() => World.NowMs = (World.NowMs / (Hour * 1_000) + 1) * Hour * 1_000;

    /// <summary>The meter's reading of the hour that has just ended.</summary>
    public Receipt Read(PrivateKey meter, ulong wh, ulong exported = 0, ulong? observedMs = null)
    {
        (ulong @in, ulong @out) = registers.GetValueOrDefault(meter.Address);
        Receipt receipt = Send(meter, @in + wh, @out + exported, observedMs);
        registers[meter.Address] = (@in + wh, @out + exported);
        return receipt;
    }

    public Receipt Send(PrivateKey meter, ulong register, ulong exported = 0, ulong? observedMs = null) =>
        World.RunOne(World.Sign(new SubmitProof(Service, observedMs ?? World.NowMs, new MeterReport(register, exported)), meter));

    /// <summary>One hour of the street that balances: each roof makes 1 kWh, each home takes 1.5, the rest leaves.</summary>
    public Dictionary<Address, Receipt> ReadAll(ulong firstRoof = 1_000)
    {
        NextHour();
        Dictionary<Address, Receipt> receipts = [];
        receipts[Feeder.Address] = Read(Feeder, 0, 950);
        for (int i = 0; i < Roofs; i++)
            receipts[Roof(i).Address] = Read(Roof(i), i == 0 ? firstRoof : 1_000);
        for (int i = 0; i < Homes; i++)
            receipts[Home(i).Address] = Read(Home(i), 1_500);
        return receipts;
    }

    /// <summary>Lets the time for readings pass, and returns the block that judges.</summary>
    public BlockResult Close()
    {
        World.NowMs += CloseMs;
        return World.Run();
    }

    public MeterRecord Record(PrivateKey meter) => MeterRecord.Find(World.State, Service, meter.Address)!;
}
