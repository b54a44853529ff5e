using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>Locks credits of the signer, to be spent on a service by vouchers. <see cref="ChannelId.OpenedBy"/> says what the channel is called.</summary>
/// <param name="Service">The service.</param>
/// <param name="Credits">How many, at least one.</param>
/// <param name="Device">The only device that may be paid; null: any device of the service, whoever redeems first.</param>
/// <param name="ExpiresMs">Unix time in ms from which on no voucher is redeemed.</param>
public sealed record OpenChannel(uint Service, Credits Credits, Address? Device, ulong ExpiresMs) : Message
{
    internal const int Number = 50;

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Demand;

    internal override uint? Uses => Service;

    internal override Spending Spends(ILedgerState state) => new(Amount.Zero, Credits);

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.UInt64(1, Service);
        writer.UInt64(2, Credits.Units);
        if (Device is { } device)
            writer.Address(3, device);
        writer.UInt64(4, ExpiresMs);
        return writer.ToArray();
    }

    internal static OpenChannel Read(ref WireReader reader) =>
        new(reader.UInt32(1), new Credits(reader.UInt64(2)), reader.OptionalAddress(3), reader.UInt64(4));

    internal override Reason CheckShape(Transaction transaction) => Credits == Credits.Zero ? Reason.ZeroAmount : Reason.None;

    internal override Reason Admit(ILedgerState state, Address signer)
    {
        if (AccountRecord.Find(state, signer) is null)
            return Reason.UnknownAccount;
        if (ServiceRecord.Find(state, Service) is null)
            return Reason.UnknownService;
        return Device is { } device && Channels.FindPayable(state, device, Service) is null ? Reason.DeviceNotPayable : Reason.None;
    }

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context)
    {
        Address payer = transaction.Body.Signer;
        AccountRecord account = AccountRecord.Get(session, payer);
        if (account.Credits < Credits)
            return new Outcome(Reason.TooFewCredits);
        (ulong nowMs, ulong lifetimeMaxMs) = (context.TimeMs, session.Parameters[Parameter.ChannelLifetimeMaxMs]);
        if (ExpiresMs <= nowMs || ExpiresMs - nowMs > lifetimeMaxMs)
            return new Outcome(Reason.ChannelExpiryOutOfRange);

        ChannelId id = ChannelId.OpenedBy(transaction.Id);
        session.PutAccount(payer, account with { Credits = account.Credits - Credits });
        session.Put(StateKey.Channel(id), new ChannelRecord
        {
            Payer = payer,
            Service = Service,
            Device = Device,
            Deposit = Credits,
            OpenedMs = nowMs,
            ExpiresMs = ExpiresMs,
            EndsMs = ExpiresMs,
        });
        // Due at the longest life, not at this channel's expiry: a queue has one delay. Before that the payer can end it.
        DueWork.Enqueue(session, QueueKind.ChannelExpiry, nowMs + lifetimeMaxMs, id.Bytes.ToArray());
        return Outcome.Applied;
    }
}
