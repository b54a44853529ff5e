namespace AppChain.Simulation;

/// <summary>
/// Carries messages between places. A place is a machine; a validator with a twin has two. Each directed link may be cut (messages vanish)
/// or clogged (messages wait until it is free, then all come at once).
/// </summary>
sealed class Network
{
    /// <summary>Old messages kept for replay.</summary>
    const int ArchiveMax = 256;

    /// <summary>Doublings of a long-tailed delay.</summary>
    const int TailMax = 7;

    /// <summary>For how long a peer talks to the same one of two twins.</summary>
    const long TwinSlotUs = 300_000;

    readonly World world;
    readonly Dice dice;
    readonly long[,] cutUntilUs;
    readonly long[,] clogUntilUs;
    readonly List<(int From, int To, Message Message)> archive = [];
    readonly Links links;

    public Network(World world, Dice dice)
    {
        this.world = world;
        this.dice = dice;
        cutUntilUs = new long[world.Places, world.Places];
        clogUntilUs = new long[world.Places, world.Places];
        links = new Links(world);
    }

    public long Sent { get; private set; }

    /// <summary>Bytes that left the machines: encoded messages and what the network adds to each.</summary>
    public long Bytes => links.Bytes;

    /// <param name="from">The sending place.</param>
    /// <param name="claimed">Whom the receiver takes for the sender.</param>
    /// <param name="to">The validator it is for; both of two twins may get it.</param>
    public void Send(int from, int claimed, int to, Message message)
    {
        foreach (var place in world.PlacesOf(to))
        {
            if (place != from && MeetsTwin(from, place, to))
            {
                Carry(from, claimed, place, message);
            }
        }

        if (dice.Chance(world.Now.ReplayPerMille) && archive.Count > 0)
        {
            var old = dice.Pick(archive);
            world.Coverage.Happened(Fault.Replayed);
            Deliver(from, old.From, old.To, old.Message, DelayUs(from, old.To));
        }
    }

    public bool IsCut(int from, int to) => cutUntilUs[from, to] > world.Agenda.NowUs;

    public void Cut(int from, int to, long forUs) =>
        cutUntilUs[from, to] = long.Max(cutUntilUs[from, to], world.Agenda.NowUs + forUs);

    public void Clog(int from, int to, long forUs) =>
        clogUntilUs[from, to] = long.Max(clogUntilUs[from, to], world.Agenda.NowUs + forUs);

    /// <summary>All links work from now on. What waits in clogs comes when it would have come.</summary>
    public void Heal()
    {
        Array.Clear(cutUntilUs);
        Array.Clear(clogUntilUs);
    }

    // In each slot a peer talks to one twin or to both: the twins see different halves of the world for a while.
    bool MeetsTwin(int from, int place, int to)
    {
        var places = world.PlacesOf(to);
        if (places.Count == 1)
        {
            return true;
        }

        var draw = Mix.Fold((ulong)(world.Agenda.NowUs / TwinSlotUs), (ulong)from) % 3;
        return draw == 2 || places[(int)draw] == place;
    }

    void Carry(int from, int claimed, int to, Message message)
    {
        Sent++;
        if (IsCut(from, to))
        {
            return;
        }

        if (dice.Chance(world.Now.LossPerMille))
        {
            world.Coverage.Happened(Fault.Lost);
            return;
        }

        var clog = long.Max(0, clogUntilUs[from, to] - world.Agenda.NowUs);
        if (clog > 0)
        {
            world.Coverage.Happened(Fault.Clogged);
        }

        Deliver(from, claimed, to, message, clog + DelayUs(from, to));
        if (dice.Chance(world.Now.DuplicatePerMille))
        {
            world.Coverage.Happened(Fault.Duplicated);
            Deliver(from, claimed, to, message, clog + DelayUs(from, to) + DelayUs(from, to));
        }

        Archive(claimed, to, message);
    }

    void Deliver(int from, int claimed, int to, Message message, long delayUs)
    {
        var receiver = world.Machines[to];
        if (world.Now.BytesPerSecond.Count == 0 && world.Scenario.Placement is null)
        {
            world.Agenda.After(delayUs, () => receiver.Receive(claimed, message));
        }
        else
        {
            links.Carry(from, to, message, delayUs, () => receiver.Receive(claimed, message));
        }
    }

    void Archive(int from, int to, Message message)
    {
        if (world.Now.ReplayPerMille == 0)
        {
            return;
        }

        if (archive.Count < ArchiveMax)
        {
            archive.Add((from, to, message));
        }
        else if (dice.Chance(200))
        {
            archive[dice.Below(ArchiveMax)] = (from, to, message);
        }
    }

    long DelayUs(int from, int to)
    {
        if (world.Scenario.Placement is { } placement)
        {
            return placement.DelayUs(from, to, dice);
        }

        var mean = world.Now.LatencyUs;
        return world.Now.Latency switch
        {
            Latency.Constant => mean,
            Latency.Uniform => dice.Between(1, 2 * mean),
            Latency.Exponential => dice.Between(mean / 2, mean) * (1 + dice.Heads()) / 2,
            _ => dice.Between(mean / 4, mean / 2) << int.Min(dice.Heads(), TailMax),
        };
    }
}
