namespace AppChain.Simulation;

// One core serves one epoch (rule 11): entering the next, following without a seat.
sealed partial class Machine
{
    /// <summary>How often a machine without a seat asks for new blocks.</summary>
    const long FollowUs = 200_000;

    ulong viewsBefore; // Of the epochs that have ended.

    /// <summary>The epoch of its core, and its place in the set of that epoch; null if it has none, and only follows.</summary>
    public Epoch Epoch { get; private set; }
    public ushort? Seat => world.Reigns.SeatOf(Epoch, Signer);

    /// <summary>Where its epoch started for it.</summary>
    public ChainPoint EpochStart { get; private set; } = Scenario.Genesis;

    /// <summary>The seat of a view's leader in its epoch.</summary>
    public ushort LeaderOf(View view) => core!.LeaderOf(view);

    public bool Leads(View view) => Seat is { } seat && core!.LeaderOf(view) == seat;

    /// <summary>True if it is the leader who made this block.</summary>
    public bool Made(Header header) => world.Reigns.IdentityOf(header.Epoch, header.Leader) == Signer;

    /// <summary>A core of the epoch above the durable tip takes over (contract 10). All that was under way for the one before is dropped.</summary>
    void EnterEpoch()
    {
        life++;
        armedUs = null;
        world.Coverage.Happened(Fault.EpochEntered, Disk.Epoch.Value > Epoch.Value);
        Epoch = Disk.Epoch;
        EpochStart = Disk.Tip;
        core = new Core(
            new CoreOptions
            {
                ChainId = Scenario.ChainId,
                Epoch = Epoch,
                Validators = world.Reigns.SetOf(Epoch),
                LeaderSeed = Scenario.Genesis.Hash,
                Signer = Seat,
                Timeouts = world.Scenario.Timeouts,
            },
            crypto,
            EpochStart,
            Disk.TipFinalization);
        Guarded(() =>
        {
            foreach (var (_, _, record) in Disk.Journal)
            {
                var result = core.Replay(record);
                world.Oracle.Require(result != ReplayResult.Foreign || !IsHonest, "journal", $"{Name} finds a record that is not its own");
            }
        });
        world.Trace.Add(Place, Mix.Fold(100, Epoch.Value));
        world.Trace.Lines?.Say(
            $"{Name} starts in epoch {Epoch}, view {View}, height {Disk.Height}, {Disk.Journal.Count} records in its journal"
            + (Seat is null ? ", without a seat" : ""));
        host.Begin();
        Arrival[] waiting = [.. inbox.Where(arrival => arrival.Message is not null)];
        inbox.Clear();
        inbox.Enqueue(new Arrival(Signer, null, new Input.Start()));
        inbox.Enqueue(new Arrival(Signer, null, new Input.Work(world.Faults.HasWork(Place))));
        foreach (var message in waiting)
        {
            inbox.Enqueue(message);
        }

        if (Seat is null)
        {
            Follow();
        }

        RunTurns();
    }

    /// <summary>The tip is in a later epoch than the core.</summary>
    public void EnterEpochWhenDue()
    {
        if (Running && !busy && Disk.Epoch.Value > Epoch.Value)
        {
            viewsBefore += View.Value;
            EnterEpoch();
        }
    }

    /// <summary>Who has no seat gets its blocks by sync alone.</summary>
    void Follow() => After(FollowUs, () =>
    {
        host.Sync();
        if (Seat is null)
        {
            Follow();
        }
    });
}
