using System;
using System.Collections.Generic;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>Proves that a validator contradicted itself: it is slashed and tombstoned, and the signer gets a share of what it loses.</summary>
/// <remarks>
/// An offence is punished once: a tombstoned validator is not slashed again, for its second contradiction is mostly the same mistake as its first. The
/// votes are checked by the key that made them, which need not be the validator's present one.
/// </remarks>
/// <param name="ConsensusKey">The key that signed both votes.</param>
/// <param name="Evidence">Two votes in the encoding of consensus.</param>
public sealed record SubmitEvidence(ReadOnlyMemory<byte> ConsensusKey, ReadOnlyMemory<byte> Evidence) : Message
{
    internal const int Number = 64;

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Validators;

    internal override IEnumerable<Decision> Decides(Address signer) =>
        [new Decision(StateKey.ConsensusKey(Address.Of(KeyScheme.Secp256k1, ConsensusKey.Span)))];

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.Bytes(1, ConsensusKey.Span);
        writer.Bytes(2, Evidence.Span);
        return writer.ToArray();
    }

    internal static SubmitEvidence Read(ref WireReader reader)
    {
        SubmitEvidence message = new(reader.Bytes(1).ToArray(), reader.Bytes(2).ToArray());
        if (message.ConsensusKey.Length != KeyScheme.Secp256k1.PublicKeySize() || message.Evidence.Length != EvidenceVotes.Size)
            reader.Fail(Reason.WrongFieldLength);
        return message;
    }

    internal override Reason CheckShape(Transaction transaction) =>
        new EvidenceVotes(Evidence.Span).Contradict ? Reason.None : Reason.NoContradiction;

    internal override void CollectSignatures(ChainId chainId, List<SignatureCheck> checks)
    {
        EvidenceVotes votes = new(Evidence.Span);
        checks.Add(votes.Signature(0, chainId, ConsensusKey));
        checks.Add(votes.Signature(1, chainId, ConsensusKey));
    }

    internal override Reason Admit(ILedgerState state, Address signer)
    {
        if (AccountRecord.Find(state, signer) is null)
            return Reason.UnknownAccount;
        ValidatorRecord? validator = ConsensusKeyRecord.Find(state, ConsensusKey.Span) is { } key ? ValidatorRecord.Find(state, key.Validator) : null;
        if (validator is null)
            return Reason.UnknownValidator;
        ulong epoch = new EvidenceVotes(Evidence.Span).Epoch;
        // Who is out already answers with more of what is on its way out for an offence that came before: nobody reports himself for a late one to save that.
        if (validator.Standing == ValidatorStanding.Tombstoned && epoch >= validator.OffenceEpoch)
            return Reason.ValidatorTombstoned;
        ConsensusEpochRecord epochs = ConsensusEpochRecord.Get(state);
        return epoch >= epochs.EvidenceFrom && epoch <= epochs.Number ? Reason.None : Reason.EvidenceOutOfTime;
    }

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context)
    {
        Address offender = ConsensusKeyRecord.Find(session, ConsensusKey.Span)!.Validator;
        ulong epoch = new EvidenceVotes(Evidence.Span).Epoch;
        ValidatorRecord before = ValidatorRecord.Get(session, offender);
        if (before.Standing == ValidatorStanding.Tombstoned)
            ValidatorBook.Put(session, offender, before, before with { OffenceEpoch = epoch });
        else
            Slashing.Tombstone(session, offender, epoch, transaction.Body.Signer, context);
        return Outcome.Applied;
    }

    public bool Equals(SubmitEvidence? other) =>
        other is not null && ConsensusKey.Span.SequenceEqual(other.ConsensusKey.Span) && Evidence.Span.SequenceEqual(other.Evidence.Span);

    public override int GetHashCode() => ConsensusKey.Length;
}
