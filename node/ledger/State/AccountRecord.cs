using System;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>An account: version:1 ‖ balance:8 ‖ sequence window:16 ‖ credits:8 ‖ <see cref="CreditCost"/>.</summary>
/// <param name="Balance">What it can spend.</param>
/// <param name="Window">The sequence numbers of the messages that accounts sign.</param>
/// <param name="Credits">What it can pay fees and the use of services with.</param>
public sealed record AccountRecord(Amount Balance, SequenceWindow Window, Credits Credits = default) : StateRecord
{
    private static readonly AccountRecord Fresh = new(Amount.Zero, default);

    /// <summary>What was burned for its credits.</summary>
    public CreditCost Cost { get; init; }

    /// <summary>The account, or null if the state has none.</summary>
    public static AccountRecord? Find(ILedgerState state, Address address) =>
        state.Find(StateKey.Account(address), Decode);

    /// <summary>The account; an address without one has nothing and has used no number.</summary>
    public static AccountRecord Get(ILedgerState state, Address address) => Find(state, address) ?? Fresh;

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.Amount(Balance);
        Window.Write(writer);
        writer.Credits(Credits);
        Cost.Write(writer);
        return writer.ToArray();
    }

    public static AccountRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        AccountRecord record = new(reader.Amount(), SequenceWindow.Read(ref reader), reader.Credits()) { Cost = CreditCost.Read(ref reader) };
        reader.End();
        return record;
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
