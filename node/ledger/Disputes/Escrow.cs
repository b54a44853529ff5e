using System.Collections.Immutable;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>Where a device's settled rewards go: to its payees and owner, or, while it is accused, into what is held back.</summary>
internal static class Escrow
{
    /// <summary>Pays, and says to whom; nobody: it is held back until the disputes about the device are closed.</summary>
    public static ImmutableArray<Payment> Pay(LedgerSession session, Address device, DeviceRecord record, Amount amount)
    {
        Subject subject = new(SubjectKind.Device, device);
        if (AccusedRecord.Find(session, subject) is not { } accused)
            return Payout.Pay(session, record, amount);
        session.Put(StateKey.Accused(subject), accused with { Held = accused.Held + amount });
        return [];
    }
}
