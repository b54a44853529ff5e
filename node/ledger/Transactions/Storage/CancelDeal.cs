using System.Collections.Generic;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// Ends a deal early. By the client: the present window runs to its end, and what is locked for later ones goes back at once. By the owner of the device:
/// the deal ends at once, and burns of the device's bond as a missed window does.
/// </summary>
/// <param name="Deal">The deal.</param>
public sealed record CancelDeal(Hash256 Deal) : Message
{
    internal const int Number = 101;

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Demand;

    internal override IEnumerable<Decision> Decides(Address signer) => [new Decision(StateKey.Deal(Deal))];

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.Bytes(1, Deal.Bytes);
        return writer.ToArray();
    }

    internal static CancelDeal Read(ref WireReader reader) => new(reader.Hash(1));

    internal override Reason Admit(ILedgerState state, Address signer)
    {
        if (AccountRecord.Find(state, signer) is null)
            return Reason.UnknownAccount;
        if (DealRecord.Find(state, Deal) is not { } deal)
            return Reason.UnknownDeal;
        if (deal.Client == signer)
            return deal is { Window: > 0, WindowsLeft: 1 } ? Reason.DealEndsAlready : Reason.None;
        return DeviceRecord.Get(state, deal.Device).Owner == signer ? Reason.None : Reason.NotAPartyOfDeal;
    }

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context)
    {
        DealRecord deal = DealRecord.Get(session, Deal);
        if (deal.Client == transaction.Body.Signer)
            Deals.CancelByClient(session, Deal, deal);
        else
            Deals.CancelByOwner(session, Deal, deal);
        return Outcome.Applied;
    }
}
