using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger.Agreements;

/// <summary>Random messages and proofs of deals and jobs, good and bad, for the properties of the whole ledger.</summary>
internal sealed class RandomAgreements(Random random, PrivateKey[] people, PrivateKey[] sensors)
{
    private const uint Storage = 9, Compute = 10; // apart from the services that everything else is about

    private readonly List<(Hash256 Id, PrivateKey Device)> deals = [];

    private readonly List<(Hash256 Id, PrivateKey Client)> jobs = [];

    public static JsonObject Genesis(JsonObject json)
    {
        JsonObject shelf = DealWorld.ServiceJson(Storage);
        shelf["deviceBond"] = 10;
        shelf["attestationRequired"] = false;
        json["services"]!.AsArray().Add(shelf);
        JsonObject cluster = JobWorld.ServiceJson(Compute);
        cluster["deviceBond"] = 10;
        cluster["attestationRequired"] = false;
        json["services"]!.AsArray().Add(cluster);
        json["parameters"]!["computeOfferMs"] = 3_000;
        json["parameters"]!["computeWorkMs"] = 6_000;
        json["parameters"]!["computeRevealMs"] = 3_000;
        json["parameters"]!["storageWindowMs"] = 4_000;
        json["parameters"]!["storageWindowsMax"] = 5;
        return json;
    }

    public Transaction Next(World world)
    {
        PrivateKey person = people[random.Next(people.Length)], sensor = sensors[random.Next(sensors.Length)];
        // Few devices would ever get here by chance: whoever owns one enrols it.
        if (random.Next(3) > 0 && DeviceRecord.Find(world.State, sensor.Address) is { } record && (record.In(Storage) is null || record.In(Compute) is null)
            && people.FirstOrDefault(one => one.Address == record.Owner) is { } owner)
            return world.Sign(new EnrollDevice(sensor.Address, record.In(Storage) is null ? Storage : Compute), owner);
        switch (random.Next(12))
        {
            case 0 or 1:
                OpenDeal terms = DealWorld.Terms(sensor, price: (ulong)random.Next(1, 12), windows: (uint)random.Next(1, 7)) with { Service = Storage };
                Transaction opening = world.Sign(terms, person, random.Next(9) == 0 ? person : sensor);
                deals.Add((opening.Id, sensor));
                return opening;
            case 2 when deals.Count > 0:
                return world.Sign(new CancelDeal(Any().Id), person);
            case 6:
                Hash256 seal = random.Next(2) == 0 ? JobWorld.SealOf(person, JobWorld.Right) : Hash256.Zero;
                Transaction posting = world.Sign(new PostJob(Compute, JobWorld.Input, JobWorld.Specification, new Credits((ulong)random.Next(1, 9)), seal), person);
                jobs.Add((posting.Id, person));
                return posting;
            case 7 or 8 or 9 or 10 or 11 when jobs.Count > 0:
                return OfJob(world, sensor);
            default:
                return Proof(world, sensor);
        }
    }

    private Transaction OfJob(World world, PrivateKey sensor)
    {
        (Hash256 id, PrivateKey client) = jobs[^random.Next(1, Math.Min(jobs.Count, 4) + 1)];
        JobRecord? job = JobRecord.Find(world.State, id);
        Hash256 result = random.Next(6) == 0 ? JobWorld.Wrong : JobWorld.Right;
        if (job?.Phase == JobPhase.Revealing && random.Next(4) == 0)
            return world.Sign(new OpenSeal(id, result, JobWorld.Salt), client);
        // Mostly those who were asked: others are refused.
        if (job is { Answers.Length: > 0 } && random.Next(5) > 0)
        {
            Address asked = job.Answers[random.Next(job.Answers.Length)].Device;
            sensor = sensors.First(one => one.Address == asked);
        }
        ProofPayload payload = (job?.Phase ?? JobPhase.Offering) switch
        {
            JobPhase.Offering => new ComputeOffer(id),
            JobPhase.Working => new CommitResult(id, ComputeScoring.Commit(JobWorld.Work, sensor.Address, result, JobWorld.Salt)),
            _ => new RevealResult(id, result, JobWorld.Salt),
        };
        return world.Sign(new SubmitProof(Compute, world.NowMs, payload), sensor);
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
