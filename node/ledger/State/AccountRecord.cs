using System;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>An account: version:1 ‖ balance:8 ‖ sequence window:16 ‖ credits:8 ‖ <see cref="CreditCost"/> ‖ <see cref="RestingRewards"/>.</summary>
/// <param name="Balance">What it can spend.</param>
/// <param name="Window">The sequence numbers of the messages that accounts sign.</param>
/// <param name="Credits">What it can pay fees and the use of services with.</param>
public sealed record AccountRecord(Amount Balance, SequenceWindow Window, Credits Credits = default) : StateRecord
{
    private static readonly AccountRecord Fresh = new(Amount.Zero, default);

    /// <summary>What was burned for its credits.</summary>
    public CreditCost Cost { get; init; }

    /// <summary>What it has earned and cannot spend yet. In a record as it was written last, some of it may have become spendable since.</summary>
    public RestingRewards Resting { get; init; } = RestingRewards.None;

    /// <summary>The account as it is in the open reward epoch, or null if the state has none.</summary>
    public static AccountRecord? Find(ILedgerState state, Address address)
    {
        AccountRecord? account = state.Find(StateKey.Account(address), Decode);
        return account is null || account.Resting.Entries.IsEmpty ? account : account.At(EpochRecord.Get(state).Open);
    }

    /// <summary>The account in a reward epoch: what has rested by then is in the balance.</summary>
    public AccountRecord At(ulong epoch)
    {
        RestingRewards resting = Resting.At(epoch, out Amount matured);
        return matured == Amount.Zero ? this : this with { Balance = Balance + matured, Resting = resting };
    }

    /// <summary>The account; an address without one has nothing and has used no number.</summary>
    public static AccountRecord Get(ILedgerState state, Address address) => Find(state, address) ?? Fresh;

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.Amount(Balance);
        Window.Write(writer);
        writer.Credits(Credits);
        Cost.Write(writer);
        Resting.Write(writer);
        return writer.ToArray();
    }

    public static AccountRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        AccountRecord record = new(reader.Amount(), SequenceWindow.Read(ref reader), reader.Credits()) { Cost = CreditCost.Read(ref reader), Resting = RestingRewards.Read(ref reader) };
        reader.End();
        return record;
    }

    /// <summary>Credits a reward that can be spent from an epoch on, which may be over.</summary>
    internal static void CreditResting(LedgerSession session, Address address, ulong spendableEpoch, Amount amount)
    {
        AccountRecord account = Get(session, address);
        account = account with { Resting = account.Resting.With(spendableEpoch, amount) };
        session.PutAccount(address, account.At(EpochRecord.Get(session).Open));
    }

    /// <summary>Takes an amount that the account is known to have.</summary>
    internal static void Debit(LedgerSession session, Address address, Amount amount)
    {
        if (amount == Amount.Zero)
            return;
        AccountRecord account = Get(session, address);
        session.PutAccount(address, account with { Balance = account.Balance - amount });
    }

    internal static void AddCredits(LedgerSession session, Address address, Credits credits)
    {
        AccountRecord account = Get(session, address);
        session.PutAccount(address, account with { Credits = account.Credits + credits });
    }

    /// <summary>Credits that were made by burning: what they cost is remembered.</summary>
    internal static void AddBought(LedgerSession session, Address address, Credits credits, Amount burned)
    {
        AccountRecord account = Get(session, address);
        session.PutAccount(address, account with { Credits = account.Credits + credits, Cost = account.Cost.With(credits, burned) });
    }

    /// <summary>Some of the account's credits are spent, wherever they were; returns what was burned for them.</summary>
    internal static Amount SpendCost(LedgerSession session, Address address, Credits spent)
    {
        AccountRecord account = Get(session, address);
        CreditCost left = account.Cost.Spend(spent, out Amount cost);
        if (left != account.Cost)
            session.PutAccount(address, account with { Cost = left });
        return cost;
    }

    internal static void Credit(LedgerSession session, Address address, Amount amount)
    {
        AccountRecord account = Get(session, address);
        session.PutAccount(address, account with { Balance = account.Balance + amount });
    }
}
