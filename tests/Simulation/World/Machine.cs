namespace AppChain.Simulation;

/// <summary>
/// One validator's machine: a real core with the driver that the contract asks for (consensus/README.md): steps, then appends, one sync,
/// then the other effects in order. It may stop before any of them, and starts again from what its disk kept.
/// </summary>
sealed partial class Machine
{
    /// <summary>Inputs of one turn, as in the real driver.</summary>
    const int InputsPerTurnMax = 64;

    readonly World world;
    readonly Dice dice;
    readonly Host host;
    readonly Actor actor;
    readonly LocalClock clock;
    readonly Queue<Input> inbox = new();
    List<Effect> effects = [];
    Core? core;
    bool busy;
    int life;
    long? armedUs;
    long frozenUntilUs;
    ulong readMs; // The highest time that the core has been told.

    public Machine(World world, int place, ushort signer)
    {
        this.world = world;
        Place = place;
        Signer = signer;
        dice = world.Dice.Fork();
        clock = new LocalClock(world.Agenda);
        host = new Host(world, this, dice.Fork());
        actor = Actor.For(world.Scenario.Byzantine.TryGetValue(signer, out var misdeed) ? misdeed : null, world, this);
        var spread = world.Scenario.ClockSpreadPerMille;
        clock.SetRate(1000 + dice.Between(-spread, spread));
        clock.WallOffsetMs = dice.Between(-world.Scenario.WallOffsetMsMax, world.Scenario.WallOffsetMsMax);
    }

    public int Place { get; }
    public ushort Signer { get; }
    public bool IsHonest => !world.Scenario.Byzantine.ContainsKey(Signer);
    public bool Running => core is not null;

    /// <summary>A turn is under way: what comes in waits.</summary>
    public bool Busy => busy;

    /// <summary>Which start this is, counting stops too.</summary>
    public int Life => life;

    /// <summary>Since when this life lasts.</summary>
    public long StartedUs { get; private set; }
    public Disk Disk { get; } = new();
    public LocalClock Clock => clock;
    public Actor Actor => actor;
    public View View => core?.View ?? View.Genesis;
    public View Finalized => core?.Finalized.View ?? View.Genesis;
    public string Name => Place == Signer ? $"{Signer}" : $"{Signer}'";

    public ushort LeaderOf(View view) => core!.LeaderOf(view);

    public void Start()
    {
        world.Oracle.Require(!Running, "simulator", $"{Name} is started while it runs");
        life++;
        StartedUs = world.Agenda.NowUs;
        armedUs = null;
        readMs = 0;
        clock.Reset(dice.Between(0, 100_000));
        core = new Core(
            new CoreOptions
            {
                ChainId = Scenario.ChainId,
                Validators = world.Validators,
                LeaderSeed = Scenario.Genesis.Hash,
                Signer = Signer,
                Timeouts = world.Scenario.Timeouts,
            },
            new BookCrypto(world.Book, Signer),
            Disk.Tip,
            Disk.TipFinalization);
        Guarded(() =>
        {
            foreach (var (_, record) in Disk.Journal)
            {
                var result = core.Replay(record);
                world.Oracle.Require(result != ReplayResult.Foreign || !IsHonest, "journal", $"{Name} finds a record that is not its own");
            }
        });
        world.Trace.Add(Place, 100);
        world.Trace.Lines?.Say($"{Name} starts in view {View}, height {Disk.Height}, {Disk.Journal.Count} records in its journal");
        Take(new Input.Start());
        Take(new Input.Work(world.Faults.HasWork(Place)));
    }

    /// <summary>The power goes off, now.</summary>
    public void Crash(string why)
    {
        core = null;
        life++;
        busy = false;
        inbox.Clear();
        effects = [];
        var (lost, torn) = Disk.Fail(dice);
        if (actor.LosesJournal || (IsHonest && world.Scenario.LosesJournals))
        {
            Disk.LoseJournal();
        }

        world.Trace.Add(Place, Mix.Fold(101, (ulong)lost));
        world.Trace.Lines?.Say($"{Name} stops ({why}), losing {lost} unsynced records{(torn ? ", the first of them torn" : "")}");
        world.Faults.OnDown(this);
    }

