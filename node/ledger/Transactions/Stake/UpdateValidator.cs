using System;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>Changes what the signer's validator says of itself, and its consensus key if one is given.</summary>
/// <remarks>
/// The profile replaces the one before as a whole. The commission changes at most once in a reward epoch, and by a bounded step: nobody attracts
/// delegators and takes all the next day. A new consensus key signs too (proof of possession) and votes from the next set on; until then the old one does.
/// </remarks>
/// <param name="Profile">What holds from now on.</param>
/// <param name="ConsensusKey">The new key; empty: the old one stays.</param>
public sealed record UpdateValidator(ValidatorProfile Profile, ReadOnlyMemory<byte> ConsensusKey = default) : Message
{
    internal const int Number = 63;

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Validators;

    internal override int SignatureCount => ConsensusKey.IsEmpty ? 1 : 2;

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        Profile.Write(writer, 1);
        writer.Bytes(4, ConsensusKey.Span);
        return writer.ToArray();
    }

    internal static UpdateValidator Read(ref WireReader reader)
    {
        ValidatorProfile profile = ValidatorProfile.Read(ref reader, 1);
        return new UpdateValidator(profile, BondStake.ReadKey(ref reader, 4));
    }

    internal override Reason CheckShape(Transaction transaction) =>
        ConsensusKey.IsEmpty || transaction.Signatures[1].IsOf(KeyScheme.Secp256k1, ConsensusKey.Span)
            ? Profile.Check()
            : Reason.ConsensusKeyMismatch;

    internal override Reason Admit(ILedgerState state, Address signer)
    {
        if (AccountRecord.Find(state, signer) is null)
            return Reason.UnknownAccount;
        Reason reason = DelegateStake.Admit(ValidatorRecord.Find(state, signer));
        if (reason != Reason.None)
            return reason;
        return !ConsensusKey.IsEmpty && ConsensusKeyRecord.Find(state, ConsensusKey.Span) is not null ? Reason.ConsensusKeyTaken : Reason.None;
    }

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context)
    {
        Address signer = transaction.Body.Signer;
        ValidatorRecord before = ValidatorRecord.Get(session, signer);
        ulong epoch = EpochRecord.Get(session).Open;
        Reason reason = CheckChanges(session, before, epoch);
        if (reason != Reason.None)
            return new Outcome(reason);
        ValidatorRecord after = before with
        {
            Moniker = Profile.Moniker,
            NetworkAddress = Profile.NetworkAddress,
            CommissionPpm = Profile.CommissionPpm,
            CommissionFrom = Profile.CommissionPpm == before.CommissionPpm ? before.CommissionFrom : epoch + 1,
        };
        if (!ConsensusKey.IsEmpty)
        {
            after = after with { ConsensusKey = ConsensusKey, KeyFrom = epoch + 1 };
            ConsensusKeyRecord.Add(session, ConsensusKey.Span, signer);
        }
        ValidatorBook.Put(session, signer, before, after);
        return Outcome.Applied;
    }

    private Reason CheckChanges(LedgerSession session, ValidatorRecord before, ulong epoch)
    {
        if (Profile.CommissionPpm != before.CommissionPpm)
        {
            if (epoch < before.CommissionFrom)
                return Reason.CommissionChangedAlready;
            uint change = Profile.CommissionPpm > before.CommissionPpm
                ? Profile.CommissionPpm - before.CommissionPpm
                : before.CommissionPpm - Profile.CommissionPpm;
            if (change > session.Parameters[Parameter.CommissionChangeMax])
                return Reason.CommissionChangeTooLarge;
        }
        return !ConsensusKey.IsEmpty && epoch < before.KeyFrom ? Reason.KeyChangedAlready : Reason.None;
    }

    public bool Equals(UpdateValidator? other) =>
        other is not null && Profile == other.Profile && ConsensusKey.Span.SequenceEqual(other.ConsensusKey.Span);

    public override int GetHashCode() => Profile.GetHashCode();
}
