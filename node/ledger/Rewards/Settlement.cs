using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>Moves what a device earned in a finished epoch to whoever it is for, when the device is next touched: O(1), no claims.</summary>
internal static class Settlement
{
    /// <summary>
    /// What the next touch of this enrolment would pay out. Zero while its epoch is open, or when nothing was minted for it.
    /// </summary>
    public static Amount Unsettled(ILedgerState state, Enrollment enrollment) =>
        Find(state, enrollment)?.ShareOf(enrollment.Units) ?? Amount.Zero;

    /// <summary>Settles all of a device's enrolments, at most <see cref="LedgerLimits.EnrollmentsMax"/>.</summary>
    public static DeviceRecord SettleAll(LedgerSession session, Address address, DeviceRecord device)
    {
        DeviceRecord settled = device;
        foreach (Enrollment enrollment in device.Enrollments)
            settled = Settle(session, address, settled, enrollment);
        return settled;
    }

    /// <summary>
    /// Settles what a device earned in one service, and returns it without units of finished epochs. The caller puts it into the session.
    /// </summary>
    /// <remarks>
    /// Shares are floored, so something is left when a pool's last units are settled: it goes to the treasury and the pool's record ends.
    /// </remarks>
    public static DeviceRecord Settle(LedgerSession session, Address address, DeviceRecord device, Enrollment enrollment)
    {
        if (enrollment.Units == 0 || enrollment.UnitsEpoch == EpochRecord.Get(session).Open)
            return device;
        Enrollment settled = enrollment with { Units = 0, UnitsEpoch = 0 };
        if (Find(session, enrollment) is not { } pool)
            return device.With(settled); // the schedule had run out: nothing was minted

        Amount share = pool.ShareOf(enrollment.Units);
        Amount remaining = pool.RemainingAmount - share;
        ulong remainingUnits = pool.RemainingUnits - enrollment.Units;
        StateKey key = StateKey.Pool(enrollment.Service, enrollment.UnitsEpoch);
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
        return device.With(settled with { Settled = enrollment.Settled + share });
    }

    private static PoolRecord? Find(ILedgerState state, Enrollment enrollment) =>
        enrollment.Units == 0 ? null : PoolRecord.Find(state, enrollment.Service, enrollment.UnitsEpoch);
}
