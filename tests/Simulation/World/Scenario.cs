using AppChain.Simulation.Geography;

namespace AppChain.Simulation;

enum Latency
{
    Constant,
    Uniform,
    Exponential,

    /// <summary>Pareto: most messages are quick, a few come seconds later.</summary>
    LongTail,
}

/// <summary>All that is decided about a run before it starts. It follows from seed, profile and the command line's wishes.</summary>
sealed record Scenario
{
    public const long GenesisTimeMs = 1_700_000_000_000;

    /// <summary>The oracle counts signers in the bits of one 128-bit number.</summary>
    public const int ValidatorsMax = 128;

    public static readonly ChainId ChainId = ChainId.Parse("simulated");
    public static readonly ChainPoint Genesis =
        ChainPoint.Genesis(new TaggedHash("simulation/genesis").Of([]), (ulong)GenesisTimeMs);

    public required ulong Seed { get; init; }
    public required string Profile { get; init; }
    public required ulong[] Powers { get; init; }

    /// <summary>Blocks of an epoch; its last ends it. 0: the first epoch never ends.</summary>
    public ulong EpochBlocks { get; init; }

    /// <summary>The sets of the epochs after the first, by identity, 0 for who is not in it; then they come round again. None: the first set
    /// stays.</summary>
    public IReadOnlyList<ulong[]> LaterPowers { get; init; } = [];

    /// <summary>All sets.</summary>
    public IReadOnlyList<ulong[]> AllPowers => [Powers, .. LaterPowers];

    /// <summary>Whether the block of this height is the last of its epoch.</summary>
    public bool EndsEpoch(ulong height) => EpochBlocks > 0 && height % EpochBlocks == 0;

    /// <summary>Byzantine validators and what they do: together below a third of the power.</summary>
    public IReadOnlyDictionary<int, Misdeed> Byzantine { get; init; } = new Dictionary<int, Misdeed>();

    /// <summary>Honest validators that never come back after the faults; with the Byzantine still below a third.</summary>
    public IReadOnlyList<int> Dead { get; init; } = [];

    /// <summary>Faults end when an honest validator has reached this view, or after <see cref="FaultsMsMax"/>.</summary>
    public ulong Views { get; init; } = 40;
    public long FaultsMsMax { get; init; } = 30_000;

    // Network
    public Latency Latency { get; init; }
    public long LatencyUs { get; init; } = 10_000;

    /// <summary>Where the validators are; if given, it decides the delays.</summary>
    public Placement? Placement { get; init; }

    /// <summary>Rates of the machines' up- and downlinks, dealt out in turn. Empty: without limit.</summary>
    public IReadOnlyList<long> BytesPerSecond { get; init; } = [];

    /// <summary>Links carry certificates when there is nothing else to carry.</summary>
    public bool CertificatesLast { get; init; }
    public int LossPerMille { get; init; }
    public int DuplicatePerMille { get; init; }

    /// <summary>Chance per message sent that some old message of anybody's is delivered once more.</summary>
    public int ReplayPerMille { get; init; }

    /// <summary>Mean time between partitions, and the longest one. 0: never.</summary>
    public long PartitionEveryMs { get; init; }
    public long PartitionMsMax { get; init; } = 2_000;

    /// <summary>Mean time between links that hold everything back for a while. 0: never.</summary>
    public long ClogEveryMs { get; init; }
    public long ClogMsMax { get; init; } = 1_000;

    // Machines
    /// <summary>Chance to stop before each single effect, each record, and the sync.</summary>
    public int CrashPerTenThousand { get; init; }

    /// <summary>Mean time between crashes that hit at any moment: one machine, or now and then all of them. 0: never.</summary>
    public long CrashEveryMs { get; init; }
    public long DownMsMax { get; init; } = 500;
    public int SyncFailurePerTenThousand { get; init; }
    public long SyncUsMax { get; init; }

    /// <summary>Mean time between disks that are full for a while. 0: never.</summary>
    public long DiskFullEveryMs { get; init; }

    /// <summary>Chance that a machine cannot read its journal when it starts, or a block or batch when it is asked for one.</summary>
    public int ReadErrorPerMille { get; init; }

