using System;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// A home buys of a neighbour what that one made and the home took in the same interval, behind the same transformer. Settled at once: the buyer's
/// tokens go to the seller's payout, and a small fee in credits is spent, as use of the seller's meter.
/// </summary>
/// <param name="Service">The service.</param>
/// <param name="Seller">A meter of panels or of another source.</param>
/// <param name="Buyer">A meter of a load; the signer owns it.</param>
/// <param name="FromSeconds">The interval's start, Unix time in seconds.</param>
/// <param name="Wh">How much. A Wh of a meter is traded once.</param>
/// <param name="PriceMax">The most that the buyer pays for a Wh, in grains: the seller may have changed his mind.</param>
public sealed record MatchEnergy(uint Service, Address Seller, Address Buyer, ulong FromSeconds, ulong Wh, ulong PriceMax) : Message
{
    internal const int Number = 92;

    private const ulong WhPerKwh = 1_000;

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Demand;

    internal override uint? Uses => Service;

    internal override Spending Spends(ILedgerState state) =>
        new(Cost(MeterRecord.Find(state, Service, Seller)?.Offer.Price ?? 0) ?? new Amount(ulong.MaxValue), FeeOf(ParametersRecord.Get(state)));

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.UInt64(1, Service);
        writer.Address(2, Seller);
        writer.Address(3, Buyer);
        writer.UInt64(4, FromSeconds);
        writer.UInt64(5, Wh);
        writer.UInt64(6, PriceMax);
        return writer.ToArray();
    }

    internal static MatchEnergy Read(ref WireReader reader) => new(
        reader.UInt32(1), reader.Address(2), reader.Address(3), reader.UInt64(4), reader.UInt64(5), reader.UInt64(6));

    internal override Reason CheckShape(Transaction transaction) =>
        Wh is 0 or > FeederGroup.WhMax || Seller == Buyer ? Reason.NothingTraded : Reason.None;

    internal override Reason Admit(ILedgerState state, Address signer)
    {
        Reason reason = DeviceOwnership.Check(state, Buyer, signer);
        if (reason != Reason.None)
            return reason;
        return MeterRecord.Find(state, Service, Buyer) is { Kind: MeterKind.Load } && MeterRecord.Find(state, Service, Seller) is not null
            ? Reason.None
            : Reason.NotAMeter;
    }

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context)
    {
        Address payer = transaction.Body.Signer;
        MeterRecord seller = MeterRecord.Find(session, Service, Seller)!, buyer = MeterRecord.Find(session, Service, Buyer)!;
        AccountRecord account = AccountRecord.Get(session, payer);
        Credits fee = FeeOf(session.Parameters);
        Amount? cost = Cost(seller.Offer.Price);
        Reason reason =
            seller.Offer.Price == 0 || seller.Offer.UntilMs < context.TimeMs ? Reason.NoEnergyOffer
            : seller.Offer.Price > PriceMax ? Reason.PriceAboveLimit
            : seller.Feeder != buyer.Feeder ? Reason.OtherFeeder
            : seller.LeftIn(FromSeconds) < Wh || buyer.LeftIn(FromSeconds) < Wh ? Reason.EnergyUsed
            : cost is null || account.Balance < cost ? Reason.InsufficientBalance
            : account.Credits < fee ? Reason.TooFewCredits
            : Reason.None;
        if (reason != Reason.None)
            return new Outcome(reason);

        EnergyLot traded = new(FromSeconds, Wh);
        session.Put(StateKey.Meter(Service, Seller), seller.Without(traded));
        session.Put(StateKey.Meter(Service, Buyer), buyer.Without(traded));
        session.PutAccount(payer, account with { Balance = account.Balance - cost!.Value, Credits = account.Credits - fee });
        Payout.Pay(session, DeviceRecord.Get(session, Seller), cost.Value);
        session.SpendCredits(fee);
        Demand.Served(session, Service, Seller, payer, fee);
        session.Touch(StateKind.Device, Seller);
        session.Touch(StateKind.Device, Buyer);
        return Outcome.Applied;
    }

    private Credits FeeOf(ParametersRecord parameters) => new(((Wh - 1) / WhPerKwh + 1) * parameters[Parameter.EnergyTradeFee]);

    // Null: more than there can be.
    private Amount? Cost(ulong price) => (UInt128)Wh * price is var cost && cost <= ulong.MaxValue ? new Amount((ulong)cost) : null;
}
