using System.Collections.Immutable;
using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>Where a device's settled rewards go: to its payees and owner, who can spend them when they have rested; or, while it is accused, into what is held back.</summary>
/// <remarks>
/// <list type="number">
/// <item>The reward of an epoch rests for <see cref="Parameter.RestEpochs"/> epochs after its end. Then it is in the account's balance, without anybody doing
/// anything: <see cref="AccountRecord.Find"/> counts it there.</item>
/// <item>What rests can be taken by a ruling on the device, whoever it was paid to. An accusation freezes it: it stays where it is found until the dispute is closed.</item>
/// <item>What has rested is nobody's business any more.</item>
/// </list>
/// </remarks>
internal static class Escrow
{
    /// <summary>The reward epoch from which on the reward of an epoch can be spent; 0: at once.</summary>
    public static ulong SpendableFrom(ILedgerState state, ulong earnedIn)
    {
        ulong from = earnedIn + 1 + ParametersRecord.Get(state)[Parameter.RestEpochs];
        return from <= EpochRecord.Get(state).Open ? 0 : from;
    }

    /// <summary>Pays, and says to whom; nobody: it is held back until the disputes about the device are closed.</summary>
    /// <param name="spendableEpoch">From <see cref="SpendableFrom"/>.</param>
    public static ImmutableArray<Payment> Pay(LedgerSession session, Address device, DeviceRecord record, Amount amount, ulong spendableEpoch)
    {
        Subject subject = new(SubjectKind.Device, device);
        if (AccusedRecord.Find(session, subject) is { } accused)
        {
            session.Put(StateKey.Accused(subject), accused with { Held = accused.Held + amount });
            return [];
        }
        if (spendableEpoch == 0)
            return Payout.Pay(session, record, amount);
        ImmutableArray<Payment> payments = Payout.Shares(record, amount);
        foreach (Payment payment in payments)
            AccountRecord.CreditResting(session, payment.Account, spendableEpoch, payment.Amount);
        DeviceRests rests = StillResting(session, device);
        foreach (Payment payment in payments)
            rests = rests.With(new DeviceRest(spendableEpoch, payment.Account, payment.Amount));
        DeviceRests.Put(session, device, rests);
        return payments;
    }

    /// <summary>The device is accused, and was not before: what it has earned and still rests is taken out of the accounts, and held.</summary>
    public static void Freeze(LedgerSession session, Address device)
    {
        DeviceRests rests = StillResting(session, device);
        foreach (DeviceRest entry in rests.Entries)
        {
            AccountRecord account = AccountRecord.Get(session, entry.Account);
            session.PutAccount(entry.Account, account with { Resting = account.Resting.Without(entry.SpendableEpoch, entry.Amount) });
        }
        DeviceRests.Put(session, device, rests with { Frozen = true });
    }

    /// <summary>Takes a share of everything that is frozen, and says how much that was. The caller gives it to somebody.</summary>
    public static Amount Slash(LedgerSession session, Address device, uint sharePpm)
    {
        DeviceRests rests = DeviceRests.Get(session, device);
        DeviceRests left = rests with
        {
            Entries =
            [
                .. rests.Entries
                    .Select(entry => entry with { Amount = entry.Amount - entry.Amount.Share(sharePpm, Parameters.Million) })
                    .Where(static entry => entry.Amount != Amount.Zero),
            ],
        };
        Amount taken = rests.Held - left.Held;
        DeviceRests.Put(session, device, left);
        return taken;
    }

    /// <summary>The last dispute about the device is closed: what is left goes back to where it was, and can be spent as if nothing had been.</summary>
    public static void Thaw(LedgerSession session, Address device)
    {
        DeviceRests rests = DeviceRests.Get(session, device);
        foreach (DeviceRest entry in rests.Entries)
            AccountRecord.CreditResting(session, entry.Account, entry.SpendableEpoch, entry.Amount);
        DeviceRests.Put(session, device, rests with { Frozen = false });
        DeviceRests.Put(session, device, StillResting(session, device));
    }

    private static DeviceRests StillResting(LedgerSession session, Address device)
    {
        DeviceRests rests = DeviceRests.Get(session, device);
        ulong open = EpochRecord.Get(session).Open;
        return rests with { Entries = rests.Entries.RemoveAll(entry => entry.SpendableEpoch <= open) };
    }
}
