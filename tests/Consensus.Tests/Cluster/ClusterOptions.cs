namespace AppChain.Consensus.Tests;

sealed record ClusterOptions
{
    public ulong[] Powers { get; init; } = [1, 1, 1, 1];
    public int Seed { get; init; }
    public ulong DelayMinMs { get; init; } = 10;
    public ulong DelayMaxMs { get; init; } = 10;
    public int LossPercent { get; init; }
    public int DuplicatePercent { get; init; }

    /// <summary>Chance per effect that the node stops right before performing it.</summary>
    public int CrashPerMille { get; init; }
    public ulong RestartAfterMaxMs { get; init; } = 400;

    /// <summary>Most power that may be down at once because of <see cref="CrashPerMille"/>; null for all of it.</summary>
    public int? DownMax { get; init; }

    /// <summary>How long a host takes to make a block's batches durable.</summary>
    public ulong ObtainMs { get; init; }
    public bool Working { get; init; } = true;

    public TimeoutOptions Timeouts { get; init; } = new()
    {
        LeaderMs = 100,
        AdvanceMs = 150,
        SkipMs = 800,
        RetryMs = 80,
        IdleIntervalMs = 3_000,
        CapMs = 2_000,
    };
}
