using System.Collections.Immutable;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What one account gets of what a device has earned.</summary>
public readonly record struct Payment(Address Account, Amount Amount);

/// <summary>Shares what a device has earned among its payees and its owner.</summary>
internal static class Payout
{
    /// <summary>Each payee's share is floored; the owner has what that leaves over. Nobody gets nothing.</summary>
    public static ImmutableArray<Payment> Shares(DeviceRecord device, Amount amount)
    {
        ImmutableArray<Payment>.Builder payments = ImmutableArray.CreateBuilder<Payment>(device.Payees.Length + 1);
        Amount left = amount;
        foreach (Payee payee in device.Payees)
        {
            Amount share = amount.Share(payee.SharePpm, Parameters.Million);
            if (share == Amount.Zero)
                continue;
            payments.Add(new Payment(payee.Account, share));
            left -= share;
        }
        if (left != Amount.Zero)
            payments.Add(new Payment(device.Owner, left));
        return payments.DrainToImmutable();
    }

    /// <summary>Pays the shares, and says which they were.</summary>
    public static ImmutableArray<Payment> Pay(LedgerSession session, DeviceRecord device, Amount amount)
    {
        ImmutableArray<Payment> payments = Shares(device, amount);
        foreach (Payment payment in payments)
            AccountRecord.Credit(session, payment.Account, payment.Amount);
        return payments;
    }
}
