namespace AppChain.Devnet;

/// <summary>Every bound of the devnet, with its unit and what happens at it.</summary>
internal static class DevnetLimits
{
    public const int ValidatorsDefault = 4;

    /// <summary>Validators of one run; above: refused. One machine carries no more.</summary>
    public const int ValidatorsMax = 32;

    public const int DevicesDefault = 23;

    /// <summary>Devices of one run; above: refused.</summary>
    public const int DevicesMax = 100_000;

    /// <summary>Proofs per second that may be asked for.</summary>
    public const double RateMax = 1_000_000;

    /// <summary>How much faster than recorded the readings are replayed: one of 150 s every quarter of a second.</summary>
    public const double ReplayFactor = 600;

    /// <summary>
    /// Readings that one device may have waiting. Full: its replay stands still until there is room; no reading is left out.
    /// </summary>
    public const int OutboxReadingsMax = 256;

    /// <summary>
    /// Added to a service's shortest interval between two readings, so that rounding to milliseconds never falls below it.
    /// </summary>
    public static readonly TimeSpan IntervalMargin = TimeSpan.FromMilliseconds(1);

    /// <summary>How long the validators may take until all of them answer and make blocks.</summary>
    public static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);

    /// <summary>How long, after the last submission, until every proof has its last word. After that the run has failed.</summary>
    public static readonly TimeSpan DrainMax = TimeSpan.FromSeconds(30);

    /// <summary>How long until all validators have reached one height. After that the run has failed.</summary>
    public static readonly TimeSpan ConvergeMax = TimeSpan.FromSeconds(30);

    /// <summary>How long the reading of one validator's whole chain may go without a block.</summary>
    public static readonly TimeSpan ScanSilenceMax = TimeSpan.FromSeconds(20);

    /// <summary>No new block on any validator for so long: the chain is said to stand still. Idle chains make one a second.</summary>
    public static readonly TimeSpan HaltedAfter = TimeSpan.FromSeconds(5);

    /// <summary>How long a validator may take to answer a status call before it counts as unreachable.</summary>
    public static readonly TimeSpan StatusDeadline = TimeSpan.FromSeconds(1);

    public static readonly TimeSpan StatusInterval = TimeSpan.FromMilliseconds(500);

    public static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(5);
}
