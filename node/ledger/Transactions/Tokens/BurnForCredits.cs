using System;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>Burns tokens of the signer and issues credits at the conservative price.</summary>
/// <remarks>
/// <c>credits = floor(grains × price / (grains of a token × creditPrice))</c>; the fraction of a credit that is left over is burned too.
/// Whoever has tokens and no credits pays the fee with the credits that the burn makes.
/// </remarks>
/// <param name="Amount">What is burned.</param>
/// <param name="Account">Who gets the credits, and need not exist; null: the signer, or the sponsor.</param>
/// <param name="Sponsor">The service whose sponsor pool gets them; 0: none.</param>
/// <param name="CreditsMin">Fail rather than issue fewer.</param>
public sealed record BurnForCredits(Amount Amount, Address? Account = null, uint Sponsor = 0, Credits CreditsMin = default) : Message
{
    internal const int Number = 20;

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Tokens;

    internal override Spending Spends(ILedgerState state) => new(Amount);

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.UInt64(1, Amount.Grains);
        if (Account is { } account)
            writer.Address(2, account);
        writer.UInt64(3, Sponsor);
        writer.UInt64(4, CreditsMin.Units);
        return writer.ToArray();
    }

    internal static BurnForCredits Read(ref WireReader reader) => new(
        new Amount(reader.UInt64(1)), reader.OptionalAddress(2), reader.UInt32(3), new Credits(reader.UInt64(4)));

    internal override Reason CheckShape(Transaction transaction)
    {
        if (Amount == Amount.Zero)
            return Reason.ZeroAmount;
        return Account is not null && Sponsor != 0 ? Reason.TwoReceivers : Reason.None;
    }

    internal override Reason Admit(ILedgerState state, Address signer)
    {
        if (AccountRecord.Find(state, signer) is null)
            return Reason.UnknownAccount;
        return Sponsor != 0 && ServiceRecord.Find(state, Sponsor) is null ? Reason.UnknownService : Reason.None;
    }

    internal override Credits Brings(ILedgerState state, Address signer, ulong nowMs)
    {
        bool toSigner = Sponsor == 0 && (Account ?? signer) == signer;
        return toSigner && Judge(state, signer, nowMs, out Credits credits) == Reason.None ? credits : Credits.Zero;
    }

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context) =>
        new(Burn(session, transaction.Body.Signer, context.TimeMs));

    /// <summary><see cref="Reason.None"/>, or why nothing was burned.</summary>
    internal Reason Burn(LedgerSession session, Address signer, ulong nowMs)
    {
        Reason reason = Judge(session, signer, nowMs, out Credits credits);
        if (reason != Reason.None)
            return reason;

        AccountRecord.Debit(session, signer, Amount);
        SupplyRecord.Burn(session, Amount, credits);
        EmissionRecord.AddBurned(session, Amount);
        if (Sponsor != 0)
            SponsorRecord.Fund(session, Sponsor, credits);
        else
            AccountRecord.AddBought(session, Account ?? signer, credits, Amount);
        return Reason.None;
    }

    private Reason Judge(ILedgerState state, Address signer, ulong nowMs, out Credits credits)
    {
        credits = Credits.Zero;
        if (AccountRecord.Get(state, signer).Balance < Amount)
            return Reason.InsufficientBalance;
        Price price = Prices.At(state, nowMs);
        if (price.Basis == PriceBasis.None)
            return Reason.NoPrice;
        // 64 + 40 bits over: no overflow, but perhaps more than credits can count.
        UInt128 yield = (UInt128)Amount.Grains * price.MicroDollars
            / ((UInt128)Amount.GrainsPerToken * ParametersRecord.Get(state)[Parameter.CreditPrice]);
        if (yield == 0 || yield < CreditsMin.Units)
            return Reason.BurnYieldsTooLittle;
        if (yield + SupplyRecord.Get(state).CreditsIssued.Units > LedgerLimits.CreditsIssuedMax)
            return Reason.CreditLimitReached;
        credits = new Credits((ulong)yield);
        return Reason.None;
    }
}
