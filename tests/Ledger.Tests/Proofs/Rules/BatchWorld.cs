using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger.Proofs.Rules;

/// <summary>What a device does that was offline: it keeps proofs, sends their root, and opens what is drawn.</summary>
internal sealed class BatchWorld(World world, PrivateKey device, uint service = 1)
{
    private const int LeavesOfTransaction = 6;

    public World World => world;

    public ProofBatchRecord? Open => ProofBatchRecord.Find(world.State, service, device.Address);

    /// <summary>Proofs at the service's pace that end now.</summary>
    public List<SubmitProof> Kept(int count, Func<int, long>? value = null, ulong intervalMs = 100) =>
        [.. Enumerable.Range(0, count).Select(i => Reading(world.NowMs - ((ulong)(count - 1 - i) * intervalMs), value?.Invoke(i) ?? 10_000 + (i % 50)))];

    public SubmitProof Reading(ulong observedMs, long value) => new(service, observedMs, new SensorReading(new Measurement(1, value), new Measurement(2, 1_000)));

    public SubmitProofBatch Batch(IReadOnlyList<SubmitProof> kept) =>
        new(service, MerkleList.Root(Leaves(kept)), (uint)kept.Count, kept[0].ObservedMs, kept[^1].ObservedMs);

    public Receipt Send(IReadOnlyList<SubmitProof> kept) => world.RunOne(world.Sign(Batch(kept), device));

    /// <summary>The openings of what is drawn, some leaves in each.</summary>
    public IEnumerable<Transaction> Openings(IReadOnlyList<SubmitProof> kept)
    {
        Hash256[] leaves = Leaves(kept);
        foreach (uint[] part in Open!.Drawn().Chunk(LeavesOfTransaction))
            yield return world.Sign(new OpenProofs(service, part.Select(place => new OpenedLeaf(BatchLeaf.Encode(kept[(int)place]), [.. MerkleList.Prove(leaves, (int)place)]))), device);
    }

    /// <summary>Sends a batch, lets it be drawn from, opens it; returns the receipt with its verdict.</summary>
    public Receipt Settle(IReadOnlyList<SubmitProof> kept)
    {
        Receipt receipt = Send(kept);
        if (receipt.EffectiveReason != Reason.AwaitsOpenings)
            return receipt;
        world.Run(); // the next block draws
        foreach (Transaction opening in Openings(kept))
        {
            receipt = world.RunOne(opening);
            if (receipt.Verdict is not { Reason: Reason.AwaitsOpenings })
                break;
        }
        return receipt;
    }

    private static Hash256[] Leaves(IReadOnlyList<SubmitProof> kept) => [.. kept.Select(proof => BatchLeaf.Hash(BatchLeaf.Encode(proof)))];
}
