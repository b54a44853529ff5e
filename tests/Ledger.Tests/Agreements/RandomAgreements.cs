using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger.Agreements;

/// <summary>Random messages and proofs of deals, good and bad, for the properties of the whole ledger.</summary>
internal sealed class RandomAgreements(Random random, PrivateKey[] people, PrivateKey[] sensors)
{
    private const uint Storage = 9; // apart from the services that everything else is about

    private readonly List<(Hash256 Id, PrivateKey Device)> deals = [];

    public static JsonObject Genesis(JsonObject json)
    {
        JsonObject shelf = DealWorld.ServiceJson(Storage);
        shelf["deviceBond"] = 10;
        json["services"]!.AsArray().Add(shelf);
        json["parameters"]!["storageWindowMs"] = 4_000;
        json["parameters"]!["storageWindowsMax"] = 5;
        return json;
    }

    public Transaction Next(World world)
    {
        PrivateKey person = people[random.Next(people.Length)], sensor = sensors[random.Next(sensors.Length)];
        switch (random.Next(6))
        {
            case 0:
                Address owner = DeviceRecord.Find(world.State, sensor.Address)?.Owner ?? person.Address;
                return world.Sign(new EnrollDevice(sensor.Address, Storage), people.FirstOrDefault(one => one.Address == owner) ?? person);
            case 1:
                OpenDeal terms = DealWorld.Terms(sensor, price: (ulong)random.Next(1, 12), windows: (uint)random.Next(1, 7)) with { Service = Storage };
                Transaction opening = world.Sign(terms, person, random.Next(9) == 0 ? person : sensor);
                deals.Add((opening.Id, sensor));
                return opening;
            case 2 when deals.Count > 0:
                return world.Sign(new CancelDeal(Any().Id), person);
            default:
                return Proof(world, sensor);
        }
    }

    private (Hash256 Id, PrivateKey Device) Any() => deals[^random.Next(1, Math.Min(deals.Count, 8) + 1)];

    private Transaction Proof(World world, PrivateKey sensor)
    {
        (Hash256 id, PrivateKey device) = deals.Count > 0 ? Any() : (Hash256.Zero, sensor);
        ImmutableArray<byte[]> file = DealWorld.File(random.Next(9) == 0 ? 2 : 1);
        Hash256[] hashes = DealWorld.Hashes(file);
        DealRecord? deal = DealRecord.Find(world.State, id);
        uint[] drawn = deal is { Window: > 0 } ? [.. deal.Drawn(id)] : [1, 2];
        IEnumerable<uint> some = drawn.Where(_ => random.Next(2) == 0).Append(random.Next(9) == 0 ? 3 : drawn[0]).Distinct().Order();
        StorageProof proof = new(
            id, deal?.Window ?? 1, [.. some.Select(index => new ShownChunk(index, file[(int)index], [.. MerkleList.Prove(hashes, (int)index)]))]);
        return world.Sign(new SubmitProof(Storage, world.NowMs, proof), device);
    }
}
