namespace AppChain.Ledger;

/// <summary>By what numbers meters are judged. Shares are parts per million.</summary>
public sealed record EnergyScoreRules
{
    /// <summary>What a connection may carry beyond its rating: the meter's class.</summary>
    public uint PeakMargin { get; init; } = 1_020_000;

    /// <summary>What panels may make of the most that a clear sky gives. Thin air and bright clouds add, losses take away.</summary>
    public uint ClearSkyMargin { get; init; } = 1_100_000;

    /// <summary>Below this the sun is down for panels: the sine of its elevation in millionths; −6° is the end of twilight.</summary>
    public int DarkSine { get; init; } = -104_528;

    /// <summary>What an honest meter of panels may count in the dark, in watts: it feeds itself, and rounds.</summary>
    public ulong DarkWatts { get; init; } = 30;

    /// <summary>The longest interval, in seconds.</summary>
    public ulong IntervalMaxSeconds { get; init; } = 86_400;

    /// <summary>What a feeder loses at most of all that moves in it.</summary>
    public uint LossMax { get; init; } = 35_000;

    /// <summary>How far its sum may be off besides, of all that moves in it.</summary>
    public uint BalanceBand { get; init; } = 10_000;

    /// <summary>And in watt hours.</summary>
    public ulong BalanceToleranceWh { get; init; } = 100;

    /// <summary>How fast what is usual follows what is.</summary>
    public uint UsualWeight { get; init; } = 20_000;
}
