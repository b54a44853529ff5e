using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// Many proofs that the device has kept while it was offline, signed once over their Merkle root. <see cref="BatchFrame"/> says what becomes of them; the leaves that the
/// next block's beacon draws come with <see cref="OpenProofs"/>.
/// </summary>
/// <param name="Service">The service that they are for.</param>
/// <param name="Root">Over the leaves (<see cref="BatchLeaf"/>) in order of time.</param>
/// <param name="Count">How many they are.</param>
/// <param name="FirstMs">Unix time in ms of the first observation.</param>
/// <param name="LastMs">Of the last one.</param>
public sealed record SubmitProofBatch(uint Service, Hash256 Root, uint Count, ulong FirstMs, ulong LastMs) : Message
{
    internal const int Number = 110;

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Proofs;

    internal override bool SignedByDevice => true;

    internal override uint? SponsoredBy(ILedgerState state, Address signer) => SubmitProof.SponsorOf(state, signer, Service);

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.UInt64(1, Service);
        writer.Bytes(2, Root.Bytes);
        writer.UInt64(3, Count);
        writer.UInt64(4, FirstMs);
        writer.UInt64(5, LastMs);
        return writer.ToArray();
    }

    internal static SubmitProofBatch Read(ref WireReader reader) =>
        new(reader.UInt32(1), reader.Hash(2), reader.UInt32(3), reader.UInt64(4), reader.UInt64(5));

    internal override Reason CheckShape(Transaction transaction)
    {
        bool isOne = Count == 1 ? FirstMs == LastMs : FirstMs < LastMs;
        return Count is >= 1 and <= LedgerLimits.BatchProofsMax && FirstMs > 0 && isOne ? Reason.None : Reason.BatchOutOfBounds;
    }

    internal override Reason Admit(ILedgerState state, Address signer)
    {
        if (ServiceRecord.Find(state, Service) is not { } service)
            return Reason.UnknownService;
        if (ProofKinds.Of(service.Kind) is not IBatchRules rules || !rules.TakesBatches(service.Definition))
            return Reason.KindTakesNoBatches;
        if (DeviceRecord.Get(state, signer).In(Service) is not { Leaving: false } enrollment)
            return Reason.NotEnrolled;
        if (ProofBatchRecord.Find(state, Service, signer) is not null)
            return Reason.BatchStillOpen;
        return FirstMs > enrollment.NotBeforeMs && FirstMs > rules.LastObservedMs(enrollment.KindState) ? Reason.None : Reason.BatchNotAfterLast;
    }

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context) =>
        new(Reason.None, BatchFrame.Submit(session, context, transaction.Id, transaction.Body.Signer, this));
}
