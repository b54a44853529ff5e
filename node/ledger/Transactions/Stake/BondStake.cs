using System;
using System.Collections.Generic;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>Makes the signer a validator, or raises its stake if it is one.</summary>
/// <remarks>To become one: signatures of the operator, then of the consensus key (proof of possession: nobody takes another's key).</remarks>
/// <param name="Amount">What to bond.</param>
/// <param name="ConsensusKey">secp256k1, x only, of a new validator; empty: the signer's validator gets more stake.</param>
/// <param name="Profile">Of a new validator; else <see cref="ValidatorProfile.Empty"/>.</param>
public sealed record BondStake(Amount Amount, ReadOnlyMemory<byte> ConsensusKey, ValidatorProfile Profile) : Message
{
    internal const int Number = 60;

    /// <summary>More stake for the signer's validator.</summary>
    public BondStake(Amount amount)
        : this(amount, default, ValidatorProfile.Empty)
    {
    }

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Validators;

    internal override int SignatureCount => IsNew ? 2 : 1;

    private bool IsNew => !ConsensusKey.IsEmpty;

    internal override Spending Spends(ILedgerState state) => new(Amount);

    internal override IEnumerable<Decision> Decides(Address signer) => [new Decision(StateKey.Validator(signer))];

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.UInt64(1, Amount.Grains);
        writer.Bytes(2, ConsensusKey.Span);
        Profile.Write(writer, 3);
        return writer.ToArray();
    }

    internal static BondStake Read(ref WireReader reader)
    {
        Amount amount = new(reader.UInt64(1));
        byte[] key = ReadKey(ref reader, 2);
        return new BondStake(amount, key, ValidatorProfile.Read(ref reader, 3));
    }

    /// <summary>A consensus key, or nothing.</summary>
    internal static byte[] ReadKey(ref WireReader reader, int field)
    {
        byte[] key = reader.Bytes(field).ToArray();
        if (key.Length > 0 && key.Length != KeyScheme.Secp256k1.PublicKeySize())
            reader.Fail(Reason.WrongFieldLength);
        return key;
    }

    internal override Reason CheckShape(Transaction transaction)
    {
        if (Amount == Amount.Zero)
            return Reason.ZeroAmount;
        if (!IsNew)
            return Profile == ValidatorProfile.Empty ? Reason.None : Reason.ProfileWithoutKey;
        return transaction.Signatures[1].IsOf(KeyScheme.Secp256k1, ConsensusKey.Span) ? Profile.Check() : Reason.ConsensusKeyMismatch;
    }

    internal override Reason Admit(ILedgerState state, Address signer)
    {
        if (AccountRecord.Find(state, signer) is null)
            return Reason.UnknownAccount;
        StakeRecord stake = StakeRecord.Get(state, signer);
        if (stake.With(signer) is null && stake.Positions.Length == LedgerLimits.DelegationsMax)
            return Reason.TooManyPositions;
        ValidatorRecord? validator = ValidatorRecord.Find(state, signer);
        return IsNew ? AdmitNew(state, validator) : DelegateStake.Admit(validator);
    }

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context)
    {
        Address signer = transaction.Body.Signer;
        if (AccountRecord.Get(session, signer).Balance < Amount)
            return new Outcome(Reason.InsufficientBalance);
        if (!IsNew)
        {
            Bonding.Bond(session, signer, signer, Amount);
            return Outcome.Applied;
        }
        ConsensusKeyRecord.Add(session, ConsensusKey.Span, signer);
        ValidatorRecord validator = new()
        {
            ConsensusKey = ConsensusKey,
            Moniker = Profile.Moniker,
            NetworkAddress = Profile.NetworkAddress,
            CommissionPpm = Profile.CommissionPpm,
        };
        Bonding.Found(session, signer, validator, Amount);
        return Outcome.Applied;
    }

    private Reason AdmitNew(ILedgerState state, ValidatorRecord? validator)
    {
        if (validator is not null)
            return validator.Standing == ValidatorStanding.Tombstoned ? Reason.ValidatorTombstoned : Reason.AlreadyValidator;
        if (ConsensusKeyRecord.Find(state, ConsensusKey.Span) is not null)
            return Reason.ConsensusKeyTaken;
        if (Amount.Grains < ParametersRecord.Get(state)[Parameter.StakeMin])
            return Reason.StakeBelowMinimum;
        return ValidatorBook.HasRoomFor(state, Amount) ? Reason.None : Reason.NoRoomForValidator;
    }

    public bool Equals(BondStake? other) =>
        other is not null && Amount == other.Amount && Profile == other.Profile && ConsensusKey.Span.SequenceEqual(other.ConsensusKey.Span);

    public override int GetHashCode() => HashCode.Combine(Amount, Profile);
}
