namespace AppChain.Simulation;

/// <summary>Makes things go wrong at random moments, and in the end heals them.</summary>
sealed class Faults(World world, Dice dice)
{
    const long FullDiskRestUs = 50_000;

    readonly bool[] working = new bool[world.Places];
    bool healed;

    public void Begin()
    {
        Array.Fill(working, world.Now.WorkTogglesEveryMs == 0);
        Every(() => world.Now.PartitionEveryMs, Partition);
        Every(() => world.Now.ClogEveryMs, Clog);
        Every(() => world.Now.CrashEveryMs, CrashSome);
        Every(() => world.Now.FreezeEveryMs, () => AnyMachine().Freeze(Counted(Fault.Freeze, dice.Between(1, 400) * 1000)));
        Every(() => world.Now.DiskFullEveryMs, () => AnyMachine().FillDisk(dice.Between(1, 1_500) * 1000));
        Every(() => world.Now.LeapEveryMs, Leap);
        Every(() => world.Now.WorkTogglesEveryMs, ToggleWork);
        foreach (var machine in world.Machines)
        {
            // Not all machines are switched on at once.
            var atOnce = dice.Chance(700);
            world.Agenda.After(atOnce ? 0 : Counted(Fault.LateStart, dice.Between(0, 1_000_000)), () => Restart(machine));
            world.Coverage.Happened(Fault.ClockOff, world.Scenario.ClockSpreadPerMille > 0);
        }
    }

    public bool HasWork(int place) => working[place];

    public void OnDown(Machine machine)
    {
        if (!StaysDown(machine))
        {
            // Whoever restarts a machine over and over does not do so a thousand times a second.
            var restUs = machine.DiskIsFull ? FullDiskRestUs : 0;
            world.Agenda.After(restUs + (dice.Between(0, world.Scenario.DownMsMax) * 1000), () => Restart(machine));
        }
    }

    /// <summary>The second phase: links, disks, clocks and hosts work; who is dead stays dead, everybody else is there.</summary>
    public void Heal()
    {
        healed = true;
        world.Now = world.Scenario.Healed();
        world.Network.Heal();
        world.Trace.Lines?.Say("——— the faults are over ———");
        Array.Fill(working, true);
        foreach (var machine in world.Machines)
        {
            machine.Clock.WallOffsetMs = 0;
            machine.FillDisk(forUs: 0);
            if (StaysDown(machine) && machine.Running)
            {
                machine.Crash("for good");
            }
            else if (!StaysDown(machine))
            {
                Restart(machine);
                machine.Take(new Input.Work(true));
            }
        }
    }

    public bool StaysDown(Machine machine) => healed && world.Scenario.Dead.Contains(machine.Signer);

    void Restart(Machine machine)
    {
        if (!machine.Running && !StaysDown(machine))
        {
            machine.Start();
        }
    }

    void Every(Func<long> meanMs, Action action)
    {
        if (meanMs() == 0)
        {
            return;
        }

        world.Agenda.After(dice.Between(1, 2_000 * meanMs()), () =>
        {
            if (meanMs() > 0)
            {
                action();
                Every(meanMs, action);
            }
        });
    }

    void Partition()
    {
        var forUs = dice.Between(1, world.Now.PartitionMsMax) * 1000;
        var kind = dice.Below(4);
        var side = dice.Next();
        var alone = AnyMachine().Place;
        world.Coverage.Happened(Fault.PartitionInHalves + kind);
        world.Trace.Lines?.Say($"{Fault.PartitionInHalves + kind} for {forUs / 1000} ms");
        foreach (var (from, to) in Links())
        {
            var cut = kind switch
            {
                0 => ((side >> from) & 1) != ((side >> to) & 1), // Two halves.
                1 => ((side >> from) & 1) < ((side >> to) & 1),  // Two halves, one way.
                2 => from == alone || to == alone,
                _ => dice.Chance(300),                           // Any directed links.
            };
            if (cut)
            {
                world.Network.Cut(from, to, forUs);
            }
        }
    }

    void Clog()
    {
        var forUs = dice.Between(1, world.Now.ClogMsMax) * 1000;
        var share = dice.Pick([50, 200, 1000]);
        foreach (var (from, to) in Links())
        {
            if (dice.Chance(share))
            {
                world.Network.Clog(from, to, forUs);
            }
        }
    }

    void CrashSome()
    {
        var share = dice.Pick([0, 0, 0, 500, 1000]); // Mostly one, sometimes half, sometimes all.
        var chosen = AnyMachine();
        world.Coverage.Happened(share == 1000 ? Fault.PowerCutOfAll : Fault.PowerCutOfOne);
        foreach (var machine in world.Machines)
        {
            if (machine.Running && (machine == chosen || dice.Chance(share)))
            {
                world.Coverage.Happened(Fault.StopDuringSync, machine.IsSyncing);
                machine.Crash("power");
            }
        }
    }

    void Leap()
    {
        var machine = AnyMachine();
        if (dice.Chance(500))
        {
            var ms = dice.Between(-300, 3_000);
            world.Coverage.Happened(ms < 0 ? Fault.LeapBack : Fault.LeapForward);
            machine.Leap(ms);
        }
        else
        {
            var spread = world.Scenario.ClockSpreadPerMille;
            machine.Clock.SetRate(1000 + dice.Between(-spread, spread));
        }
    }

    void ToggleWork()
    {
        // Work usually reaches all, as transactions do.
        var pending = dice.Chance(500);
        world.Coverage.Happened(Fault.WentIdle, !pending);
        foreach (var machine in world.Machines)
        {
            if (dice.Chance(800))
            {
                working[machine.Place] = pending;
                machine.Take(new Input.Work(pending));
            }
        }
    }

    long Counted(Fault fault, long us)
    {
        world.Coverage.Happened(fault);
        return us;
    }

    IEnumerable<(int From, int To)> Links() =>
        from a in Enumerable.Range(0, world.Places)
        from b in Enumerable.Range(0, world.Places)
        where a != b
        select (a, b);

    Machine AnyMachine() => world.Machines[dice.Below(world.Places)];
}
