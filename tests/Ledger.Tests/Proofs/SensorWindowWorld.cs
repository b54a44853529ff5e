using System.Text.Json.Nodes;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger.Proofs;

/// <summary>
/// A chain with a service, number 3, whose sensors are compared with their neighbours: windows of twelve minutes, cells of ten kilometres. The air
/// moves as a wave that nobody could guess; honest sensors read it with a little noise of their own.
/// </summary>
internal sealed class SensorWindowWorld
{
    public const uint Service = 3;
    public const ulong SlotMs = 60_000, WindowMs = Slots * SlotMs, CloseMs = 120_000;
    public const int Slots = 12;

    /// <summary>A cell of level 10 holds all places within some kilometres of this one.</summary>
    public const int LatitudeE7 = 571_300_000, LongitudeE7 = -22_500_000;

    public SensorWindowWorld(uint cellMax = 8)
    {
        JsonObject genesis = TestGenesis.Json();
        JsonObject parameters = genesis["parameters"]!.AsObject();
        parameters["sensorSlotMs"] = SlotMs;
        parameters["sensorWindowSlots"] = Slots;
        parameters["sensorCloseMs"] = CloseMs;
        parameters["sensorCellMax"] = cellMax;
        JsonObject service = genesis["services"]![0]!.DeepClone().AsObject();
        service["id"] = Service;
        service["name"] = "compared air";
        service["maxAgeMs"] = 4 * WindowMs;
        service["metrics"]![0]!["jumpBase"] = 100_000;
        service["constancyMax"] = 1_000;
        service["neighbours"] = new JsonObject
        {
            ["level"] = 10,
            ["metrics"] = new JsonArray(new JsonObject { ["metric"] = 1, ["tolerance"] = 3_000, ["biasTolerance"] = 2_000, ["followMin"] = 400_000 }),
        };
        genesis["services"]!.AsArray().Add(service);
        World = new World(genesis);
        NextWindow();
    }

    public World World { get; }

    public static PrivateKey Sensor(int number) => Keys.Of($"compared sensor {number}");

    public static PrivateKey OwnerOf(int number) => Keys.Of($"owner of compared sensor {number}");

    public ulong StartMs => World.NowMs / WindowMs * WindowMs;

    /// <summary>Registers a sensor, younger than those before it.</summary>
    public void Place(int number, double kilometresNorth = 0)
    {
        RegisterDevice registration = World.Registration(Sensor(number), Service) with
        {
            LatitudeE7 = LatitudeE7 + (int)(kilometresNorth * 89_930),
            LongitudeE7 = LongitudeE7,
        };
        Assert.Equal(Reason.None, World.RunOne(World.Sign(registration, OwnerOf(number), Sensor(number))).Reason);
        World.NowMs++;
    }

    /// <summary>The air at a time: what an honest sensor reads, but for its noise.</summary>
    public static long Air(ulong atMs)
    {
        ulong slot = atMs / SlotMs;
        return 20_000 + (Hashed(slot / 3) % 12_000) + (Hashed(slot) % 3_000);
    }

    /// <summary>An honest reading.</summary>
    public static long Honest(int number, ulong atMs) => Air(atMs) + (Hashed((atMs / SlotMs) ^ ((ulong)number << 32)) % 1_000) - 500;

    /// <summary>Lets sensors read for one window, once in each slot, and returns their receipts of its first slot.</summary>
    public Receipt[] ReadWindow(IReadOnlyList<int> sensors, Func<int, ulong, long>? read = null, int slots = Slots)
    {
        read ??= Honest;
        Receipt[] first = [];
        for (int slot = 0; slot < slots; slot++)
        {
            Transaction[] readings = [.. sensors.Select(number => Reading(number, read(number, World.NowMs)))];
            BlockResult block = World.Run(readings);
            if (slot == 0)
                first = [.. block.Receipts.TakeLast(readings.Length)];
            World.NowMs += SlotMs;
        }
        return first;
    }

    public Transaction Reading(int number, long value, ulong? observedMs = null) => World.Sign(
        new SubmitProof(Service, observedMs ?? World.NowMs, new SensorReading(new Measurement(1, value), new Measurement(2, 0))), Sensor(number));

    /// <summary>Lets the window close that has just ended, and returns the block that judges it.</summary>
    public BlockResult Close()
    {
        World.NowMs = StartMs + CloseMs;
        return World.Run();
    }

    public void NextWindow() => World.NowMs = StartMs + WindowMs;

    /// <summary>Windows of honest readings, one after the other: each is judged while the next one is read.</summary>
    public void Honestly(IReadOnlyList<int> sensors, int windows)
    {
        for (int i = 0; i < windows; i++)
            ReadWindow(sensors);
    }

    public uint Trust(int number) => SensorState.Decode(World.Work(Sensor(number), Service).KindState).Trust;

    private static long Hashed(ulong number) => BitConverter.ToUInt32(Hashing.Sha256(BitConverter.GetBytes(number)).Bytes);
}
