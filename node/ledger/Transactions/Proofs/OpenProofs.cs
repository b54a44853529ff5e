using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>One leaf of a batch with the path to its root.</summary>
/// <param name="Proof">The leaf's bytes: <see cref="BatchLeaf.Encode"/>.</param>
/// <param name="Path">From the leaf up.</param>
public readonly record struct OpenedLeaf(ReadOnlyMemory<byte> Proof, ImmutableArray<Hash256> Path);

/// <summary>
/// The next leaves of the signer's open batch that entropy drew, in order. As many as fit: several such transactions open one batch, and the last one gets its verdict.
/// </summary>
public sealed record OpenProofs : Message
{
    internal const int Number = 111;

    /// <param name="service">The service that the batch is for.</param>
    /// <param name="leaves">In the order of <see cref="ProofBatchRecord.Drawn"/>, from the first that is not opened yet.</param>
    public OpenProofs(uint service, params IEnumerable<OpenedLeaf> leaves) => (Service, Leaves) = (service, [.. leaves]);

    public uint Service { get; }

    public ImmutableArray<OpenedLeaf> Leaves { get; }

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Proofs;

    internal override bool SignedByDevice => true;

    internal override uint? SponsoredBy(ILedgerState state, Address signer) => SubmitProof.SponsorOf(state, signer, Service);

    public bool Equals(OpenProofs? other) => other is not null && Encode().AsSpan().SequenceEqual(other.Encode());

    public override int GetHashCode() => HashCode.Combine(Service, Leaves.Length);

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.UInt64(1, Service);
        foreach (OpenedLeaf leaf in Leaves)
        {
            WireWriter element = new();
            element.Bytes(1, leaf.Proof.Span);
            foreach (Hash256 hash in leaf.Path)
                element.Element(2, hash.Bytes);
            writer.Element(2, element.ToArray());
        }
        return writer.ToArray();
    }

    internal static OpenProofs Read(ref WireReader reader)
    {
        uint service = reader.UInt32(1);
        List<OpenedLeaf> leaves = [];
        while (reader.TryElement(2, out ReadOnlySpan<byte> element))
        {
            WireReader inner = new(element);
            leaves.Add(ReadLeaf(ref inner));
            reader.Fail(inner.Finish());
        }
        return new OpenProofs(service, leaves);
    }

    internal override Reason CheckShape(Transaction transaction) =>
        Leaves.IsEmpty || Leaves.Any(leaf => leaf.Path.Length > MerkleList.PathLengthMax) ? Reason.BatchOutOfBounds : Reason.None;

    internal override Reason Admit(ILedgerState state, Address signer)
    {
        if (DeviceRecord.Get(state, signer).In(Service) is not { Leaving: false } enrollment || ProofBatchRecord.Find(state, Service, signer) is not { } batch
            || enrollment.NotBeforeMs > batch.SentMs)
            return Reason.NoOpenBatch;
        if (batch.Beacon == Hash256.Zero)
            return Reason.BatchNotDrawn;
        ImmutableArray<uint> drawn = batch.Drawn();
        if (Leaves.Length > drawn.Length - batch.Opened)
            return Reason.LeafNotDrawn;
        for (int i = 0; i < Leaves.Length; i++)
        {
            OpenedLeaf leaf = Leaves[i];
            if (!MerkleList.Verify(batch.Root, BatchLeaf.Hash(leaf.Proof.Span), (int)drawn[(int)batch.Opened + i], (int)batch.Count, leaf.Path.AsSpan()))
                return Reason.LeafNotDrawn;
        }
        return Reason.None;
    }

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context) =>
        new(Reason.None, BatchFrame.Judge(session, context, transaction.Id, transaction.Body.Signer, this));

    private static OpenedLeaf ReadLeaf(ref WireReader reader)
    {
        byte[] proof = reader.Bytes(1).ToArray();
        List<Hash256> path = [];
        while (reader.TryElement(2, out ReadOnlySpan<byte> hash))
        {
            if (hash.Length == Hash256.Size)
                path.Add(new Hash256(hash));
            else
                reader.Fail(Reason.WrongFieldLength);
        }
        return new OpenedLeaf(proof, [.. path]);
    }
}
