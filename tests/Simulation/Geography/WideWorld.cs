namespace AppChain.Simulation.Geography;

/// <summary>One world: so many validators, dealt out over regions, on links of these rates, of whom some never speak.</summary>
sealed record WideWorld
{
    /// <summary>32 bytes for each of a hundred batches, and as much again: mint, evidence, votes about parameters.</summary>
    public const int PayloadBytes = 6_400;

    /// <summary>One Schnorr signature on one core of a small server.</summary>
    public const long VerifyUs = 60;

    /// <summary>Each of making a block, checking it, and making its batches durable. Transactions have travelled before.</summary>
    public const long HostUs = 1_000;

    /// <summary>A sync of the journal takes up to this.</summary>
    public const long SyncUsMax = 2_000;

    /// <summary>The node's own settings for a wide area, with what it derives from them (node/host/NodeRuntime.cs).</summary>
    public static readonly TimeoutOptions WideArea = new()
    {
        LeaderMs = 1_000,
        AdvanceMs = 2_000,
        SkipMs = 8_000,
        RetryMs = 1_000,
        CapMs = 10_000,
    };

    public required LatencyTable Latencies { get; init; }
    public required IReadOnlyList<string> Regions { get; init; }
    public required int Validators { get; init; }

    /// <summary>Bytes per second up and down, dealt out over the validators in turn.</summary>
    public required IReadOnlyList<long> Rates { get; init; }
    public required string RateName { get; init; }

    /// <summary>f validators never say a word, for the most f below a third of the power.</summary>
    public required bool WithSilent { get; init; }

    /// <summary>Blocks that are measured.</summary>
    public required int Blocks { get; init; }
    public required ulong Seed { get; init; }

    /// <summary>Votes and proposals go ahead of certificates on all links.</summary>
    public bool CertificatesLast { get; init; }
    public TimeoutOptions Timeouts { get; init; } = WideArea;

    // Until the silent are known as such (skip time and a little), or until the first blocks are through.
    long WarmUpUs => WithSilent ? ((long)Timeouts.SkipMs * 2_000) + 4_000_000 : 2_000_000;

    /// <exception cref="Violation">The run was not safe, or stood still.</exception>
    public WideResult Run()
    {
        var placement = new Placement(Latencies, Regions, Validators);
        var silent = SilentOnes();
        var speaking = Validators - silent.Count;
        var world = new World(ScenarioOf(placement));
        var timeline = world.Timeline = new Timeline(world.Agenda, speaking, WarmUpUs);
        foreach (var machine in world.Machines.Where(machine => !silent.Contains(machine.Place)))
        {
            machine.Start();
            machine.Take(new Input.Work(true));
        }

        var (endUs, bytesBefore) = (WarmUpUs + (Blocks * 10_000_000L), 0L);
        while (timeline.Complete <= Blocks)
        {
            world.Oracle.Require(world.Agenda.Step(endUs), "liveness", $"fewer than {Blocks} blocks in {endUs / 1_000_000} s");
            bytesBefore = world.Agenda.NowUs < WarmUpUs ? world.Network.Bytes : bytesBefore;
        }

        world.Oracle.AtTheEnd();
        return new WideResult(this, silent, timeline.Blocks(), new PhysicalBound(placement, silent))
        {
            Bytes = world.Network.Bytes - bytesBefore,
            Dropped = world.Coverage.Of(Fault.QueueOverflow),
            TraceHash = world.Trace.Hash,
        };
    }

    Scenario ScenarioOf(Placement placement) => new()
    {
        Seed = Seed,
        Profile = "world",
        Powers = [.. Enumerable.Repeat(1UL, Validators)],
        Placement = placement,
        BytesPerSecond = Rates,
        CertificatesLast = CertificatesLast,
        HostUsMin = HostUs,
        HostUsMax = 0,
        SyncUsMax = SyncUsMax,
        PayloadBytes = PayloadBytes,
        VerifyUs = VerifyUs,
        Timeouts = Timeouts,
    };

    HashSet<int> SilentOnes() => !WithSilent
        ? []
        : [.. new Dice(Mix.Final(Seed)).Shuffled(Enumerable.Range(0, Validators)).Take((Validators - 1) / 3)];
}
