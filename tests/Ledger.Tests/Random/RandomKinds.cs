using System.Text.Json.Nodes;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger;

/// <summary>Random messages of kinds of proof, sensible or not: an energy service, number 4, and sensors that are compared, number 5.</summary>
internal static class RandomKinds
{
    private const uint Energy = 4, Compared = 5;
    private const ulong IntervalMs = 60_000, SlotMs = 5_000;
    private const uint Slots = 4;

    public static JsonObject Genesis(JsonObject json)
    {
        JsonObject parameters = json["parameters"]!.AsObject();
        parameters["energyCloseMs"] = 10_000;
        parameters["sensorSlotMs"] = SlotMs;
        parameters["sensorWindowSlots"] = Slots;
        parameters["sensorCloseMs"] = 6_000;
        JsonArray services = json["services"]!.AsArray();
        JsonObject compared = services[0]!.DeepClone().AsObject();
        compared["id"] = Compared;
        compared["neighbours"] = new JsonObject
        {
            ["level"] = 8,
            ["metrics"] = new JsonArray(
                new JsonObject { ["metric"] = 1, ["tolerance"] = 3_000, ["biasTolerance"] = 2_000 },
                new JsonObject { ["metric"] = 2, ["tolerance"] = 60_000, ["biasTolerance"] = 60_000 }),
        };
        JsonObject energy = services[0]!.DeepClone().AsObject();
        energy["id"] = Energy;
        energy["kind"] = "energy";
        energy["maxAgeMs"] = 10 * IntervalMs;
        energy["energy"] = new JsonObject { ["intervalSeconds"] = IntervalMs / 1_000 };
        energy.Remove("metrics");
        services.Add(energy);
        services.Add(compared);
        return json;
    }

    public static Transaction Transaction(Random random, World world, PrivateKey[] people, PrivateKey[] sensors)
    {
        PrivateKey sensor = sensors[random.Next(sensors.Length)], other = sensors[random.Next(sensors.Length)];
        PrivateKey owner = OwnerOf(world, sensor, people) ?? people[random.Next(people.Length)];
        ulong interval = world.NowMs / IntervalMs * IntervalMs;
        switch (random.Next(11))
        {
            case 0:
                return world.Sign(new EnrollDevice(sensor.Address, random.Next(2) == 0 ? Energy : Compared), owner);
            case 1:
                Address feeder = random.Next(2) == 0 ? sensor.Address : other.Address;
                ConnectMeter connect = new(
                    sensor.Address, Energy, feeder, feeder == sensor.Address ? MeterKind.Load : (MeterKind)random.Next(1, 4), (ulong)random.Next(1, 2_000_000));
                return feeder == sensor.Address
                    ? world.Sign(connect, owner)
                    : world.Sign(connect, owner, OwnerOf(world, other, people) ?? owner);
            case 2:
                return world.Sign(new OfferEnergy(sensor.Address, Energy, (ulong)random.Next(4), world.NowMs + (ulong)random.Next(600_000)), owner);
            case 3 when other.Address != sensor.Address: // else its bytes alone are refused
                MeterRecord? seller = MeterRecord.Find(world.State, Energy, other.Address);
                ulong from = seller is { Lots: [.., var lot] } ? lot.FromSeconds : interval / 1_000;
                return world.Sign(new MatchEnergy(Energy, other.Address, sensor.Address, from, (ulong)random.Next(1, 40), (ulong)random.Next(5)), owner);
            case 6:
                ulong coming = (interval + IntervalMs) / 1_000;
                return world.Sign(new CallGridEvent(Energy, sensor.Address, coming, (ulong)random.Next(1, 60), (ulong)random.Next(1, 4)), owner);
            case 7:
                return world.Sign(new SubmitProof(Energy, world.NowMs, new GridCommitment((interval + IntervalMs) / 1_000, (ulong)random.Next(40))), sensor);
            case 4 or 5:
                MeterRecord? meter = MeterRecord.Find(world.State, Energy, sensor.Address);
                ulong next = meter is { ReadSeconds: > 0 } && random.Next(4) > 0 ? (meter.ReadSeconds * 1_000) + IntervalMs : interval;
                ulong register = (meter?.RegisterWh ?? 0) + (ulong)random.Next(30);
                return world.Sign(
                    new SubmitProof(Energy, random.Next(20) == 0 ? next + 1 : next, new MeterReport(register, random.Next(3) == 0 ? (ulong)random.Next(60) : 0)), sensor);
            default:
                return world.Proof(sensor, 10_000 + random.Next(2_000), random.Next(2_000), world.NowMs - (ulong)random.Next(500), Compared);
        }
    }

    private static PrivateKey? OwnerOf(World world, PrivateKey sensor, PrivateKey[] people) => DeviceRecord.Find(world.State, sensor.Address) is { } device
        ? people.FirstOrDefault(person => person.Address == device.Owner)
        : null;
}
