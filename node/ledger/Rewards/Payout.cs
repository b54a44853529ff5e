namespace AppChain.Ledger;

/// <summary>Shares what a device has earned among its payees and its owner.</summary>
internal static class Payout
{
    /// <summary>Each payee's share is floored; the owner has what that leaves over.</summary>
    public static void Pay(LedgerSession session, DeviceRecord device, Amount amount)
    {
        Amount left = amount;
        foreach (Payee payee in device.Payees)
        {
            Amount share = amount.Share(payee.SharePpm, Parameters.Million);
            if (share == Amount.Zero)
                continue;
            AccountRecord.Credit(session, payee.Account, share);
            left -= share;
        }
        if (left != Amount.Zero)
            AccountRecord.Credit(session, device.Owner, left);
    }
}
