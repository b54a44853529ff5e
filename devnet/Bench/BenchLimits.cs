namespace AppChain.Devnet.Bench;

/// <summary>Every bound of the benchmark.</summary>
internal static class BenchLimits
{
    public const int DevicesDefault = 2_000;

    /// <summary>Proofs under way to one validator while the chain gets as many as it takes.</summary>
    public const int UnderWayMax = 2_000;

    /// <summary>How long a signed proof stays valid: longer than any run.</summary>
    public static readonly TimeSpan ProofLifetime = TimeSpan.FromHours(1);

    /// <summary>Between two proofs while the chain is idle.</summary>
    public static readonly TimeSpan IdleInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>How often what is due at a steady rate is sent.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(2);

    /// <summary>Between two looks at how far a validator has caught up.</summary>
    public static readonly TimeSpan CatchUpPoll = TimeSpan.FromMilliseconds(20);

    /// <summary>How long a validator may take to catch up with the whole run.</summary>
    public static readonly TimeSpan CatchUpMax = TimeSpan.FromMinutes(5);

    /// <summary>Signature verifications in one measurement of their time.</summary>
    public const int VerificationsTimed = 2_000;
}
