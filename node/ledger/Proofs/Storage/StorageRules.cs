using System;
using System.Buffers.Binary;
using System.Collections.Immutable;

namespace AppChain.Ledger;

/// <summary>
/// Storage: a device shows chunks of a file that a client pays it for, drawn by entropy in each window of their deal. docs/storage-deals.md has the whole of
/// it; here is what makes one proof good, in order. A unit is a credit that the window's price pays for the draws that the proof answers: empty space earns nothing.
/// </summary>
/// <remarks>A device is remembered by the time of its last good proof, <see cref="Enrollment.KindState"/> = sentMs:8; empty: it has shown nothing.</remarks>
internal sealed class StorageRules : IProofRules
{
    public ProofKind Kind => ProofKind.Storage;

    public string Name => "storage";

    public uint VersionMax => 1;

    // A deal keeps the beacon of the block that opened its window.
    public bool WantsEntropy => false;

    public byte[] ReadParameters(JsonNodeReader service) => StorageTerms.Read(service.Object("storage")).Encode();

    public bool Allow(ServiceDefinition service) => service.Metrics.IsEmpty && StorageTerms.TryDecode(service.KindParameters) is not null;

    public ulong LastObservedMs(ReadOnlyMemory<byte> kindState) => kindState.IsEmpty ? 0 : BinaryPrimitives.ReadUInt64BigEndian(kindState.Span);

    public Judgement Judge(in ProofCase proof)
    {
        StorageProof shown = (StorageProof)proof.Payload;
        if (DealRecord.Find(proof.Session, shown.Deal) is not { } deal || deal.Device != proof.Address || deal.Service != proof.Service.Id)
            return new Judgement(Reason.NoOpenDeal, 0, proof.KindState);
        // A window that is over and waits for its judgement takes nothing more: else a full queue would give more time.
        if (shown.Window != deal.Window || deal.Window == 0 || proof.NowMs >= deal.ClosesMs)
            return new Judgement(Reason.WindowNotOpen, 0, proof.KindState);
        (Reason reason, ulong answered) = Answer(deal, shown);
        if (reason == Reason.None && (answered & ~deal.Shown) == 0)
            reason = Reason.ChunksShownBefore;
        if (reason != Reason.None)
            return new Judgement(reason, 0, proof.KindState);

        DealRecord after = deal with { Shown = deal.Shown | answered };
        proof.Session.Put(StateKey.Deal(shown.Deal), after);
        byte[] remembered = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(remembered, proof.NowMs);
        // The differences add up to what the window pays, whatever the rounding.
        return new Judgement(Reason.None, (after.Earned - deal.Earned).Units, remembered);
    }

    // Which draws the shown chunks answer: an index that was drawn twice is answered twice.
    private static (Reason Reason, ulong Answered) Answer(DealRecord deal, StorageProof shown)
    {
        ImmutableArray<uint> drawn = deal.Drawn(shown.Deal);
        StoredFile file = deal.File(shown.Deal);
        ulong answered = 0;
        foreach (ShownChunk chunk in shown.Chunks)
        {
            ulong draws = 0;
            for (int i = 0; i < drawn.Length; i++)
                draws |= drawn[i] == chunk.Index ? 1UL << i : 0;
            if (draws == 0)
                return (Reason.ChunkNotDrawn, 0);
            if (!StorageScoring.IsOf(file, chunk, (int)deal.ChunkBytes))
                return (Reason.ChunkDiffers, 0);
            answered |= draws;
        }
        return (Reason.None, answered);
    }
}
