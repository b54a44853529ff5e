using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger;

/// <summary>Random batches of the sensors, and openings of what is drawn: most honest, some of other leaves.</summary>
internal sealed class RandomBatches(Random random)
{
    private readonly Dictionary<(Address, uint), SubmitProof[]> sent = [];

    public Transaction Next(World world, PrivateKey sensor)
    {
        uint service = DeviceRecord.Find(world.State, sensor.Address) is { Enrollments: [Enrollment first, ..] } ? first.Service : 1;
        if (ProofBatchRecord.Find(world.State, service, sensor.Address) is { } open && sent.TryGetValue((sensor.Address, service), out SubmitProof[]? kept) && kept.Length == open.Count)
            return world.Sign(Opening(open, service, kept), sensor);
        int count = random.Next(1, 30);
        ulong interval = (ulong)random.Next(80, 300), end = world.NowMs - (ulong)random.Next(2_000);
        kept = [.. Enumerable.Range(0, count).Select(i => Proof(service, end - ((ulong)(count - 1 - i) * interval)))];
        sent[(sensor.Address, service)] = kept;
        return world.Sign(new SubmitProofBatch(service, MerkleList.Root(Leaves(kept)), (uint)count, kept[0].ObservedMs, kept[^1].ObservedMs), sensor);
    }

    private OpenProofs Opening(ProofBatchRecord open, uint service, SubmitProof[] kept)
    {
        uint[] places = [.. open.Drawn().Skip((int)open.Opened + (random.Next(8) == 0 ? 1 : 0)).Take(random.Next(1, 8))];
        Hash256[] leaves = Leaves(kept);
        IEnumerable<OpenedLeaf> opened = places.Length == 0
            ? [new OpenedLeaf(new byte[] { 1 }, [])] // too soon, or too many
            : places.Select(place => new OpenedLeaf(BatchLeaf.Encode(kept[place]), [.. MerkleList.Prove(leaves, (int)place)]));
        return new OpenProofs(service, opened);
    }

    private SubmitProof Proof(uint service, ulong observedMs) => new(service, observedMs, new SensorReading(
        random.Next(15) == 0 ? [new Measurement(1, 1)] : [new Measurement(1, random.Next(8_000, 16_000)), new Measurement(2, random.Next(50_000))]));

    private static Hash256[] Leaves(SubmitProof[] kept) => [.. kept.Select(proof => BatchLeaf.Hash(BatchLeaf.Encode(proof)))];
}
