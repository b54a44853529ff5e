using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Client.Batches;

/// <summary>Proofs that a device has kept, as one batch: their Merkle tree, and what opens its leaves (docs/batches.md).</summary>
public sealed class ProofBatch
{
    private readonly byte[][] leaves;
    private readonly Hash256[] hashes;

    private ProofBatch(IReadOnlyList<SubmitProof> proofs)
    {
        Proofs = proofs;
        leaves = [.. proofs.Select(BatchLeaf.Encode)];
        hashes = [.. leaves.Select(static leaf => BatchLeaf.Hash(leaf))];
        Message = new SubmitProofBatch(proofs[0].Service, MerkleList.Root(hashes), (uint)proofs.Count, proofs[0].ObservedMs, proofs[^1].ObservedMs);
    }

    /// <summary>What is in it, in order of time.</summary>
    public IReadOnlyList<SubmitProof> Proofs { get; }

    /// <summary>What the device signs.</summary>
    public SubmitProofBatch Message { get; }

    /// <summary>
    /// The batch of what a service takes: in order of time, later than what was judged already, at the service's pace. Who leaves out less loses the batch. Null: nothing is
    /// left.
    /// </summary>
    /// <param name="kept">Proofs for one service, in any order.</param>
    /// <param name="afterMs">When the device's last observation was that the chain has judged; 0: none.</param>
    /// <param name="intervalMs">The service's least time between two observations.</param>
    /// <param name="most">The chain's limit.</param>
    public static ProofBatch? Select(IEnumerable<SubmitProof> kept, ulong afterMs, ulong intervalMs, int most)
    {
        List<SubmitProof> taken = [];
        ulong notBefore = afterMs == 0 ? 1 : afterMs + intervalMs;
        foreach (SubmitProof proof in kept.OrderBy(static proof => proof.ObservedMs))
        {
            if (proof.ObservedMs < notBefore || taken.Count == most)
                continue;
            taken.Add(proof);
            notBefore = proof.ObservedMs + intervalMs;
        }
        return taken.Count == 0 ? null : new ProofBatch(taken);
    }

    /// <summary>The messages that open the drawn leaves from one on, each as large as a transaction may be.</summary>
    /// <param name="drawn">All that are drawn: <see cref="BatchDraw.Of"/>.</param>
    /// <param name="opened">How many of these are opened already.</param>
    public IEnumerable<OpenProofs> Openings(IReadOnlyList<uint> drawn, int opened)
    {
        List<OpenedLeaf> part = [];
        int bytes = 0;
        foreach (uint place in drawn.Skip(opened))
        {
            OpenedLeaf leaf = new(leaves[place], [.. MerkleList.Prove(hashes, (int)place)]);
            int size = leaf.Proof.Length + (leaf.Path.Length * (Hash256.Size + 2)) + 8;
            if (part.Count > 0 && bytes + size > ClientLimits.OpeningBytesMax)
            {
                yield return new OpenProofs(Message.Service, part);
                (part, bytes) = ([], 0);
            }
            part.Add(leaf);
            bytes += size;
        }
        if (part.Count > 0)
            yield return new OpenProofs(Message.Service, part);
    }
}
