using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>Moves what a device earned in a finished epoch to whoever it is for, when the device is next touched: O(1), no claims.</summary>
internal static class Settlement
{
    /// <summary>
    /// What the next touch of this enrolment would pay out. Zero while its epoch is open, or when nothing was minted for it.
    /// </summary>
    public static Amount Unsettled(ILedgerState state, Enrollment enrollment) =>
        Find(state, enrollment)?.Shares.Of(enrollment.Work) ?? Amount.Zero;

    /// <summary>Settles all of a device's enrolments, at most <see cref="LedgerLimits.EnrollmentsMax"/>.</summary>
    public static DeviceRecord SettleAll(LedgerSession session, Address address, DeviceRecord device)
    {
        DeviceRecord settled = device;
        foreach (Enrollment enrollment in device.Enrollments)
            settled = Settle(session, address, settled, enrollment);
        return settled;
    }

    /// <summary>
    /// Settles what a device earned in one service, and returns it without the work of finished epochs. The caller puts it into the session.
    /// The <see cref="Statement"/> of it goes into the receipt of whatever is under way.
    /// </summary>
    /// <remarks>
    /// Shares are floored, so something is left when a pool's last units are settled: it goes to the treasury and the pool's record ends.
    /// </remarks>
    public static DeviceRecord Settle(LedgerSession session, Address address, DeviceRecord device, Enrollment enrollment)
    {
        ulong open = EpochRecord.Get(session).Open;
        EpochWork? shadow = enrollment.Shadow is { Work: { IsEmpty: false } work } && work.Epoch != open ? work : null;
        if (enrollment.Work.IsEmpty || enrollment.Work.Epoch == open)
            return shadow is null ? device : SettleShadow(session, address, device, enrollment, shadow.Value);
        if (shadow is { } other && other.Epoch != enrollment.Work.Epoch)
        {
            device = SettleShadow(session, address, device, enrollment, other);
            enrollment = device.In(enrollment.Service)!;
            shadow = null;
        }
        Statement statement = new(address, enrollment.Service, enrollment.Work) { Shadow = shadow };
        if (Find(session, enrollment) is { } pool) // none: the schedule had run out, or the service has no share in it
        {
            Amount earned = Take(session, enrollment, pool);
            ulong spendableEpoch = earned == Amount.Zero ? 0 : Escrow.SpendableFrom(session, enrollment.Work.Epoch);
            statement = statement with
            {
                Pool = pool.Shares,
                Earned = earned,
                Payments = Escrow.Pay(session, address, device, earned, spendableEpoch),
                SpendableEpoch = spendableEpoch,
            };
        }
        session.Add(statement);
        Enrollment settled = enrollment with { Work = default, Settled = enrollment.Settled + statement.Earned };
        return device.With(shadow is null ? settled : settled with { Shadow = settled.Shadow! with { Work = default } });
    }

    // Of an epoch in which only the candidate gave final verdicts.
    private static DeviceRecord SettleShadow(LedgerSession session, Address address, DeviceRecord device, Enrollment enrollment, EpochWork shadow)
    {
        session.Add(new Statement(address, enrollment.Service, default(EpochWork) with { Epoch = shadow.Epoch }) { Shadow = shadow });
        return device.With(enrollment with { Shadow = enrollment.Shadow! with { Work = default } });
    }

    private static Amount Take(LedgerSession session, Enrollment enrollment, PoolRecord pool)
    {
        Amount share = pool.Shares.Of(enrollment.Work);
        Amount remaining = pool.Remaining - share;
        ulong remainingUnits = checked(pool.RemainingUnits - enrollment.Units);
        Amount remainingUsed = pool.RemainingUsed - enrollment.Work.Usage;
        StateKey key = StateKey.Pool(enrollment.Service, enrollment.UnitsEpoch);
        if (remainingUnits > 0 || remainingUsed != Amount.Zero)
        {
            session.Put(key, pool with { Remaining = remaining, RemainingUnits = remainingUnits, RemainingUsed = remainingUsed });
        }
        else
        {
            session.Delete(key);
            TreasuryRecord.Credit(session, remaining);
        }
        return share;
    }

    private static PoolRecord? Find(ILedgerState state, Enrollment enrollment) =>
        enrollment.Units == 0 && enrollment.Work.Usage == Amount.Zero ? null : PoolRecord.Find(state, enrollment.Service, enrollment.UnitsEpoch);
}
