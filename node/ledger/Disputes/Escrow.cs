using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>Where a device's settled rewards go: to its payees and owner, or, while it is accused, into what is held back.</summary>
internal static class Escrow
{
    public static void Pay(LedgerSession session, Address device, DeviceRecord record, Amount amount)
    {
        Subject subject = new(SubjectKind.Device, device);
        if (AccusedRecord.Find(session, subject) is { } accused)
            session.Put(StateKey.Accused(subject), accused with { Held = accused.Held + amount });
        else
            Payout.Pay(session, record, amount);
    }
}
