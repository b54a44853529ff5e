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
    readonly BookCrypto crypto;
    readonly Queue<Arrival> inbox = new();
    List<Effect> effects = [];
    Core? core;
    bool busy;
    int life;
    long? armedUs;
    long frozenUntilUs;
    long diskFullUntilUs;
    ulong readMs; // The highest time that the core has been told.

    /// <summary>What waits for the core: a message of another validator, or the host's answer.</summary>
    readonly record struct Arrival(int From, Message? Message, Input? Input);

    public Machine(World world, int place, int signer)
    {
        this.world = world;
        Place = place;
        Signer = signer;
        dice = world.Dice.Fork();
        clock = new LocalClock(world.Agenda);
        crypto = new BookCrypto(world.Book, signer);
        host = new Host(world, this, dice.Fork());
        actor = Actor.For(world.Scenario.Byzantine.TryGetValue(signer, out var misdeed) ? misdeed : null, world, this);
        var spread = world.Scenario.ClockSpreadPerMille;
        clock.SetRate(1000 + dice.Between(-spread, spread));
        clock.WallOffsetMs = dice.Between(-world.Scenario.WallOffsetMsMax, world.Scenario.WallOffsetMsMax);
    }

    public int Place { get; }

    /// <summary>Whose key it has.</summary>
    public int Signer { get; }
    public bool IsHonest => !world.Scenario.Byzantine.ContainsKey(Signer);
    public bool Running => core is not null;
    public bool IsSyncing => busy && Disk.HasUnsynced;

    /// <summary>A turn is under way: what comes in waits.</summary>
    public bool Busy => busy;

    /// <summary>Which core this is: starts, stops and changes of epoch, counted.</summary>
    public int Life => life;
    public Disk Disk { get; } = new();
    public LocalClock Clock => clock;
    public Actor Actor => actor;
    public View View => core?.View ?? View.Genesis;
    public View Finalized => core?.Finalized.View ?? View.Genesis;
    public string Name => Place == Signer ? $"{Signer}" : $"{Signer}'";

    public void Start()
    {
        world.Oracle.Require(!Running, "simulator", $"{Name} is started while it runs");
        if (ReadFails())
        {
            world.Trace.Lines?.Say($"{Name} cannot read its journal, and does not start");
            world.Faults.OnDown(this);
            return;
        }

        readMs = 0;
        clock.Reset(dice.Between(0, 100_000));
        EnterEpoch();
    }

    /// <summary>The power goes off, now.</summary>
    public void Crash(string why)
    {
        core = null;
        life++;
        busy = false;
        inbox.Clear();
        effects = [];
        var (lost, torn, hole) = Disk.Fail(dice);
        world.Coverage.Happened(Fault.UnsyncedRecordLost, lost > 0);
        world.Coverage.Happened(Fault.RecordTorn, torn);
        world.Coverage.Happened(Fault.IntactRecordBehindATornOne, hole);
        if (actor.LosesJournal || (IsHonest && world.Scenario.LosesJournals))
        {
            Disk.LoseJournal();
        }

        world.Trace.Add(Place, Mix.Fold(101, (ulong)lost));
        world.Trace.Lines?.Say($"{Name} stops ({why}), losing {lost} unsynced records{(torn ? ", the first of them torn" : "")}");
        world.Faults.OnDown(this);
    }

    public void Freeze(long forUs) => frozenUntilUs = world.Agenda.NowUs + forUs;

    /// <summary>For so long nothing can be written.</summary>
    public void FillDisk(long forUs) => diskFullUntilUs = world.Agenda.NowUs + forUs;

    public bool DiskIsFull => diskFullUntilUs > world.Agenda.NowUs;

    /// <summary>True if something cannot be read just now.</summary>
    public bool ReadFails()
    {
        var fails = dice.Chance(world.Now.ReadErrorPerMille);
        world.Coverage.Happened(Fault.ReadError, fails);
        return fails;
    }

    /// <summary>True, and the machine has stopped, if its disk is full: what it cannot keep it must not act on.</summary>
    public bool StopsForFullDisk()
    {
        if (!DiskIsFull)
        {
            return false;
        }

        world.Coverage.Happened(Fault.DiskFull);
        Crash("its disk is full");
        return true;
    }

    public void Leap(long ms)
    {
        clock.Leap(ms);
        armedUs = null;
        world.Trace.Lines?.Say($"{Name}'s clock leaps by {ms} ms");
        ArmTimer();
    }

    public void Receive(int from, Message message)
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
        inbox.Enqueue(new Arrival(from, message, null));
        RunTurns();
    }

    /// <summary>Queues an input and, unless a turn is under way, takes turns until there is nothing left to do now.</summary>
    public void Take(Input input)
    {
        if (!Running)
        {
            return;
        }

        inbox.Enqueue(new Arrival(Signer, null, input));
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
            Think();
        }

        ArmTimer();
    }

    void StepAll() => Guarded(() =>
    {
        for (var taken = 0; taken < InputsPerTurnMax && inbox.TryDequeue(out var arrival); taken++)
        {
            if (InputOf(arrival) is not { } input)
            {
                continue;
            }

            world.Trace.Lines?.Say($"  {Name} {Readable.Of(input)}");
            core!.Step(input, clock.NowMs, effects);
            readMs = ulong.Max(readMs, clock.NowMs);
            world.Oracle.OnWaiting(this, core.NextDeadlineMs, clock.NowMs < readMs ? 0 : readMs);
        }

        world.Reached(this, viewsBefore + core!.View.Value);
    });

    /// <summary>What the core gets of an arrival; null if it is not for it.</summary>
    Input? InputOf(Arrival arrival)
    {
        if (arrival.Message is not { } message)
        {
            return arrival.Input;
        }

        if (message is Message.StatusRequest && message.Epoch.Value < Epoch.Value && Disk.EndOf(message.Epoch) is { } end)
        {
            actor.OnSend(arrival.From, OverTheWire(new Message.Proof(end)));
            return null;
        }

        // Whatever else is of another epoch is the core's to drop.
        return world.Reigns.SeatOf(Epoch, arrival.From) is { } seat ? new Input.Received(seat, message) : null;
    }

    /// <summary>The signatures of this turn were checked by one processor; only then comes what follows from them.</summary>
    void Think()
    {
        var us = crypto.TakeVerified() * world.Scenario.VerifyUs;
        if (us == 0 || !Running)
        {
            AppendAll();
            return;
        }

        After(us, () =>
        {
            AppendAll();
            RunTurns();
        });
    }

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
        ? $"{Name}: epoch {Epoch}, view {View}, finalised {Finalized}, height {Disk.Height}"
        : $"{Name}: down, height {Disk.Height}";
}
