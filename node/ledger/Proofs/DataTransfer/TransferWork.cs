using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What redeemed vouchers earn in a service of kind data transfer: a unit for each credit that was spent, never more.</summary>
internal static class TransferWork
{
    /// <summary>The verdict on vouchers that were just redeemed, which the redeeming transaction's receipt tells; null: they earn no units.</summary>
    /// <param name="receipt">The redeeming transaction.</param>
    /// <param name="paid">Credits that it has spent on the device.</param>
    public static Verdict? Count(LedgerSession session, Hash256 receipt, uint service, Address device, Credits paid)
    {
        if (paid == Credits.Zero || session.Service(service).Kind != ProofKind.DataTransfer)
            return null;
        return ProofFrame.Earn(session, receipt, device, service, paid.Units);
    }
}
