using System.Collections.Immutable;

namespace AppChain.Ledger;

/// <summary>The parameters of validators and stake.</summary>
internal static class StakeParameters
{
    private const ulong SecondMs = 1_000;
    private const ulong DayMs = 86_400 * SecondMs;

    public static ImmutableArray<ParameterEntry> All { get; } =
    [
        new(Parameter.StakeMin, Amount.GrainsPerToken, ulong.MaxValue, Amount.GrainsPerToken, "grains",
            "What a new validator bonds at least, and what it must have bonded, delegations included, to get a seat."),
        new(Parameter.ValidatorsMax, 1, LedgerLimits.ValidatorsMax, 100, "seats", "How many validators a set has at most."),
        new(Parameter.UnbondingMs, SecondMs, 365 * DayMs, 21 * DayMs, "ms",
            "How long stake waits between its release and its payment, slashable; and for how long evidence is taken. Many times an epoch of consensus."),
        new(Parameter.SlashEquivocation, 0, Parameters.Million, 50_000, "ppm", "What a validator that contradicted itself loses of all stake with it."),
        new(Parameter.ReporterShare, 0, Parameters.Million, 50_000, "ppm",
            "What whoever proved it gets of that, after the unbonding delay; the treasury gets the rest."),
        new(Parameter.AbsenceWindow, 1, 1_000_000, 100, "turns", "Turns to lead a view that are looked at together when absence is judged; then the next ones are."),
        new(Parameter.AbsenceMax, 0, Parameters.Million, 500_000, "ppm", "The part of a window's turns that a validator may miss without being jailed."),
        new(Parameter.JailMs, 0, 365 * DayMs, 600 * SecondMs, "ms", "How long a validator that was jailed for absence waits before it can be unjailed."),
        new(Parameter.CommissionChangeMax, 1, Parameters.Million, 10_000, "ppm", "By how much a commission may change in one reward epoch."),
        new(Parameter.ValidatorsShare, 0, Parameters.Million, 200_000, "ppm",
            "The validators' and delegators' share of what an epoch mints, the treasury's share taken off first."),
    ];
}