    /// <summary>Mean time between freezes of one machine (which then finds all its messages at once). 0: never.</summary>
    public long FreezeEveryMs { get; init; }

    /// <summary>How far clock rates may be off, in thousandths, and the mean time between leaps.</summary>
    public int ClockSpreadPerMille { get; init; }
    public long LeapEveryMs { get; init; }
    public long WallOffsetMsMax { get; init; }

    // Hosts
    /// <summary>An answer takes at least this: a validator that is alone must not run for ever within one moment (contract 8).</summary>
    public long HostUsMin { get; init; } = 1_000;

    /// <summary>And up to so much more.</summary>
    public long HostUsMax { get; init; } = 2_000;

    /// <summary>Chance that an answer to Build, Check or Obtain comes when nobody waits for it any more.</summary>
    public int HostLatePerMille { get; init; }

    /// <summary>Blocks are executed by the real ledger.</summary>
    public bool RealLedger { get; init; }
    public int PayloadBytes { get; init; } = sizeof(ulong);

    /// <summary>Time that a machine's one processor is busy with the check of a signature.</summary>
    public long VerifyUs { get; init; }

    /// <summary>Chance that an answer to Build, Check or Obtain never comes.</summary>
    public int HostSilentPerMille { get; init; }
    public int BuildFailurePerMille { get; init; }

    /// <summary>Mean time between changes of "there is work". 0: always work.</summary>
    public long WorkTogglesEveryMs { get; init; }

    /// <summary>A run that needs more events is a storm of messages.</summary>
    public int EventsMax { get; init; } = Agenda.EventsMax;

    // Defects put in on purpose, to see that the oracle has teeth.
    /// <summary>A host that sends before it has synced: against contract 2.</summary>
    public bool SendsBeforeSync { get; init; }

    /// <summary>Every crash loses the whole journal of honest validators too.</summary>
    public bool LosesJournals { get; init; }

    public TimeoutOptions Timeouts { get; init; } = new()
    {
        LeaderMs = 100,
        AdvanceMs = 150,
        SkipMs = 800,
        RetryMs = 80,
        IdleIntervalMs = 1_000,
        ProposalIntervalMs = 15,
        CapMs = 2_000,
    };

    public override string ToString() =>
        $"seed {Seed}, profile {Profile}, powers {string.Join(", then ", AllPowers.Select(powers => string.Join(' ', powers)))}, "
        + (EpochBlocks == 0 ? "" : $"epochs of {EpochBlocks} blocks, ")
        + $"Byzantine {(Byzantine.Count == 0 ? "none" : string.Join(", ", Byzantine.Select(pair => $"{pair.Key} {pair.Value}")))}, "
        + $"dead after the faults {(Dead.Count == 0 ? "none" : string.Join(' ', Dead))}";

    /// <summary>The same scenario after the faults: messages arrive within some 20 ms, clocks and disks work, hosts answer, there is
    /// work.</summary>
    public Scenario Healed() => this with
    {
        Latency = Latency.Uniform,
        LatencyUs = 10_000,
        BytesPerSecond = [],
        LossPerMille = 0,
        DuplicatePerMille = int.Min(DuplicatePerMille, 100),
        ReplayPerMille = int.Min(ReplayPerMille, 50),
        PartitionEveryMs = 0,
        ClogEveryMs = 0,
        CrashPerTenThousand = 0,
        CrashEveryMs = 0,
        SyncFailurePerTenThousand = 0,
        DiskFullEveryMs = 0,
        ReadErrorPerMille = 0,
        FreezeEveryMs = 0,
        LeapEveryMs = 0,
        HostSilentPerMille = 0,
        HostLatePerMille = 0,
        BuildFailurePerMille = 0,
        WorkTogglesEveryMs = 0,
    };
}

/// <summary>Kinds of Byzantine validators: see <c>Actors/</c>.</summary>
enum Misdeed
{
    Equivocates,
    VotesForAll,
    NullifiesAndFinalizes,
    IsSilent,
    SendsToFew,
    Replays,
    Impersonates,
    ProposesInvalid,
    SkipsViews,
    WrongEpoch,
    Twins,
    ForgetsItsJournal,

    /// <summary>Each message another of the above.</summary>
    AnyOfThese,
}