    public void Freeze(long forUs) => frozenUntilUs = world.Agenda.NowUs + forUs;

    public void Leap(long ms)
    {
        clock.Leap(ms);
        armedUs = null;
        world.Trace.Lines?.Say($"{Name}'s clock leaps by {ms} ms");
        ArmTimer();
    }

    public void Receive(ushort from, Message message)
    {
        if (!Running)
        {
            return;
        }

        if (frozenUntilUs > world.Agenda.NowUs)
        {
            var now = life;
            world.Agenda.At(frozenUntilUs, () => IfAlive(now, () => Receive(from, message)));
            return;
        }

        actor.OnReceived(message);
        Take(new Input.Received(from, message));
    }

    /// <summary>Queues an input and, unless a turn is under way, takes turns until there is nothing left to do now.</summary>
    public void Take(Input input)
    {
        if (!Running)
        {
            return;
        }

        inbox.Enqueue(input);
        RunTurns();
    }

    /// <summary>Does something later, unless this life of the machine has ended by then.</summary>
    public void After(long delayUs, Action action)
    {
        var now = life;
        world.Agenda.After(delayUs, () => IfAlive(now, action));
    }

    void IfAlive(int expected, Action action)
    {
        if (life == expected && Running)
        {
            action();
        }
    }

    void RunTurns()
    {
        while (Running && !busy && inbox.Count > 0)
        {
            busy = true;
            StepAll();
            AppendAll();
        }

        ArmTimer();
    }

    void StepAll() => Guarded(() =>
    {
        for (var taken = 0; taken < InputsPerTurnMax && inbox.TryDequeue(out var input); taken++)
        {
            world.Trace.Lines?.Say($"  {Name} {Readable.Of(input)}");
            core!.Step(input, clock.NowMs, effects);
            world.Oracle.Require(
                !IsHonest || core.NextDeadlineMs is null || core.NextDeadlineMs > clock.NowMs || clock.NowMs < readMs,
                "deadline",
                $"{Name} asks to be woken in the past");
            readMs = ulong.Max(readMs, clock.NowMs);
        }

        world.Reached(this, core!.View.Value);
    });

    void ArmTimer()
    {
        if (core?.NextDeadlineMs is not { } due || busy)
        {
            return;
        }

        var atUs = clock.TrueUsOf(due);
        if (armedUs <= atUs)
        {
            return; // An earlier one is on its way and will arm the next.
        }

        armedUs = atUs;
        After(atUs - world.Agenda.NowUs, () => OnTimer(atUs));
    }

    void OnTimer(long atUs)
    {
        if (armedUs != atUs)
        {
            return;
        }

        armedUs = null;
        if (frozenUntilUs > world.Agenda.NowUs)
        {
            var thawUs = frozenUntilUs;
            armedUs = thawUs;
            After(thawUs - world.Agenda.NowUs, () => OnTimer(thawUs));
        }
        else if (core!.NextDeadlineMs <= clock.NowMs)
        {
            Take(new Input.Tick());
        }
        else
        {
            ArmTimer();
        }
    }

    /// <summary>A broken invariant stops the machine. Of an honest one that is a failure of the run; a faulty one has earned it, and goes on
    /// with an empty journal.</summary>
    void Guarded(Action action)
    {
        try
        {
            action();
        }
        catch (InvariantException broken)
        {
            world.Oracle.Require(!IsHonest, "invariant", $"{Name} stops: {broken.Message}");
            Disk.LoseJournal();
            Crash("its own lies caught up with it");
        }
    }

    public override string ToString() => Running
        ? $"{Name}: view {View}, finalised {Finalized}, height {Disk.Height}"
        : $"{Name}: down, height {Disk.Height}";
}
