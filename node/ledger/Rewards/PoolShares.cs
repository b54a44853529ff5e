namespace AppChain.Ledger;

/// <summary>What a service's devices share of one epoch, and by what.</summary>
/// <param name="Coverage">Tokens that are shared by units.</param>
/// <param name="Units">The units of all devices.</param>
/// <param name="Usage">Tokens that are shared by what was burned for the credits spent on each device's work.</param>
/// <param name="Used">What was burned for all of them, as far as it counts.</param>
public readonly record struct PoolShares(Amount Coverage, ulong Units, Amount Usage, Amount Used)
{
    /// <summary>Everything that is shared.</summary>
    public Amount Total => Coverage + Usage;

    /// <summary>
    /// <c>floor(coverage × units / all units) + floor(usage × used / all used)</c>; of work that is more than all, which only a lie can be, nothing.
    /// </summary>
    public Amount Of(in EpochWork work) => CoverageOf(work) + UsageOf(work);

    /// <summary>The first part: for standing ready and proving it.</summary>
    public Amount CoverageOf(in EpochWork work) => Units == 0 || work.Units > Units ? Amount.Zero : Coverage.Share(work.Units, Units);

    /// <summary>The second part: for what users paid.</summary>
    public Amount UsageOf(in EpochWork work) => Used == Amount.Zero || work.Usage > Used ? Amount.Zero : Usage.Share(work.Usage.Grains, Used.Grains);
}
