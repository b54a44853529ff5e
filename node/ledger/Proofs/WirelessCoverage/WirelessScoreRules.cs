namespace AppChain.Ledger;

/// <summary>By what numbers beacons and witnesses are scored.</summary>
public sealed record WirelessScoreRules
{
    /// <summary>A beacon is sent within so many ms of its entropy.</summary>
    public ulong FreshMs { get; init; } = 180_000;

    /// <summary>A witness received within so many ms of the sending, by both clocks, earlier or later.</summary>
    public ulong LagMs { get; init; } = 10_000;

    /// <summary>Both did accepted work so many ms before the beacon at most.</summary>
    public ulong ActiveMs { get; init; } = 48 * 3_600_000;

    /// <summary>Nearer than so many metres is the same place.</summary>
    public uint DistanceMinM { get; init; } = 350;

    /// <summary>Farther than so many metres is not believed.</summary>
    public uint DistanceMaxM { get; init; } = 100_000;

    /// <summary>How far in Hz the frequencies may differ.</summary>
    public ulong FrequencyToleranceHz { get; init; } = 100_000;

    /// <summary>What a reception may be stronger than free space allows, in hundredths of a dB: receivers measure by so much too much.</summary>
    public int RssiMarginCentiDb { get; init; }

    /// <summary>The weakest signal that a receiver can hear, in hundredths of a dBm.</summary>
    public int RssiMinCentiDbm { get; init; } = -15_000;

    /// <summary>Witnesses that count, drawn from all that reported.</summary>
    public int WitnessesMax { get; init; } = 14;

    /// <summary>Witnesses that a beacon wants (N): with fewer it earns in proportion.</summary>
    public uint WitnessesWanted { get; init; } = 4;

    /// <summary>What each further witness is worth of the one before (r), in parts per million.</summary>
    public uint Decay { get; init; } = 800_000;
}
