using System;
using AppChain.Ledger.Location;

namespace AppChain.Ledger;

/// <summary>
/// Judges a meter's reading by its last one, its connection and the sun: pure. Whatever it answers, who keeps the last reading keeps the
/// new one only if it is <see cref="EnergyOutcome.Valid"/>, <see cref="EnergyOutcome.SunIsDown"/>,
/// <see cref="EnergyOutcome.BeyondClearSky"/>, <see cref="EnergyOutcome.TooMuchPower"/> or <see cref="EnergyOutcome.Gap"/>: then the register
/// goes on from there, and nothing of it is paid later.
/// </summary>
public static class MeterChecks
{
    private const ulong SecondsPerHour = 3_600;
    private const ulong JoulesPerKilowattHour = 3_600_000;

    /// <summary>The checks in order; the first that fails decides.</summary>
    /// <param name="last">
    /// The last reading that was kept; null: there is none, and the first earns nothing but is where the register begins.
    /// </param>
    /// <exception cref="LedgerInvariantException">The site is not on Earth.</exception>
    public static EnergyVerdict Judge(MeterSite site, MeterReading? last, MeterReading now, EnergyScoreRules rules)
    {
        ulong seconds = now.ToSeconds > now.FromSeconds ? now.ToSeconds - now.FromSeconds : 0;
        if (seconds == 0 || seconds > ulong.Min(rules.IntervalMaxSeconds, ClearSky.SpanSecondsMax) || now.ToSeconds > Sun.UnixSecondsMax)
            return Refused(EnergyOutcome.WrongInterval, seconds);
        if (last is not { } before)
            return new EnergyVerdict(0, EnergyOutcome.Valid, 0);
        if (now.FromSeconds < before.ToSeconds)
            return Refused(EnergyOutcome.AlreadyUsed, before.ToSeconds - now.FromSeconds);
        if (now.RegisterWh < before.RegisterWh)
            return Refused(EnergyOutcome.RegisterFell, before.RegisterWh - now.RegisterWh);
        if (now.FromSeconds > before.ToSeconds)
            return Refused(EnergyOutcome.Gap, now.FromSeconds - before.ToSeconds);

        ulong counted = now.RegisterWh - before.RegisterWh;
        // ΔR ≤ Pmax · Δt · 1.02
        if (Beyond(counted, (UInt128)site.PeakWatts * seconds * rules.PeakMargin / (SecondsPerHour * Robust.Whole)) is > 0 and ulong power)
            return Refused(EnergyOutcome.TooMuchPower, power);
        return site.Kind == MeterKind.Solar
            ? JudgeSun(site, now.FromSeconds, seconds, counted, rules)
            : new EnergyVerdict(counted, EnergyOutcome.Valid, 0);
    }

    private static EnergyVerdict JudgeSun(MeterSite site, ulong from, ulong seconds, ulong counted, EnergyScoreRules rules)
    {
        // What a meter counts in the dark is its own: within the tolerance it is no fault, and never paid.
        if (Daylight.IsDark(site.Place, from, seconds, rules.DarkSine))
        {
            return Beyond(counted, (UInt128)rules.DarkWatts * seconds / SecondsPerHour) > 0
                ? Refused(EnergyOutcome.SunIsDown, counted)
                : new EnergyVerdict(0, EnergyOutcome.Valid, 0);
        }
        UInt128 most = (UInt128)ClearSky.MostJoules(site.Place, from, seconds) * site.PeakWatts * rules.ClearSkyMargin
            / ((UInt128)JoulesPerKilowattHour * (ulong)Robust.Whole);
        ulong beyond = Beyond(counted, most + ((UInt128)rules.DarkWatts * seconds / SecondsPerHour));
        return beyond > 0 ? Refused(EnergyOutcome.BeyondClearSky, beyond) : new EnergyVerdict(counted, EnergyOutcome.Valid, 0);
    }

    private static ulong Beyond(ulong counted, UInt128 most) => counted > most ? counted - (ulong)most : 0;

    private static EnergyVerdict Refused(EnergyOutcome outcome, ulong decisive) =>
        new(0, outcome, (long)ulong.Min(decisive, long.MaxValue));
}
