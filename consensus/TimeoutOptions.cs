using System;

namespace AppChain.Consensus;

/// <summary>
/// Durations in milliseconds. All but <see cref="ProposalIntervalMs"/> bound only how long a fault is waited for: on the good path nothing waits. <see cref="LeaderMs"/> and
/// <see cref="AdvanceMs"/> are estimates of 2δ and 3δ, grown by half per consecutive nullified view up to <see cref="CapMs"/>, and back to
/// their base on a finalization.
/// </summary>
public sealed record TimeoutOptions
{
    /// <summary>No proposal by then: nullify.</summary>
    public ulong LeaderMs { get; init; } = 250;

    /// <summary>No notarized and held block by then: nullify.</summary>
    public ulong AdvanceMs { get; init; } = 500;

    /// <summary>A leader unheard of for this much activity of a quorum is not waited for.</summary>
    public ulong SkipMs { get; init; } = 2_000;

    /// <summary>Between re-sends while something is awaited; grows by half per attempt up to <see cref="CapMs"/>.</summary>
    public ulong RetryMs { get; init; } = 200;

    /// <summary>How long a leader with nothing to include may wait before it proposes.</summary>
    public ulong IdleIntervalMs { get; init; } = 5_000;

    /// <summary>How long after one proposal came the next is made at the earliest; 0: as soon as it can be. Where messages are quicker than that, a
    /// block costs more than what little would be in it. Well below <see cref="LeaderMs"/>, which it is part of.</summary>
    public ulong ProposalIntervalMs { get; init; }

    /// <summary>What growth stops at.</summary>
    public ulong CapMs { get; init; } = 10_000;

    /// <summary>Null if the options make sense, else what does not.</summary>
    public string? Problem() => this switch
    {
        { RetryMs: 0 } or { LeaderMs: 0 } => "RetryMs and LeaderMs must be above 0",
        _ when !(SkipMs > AdvanceMs && AdvanceMs > LeaderMs) => "SkipMs must be above AdvanceMs, and that above LeaderMs",
        _ when ProposalIntervalMs > LeaderMs / 2 => "ProposalIntervalMs must not be above half of LeaderMs",
        _ when CapMs < AdvanceMs || CapMs < RetryMs => "CapMs must not be below AdvanceMs or RetryMs",
        _ => null,
    };

    /// <summary>×1.5 per step, capped; integers only, so that every node and every replay computes the same.</summary>
    public ulong Grown(ulong baseMs, uint steps)
    {
        var grown = baseMs;
        for (; steps > 0 && grown < CapMs; steps--)
        {
            // At least one more, or a base of 1 ms would never grow.
            grown = ulong.Max(grown + 1, grown * 3 / 2);
        }

        return ulong.Min(grown, ulong.Max(CapMs, baseMs));
    }
}
