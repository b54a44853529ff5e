using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>Moves what a device earned in a finished epoch to its owner, when the device is next touched: O(1), no claims.</summary>
internal static class Settlement
{
    /// <summary>
    /// What the device's next touch would move to its owner. Zero while its epoch is open, or when nothing was minted for it.
    /// </summary>
    public static Amount Unsettled(ILedgerState state, DeviceRecord device) => Find(state, device)?.ShareOf(device.Units) ?? Amount.Zero;

    /// <summary>Settles, and returns the device without units of finished epochs. The caller puts it into the session.</summary>
    /// <remarks>
    /// Shares are floored, so something is left when a pool's last units are settled: it goes to the treasury and the pool's record ends.
    /// </remarks>
    public static DeviceRecord Settle(LedgerSession session, Address address, DeviceRecord device)
    {
        if (device.Units == 0 || device.UnitsEpoch == EpochRecord.Get(session).Open)
            return device;
        DeviceRecord settled = device with { Units = 0, UnitsEpoch = 0 };
        if (Find(session, device) is not { } pool)
            return settled; // the schedule had run out: nothing was minted

        Amount share = pool.ShareOf(device.Units);
        Amount remaining = pool.RemainingAmount - share;
        ulong remainingUnits = pool.RemainingUnits - device.Units;
        StateKey key = StateKey.Pool(device.Service, device.UnitsEpoch);
        if (remainingUnits > 0)
        {
            session.Put(key, pool with { RemainingAmount = remaining, RemainingUnits = remainingUnits });
        }
        else
        {
            session.Delete(key);
            TreasuryRecord.Credit(session, remaining);
        }
        Escrow.Pay(session, address, device, share);
        return settled with { Settled = device.Settled + share };
    }

    private static PoolRecord? Find(ILedgerState state, DeviceRecord device) =>
        device.Units == 0 ? null : PoolRecord.Find(state, device.Service, device.UnitsEpoch);
}
