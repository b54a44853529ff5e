namespace AppChain.Simulation;

/// <summary>Named families of scenarios. Within a family the seed draws every number.</summary>
static class Profiles
{
    /// <summary>The default: the seed chooses the family too.</summary>
    public const string BySeed = "by-seed";

    static readonly Dictionary<string, Func<Dice, Scenario, Scenario>> Families = new()
    {
        ["calm"] = (dice, scenario) => Hosts(dice, scenario),
        ["lossy"] = (dice, scenario) => Lossy(dice, Hosts(dice, scenario)),
        ["partitions"] = (dice, scenario) => Partitions(dice, Hosts(dice, scenario)),
        ["crashes"] = (dice, scenario) => Crashes(dice, Hosts(dice, scenario)),
        ["clocks"] = (dice, scenario) => Clocks(dice, Hosts(dice, scenario)),
        ["disks"] = (dice, scenario) => Disks(dice, Hosts(dice, scenario)),
        ["narrow"] = (dice, scenario) => Narrow(dice, Hosts(dice, scenario)),
        ["epochs"] = (dice, scenario) => Some(dice, Lossy)(dice, Some(dice, Crashes)(dice, Epochs(dice, Hosts(dice, scenario)))),
        ["byzantine"] = (dice, scenario) => Byzantine(dice, Some(dice, Epochs)(dice, Slightly(dice, Hosts(dice, scenario)))),
        ["everything"] = (dice, scenario) => Some(dice, Lossy)(dice, Some(dice, Partitions)(dice, Some(dice, Crashes)(dice,
            Some(dice, Clocks)(dice, Some(dice, Disks)(dice, Some(dice, Narrow)(dice, Byzantine(dice, Some(dice, Epochs)(dice, Hosts(dice, scenario))))))))),
        ["ledger"] = (dice, scenario) => Ledger(dice, Hosts(dice, scenario)),
    };

    /// <summary>In a family of its own, as it takes its time.</summary>
    static Scenario Ledger(Dice dice, Scenario scenario) => Some(dice, Lossy)(dice, Some(dice, Crashes)(dice, Some(dice, Byzantine)(dice,
        Some(dice, Epochs)(dice, scenario with { RealLedger = true }))));

    public static IReadOnlyList<string> Names { get; } = [.. Families.Keys];

    public static bool Exists(string profile) => profile == BySeed || Families.ContainsKey(profile);

    /// <param name="validators">Null: 1 to 10, by the seed.</param>
    /// <param name="views">Null: the scenario's own.</param>
    public static Scenario Make(ulong seed, string profile = BySeed, int? validators = null, ulong? views = null)
    {
        var dice = new Dice(Mix.Final(seed ^ 0x51A9));
        var drawn = dice.Below(14); // Four in fourteen are of everything, two Byzantine, and one of each of the first eight families.
        var count = dice.Below(10); // 4 and 7 are where f changes; 1 and 2 tolerate nobody.
        var family = profile != BySeed ? profile : drawn < 4 ? "everything" : drawn < 6 ? "byzantine" : Names[drawn - 6];
        int n = validators ?? (count < 3 ? 4 : 1 + dice.Below(10));
        var scenario = new Scenario { Seed = seed, Profile = family, Powers = PowersOf(dice, n), Latency = (Latency)dice.Below(4) };
        scenario = Families[family](dice, scenario with { LatencyUs = dice.Between(500, 25_000) });
        return WithDead(dice, views is { } wanted ? scenario with { Views = wanted } : scenario);
    }

    static ulong[] PowersOf(Dice dice, int n)
    {
        var kind = dice.Below(4);
        var scale = (ulong)dice.Between(1, 1_000_000);
        return [.. Enumerable.Range(0, n).Select(i => kind switch
        {
            0 or 1 => 1UL,
            2 => (ulong)dice.Between(1, 10),
            _ => scale * (ulong)dice.Between(1, i == 0 ? 100 : 20),
        })];
    }

    static Scenario Hosts(Dice dice, Scenario scenario) => scenario with
    {
        HostUsMax = dice.Pick([1_000, 2_000, 20_000]),
        SyncUsMax = dice.Pick([0, 0, 3_000]),
        WorkTogglesEveryMs = dice.Chance(250) ? 400 : 0,
    };

    static Scenario Slightly(Dice dice, Scenario scenario) => scenario with
    {
        LossPerMille = dice.Pick([0, 0, 20, 100]),
        DuplicatePerMille = dice.Pick([0, 0, 50]),
    };

    static Scenario Lossy(Dice dice, Scenario scenario) => scenario with
    {
        LatencyUs = dice.Pick([scenario.LatencyUs, 60_000]),
        LossPerMille = (int)dice.Between(0, 300),
        DuplicatePerMille = dice.Chance(500) ? (int)dice.Between(0, 500) : 0,
        ReplayPerMille = dice.Chance(500) ? (int)dice.Between(0, 500) : 0,
        ClogEveryMs = dice.Chance(500) ? 500 : 0,
    };

    static Scenario Partitions(Dice dice, Scenario scenario) => scenario with
    {
        PartitionEveryMs = dice.Between(100, 1_500),
        PartitionMsMax = dice.Between(100, 3_000),
        ClogEveryMs = dice.Chance(300) ? 400 : 0,
    };

    static Scenario Crashes(Dice dice, Scenario scenario) => scenario with
    {
        CrashPerTenThousand = dice.Pick([0, 5, 20, 60]),
        CrashEveryMs = dice.Pick([0, 200, 600]),
        DownMsMax = dice.Pick([1, 100, 500, 3_000]),
        SyncFailurePerTenThousand = dice.Pick([0, 10, 50]),

        // A host that takes longer than a view: after a restart its core stands in a view that it has finalized already.
        HostUsMax = dice.Pick([scenario.HostUsMax, scenario.HostUsMax, 400_000]),
        SyncUsMax = dice.Pick([0, 1_000, 10_000]),
        FreezeEveryMs = dice.Chance(300) ? 400 : 0,
    };

    static Scenario Clocks(Dice dice, Scenario scenario) => scenario with
    {
        ClockSpreadPerMille = dice.Pick([10, 100, 400]),
        LeapEveryMs = dice.Pick([0, 300, 1_000]),
        WallOffsetMsMax = 200,
        FreezeEveryMs = dice.Chance(300) ? 400 : 0,
        HostSilentPerMille = dice.Pick([0, 0, 30]),
        BuildFailurePerMille = dice.Pick([0, 0, 50]),
        HostLatePerMille = dice.Pick([0, 0, 50]),
    };

    static Scenario Disks(Dice dice, Scenario scenario) => scenario with
    {
        DiskFullEveryMs = dice.Pick([0, 300, 1_000]),
        ReadErrorPerMille = dice.Pick([0, 50, 300]),
        SyncFailurePerTenThousand = dice.Pick([0, 20, 200]),
        SyncUsMax = dice.Pick([1_000, 10_000, 50_000]),
        CrashEveryMs = dice.Pick([200, 600]),
    };

    static Scenario Narrow(Dice dice, Scenario scenario) => scenario with
    {
        // A vote is some 200 bytes: the narrowest links carry a hundred a second, and queues of seconds build up.
        BytesPerSecond = [.. scenario.Powers.Select(_ => dice.Pick([20_000L, 60_000, 200_000, 1_000_000]))],
        PayloadBytes = dice.Pick([8, 1_000, 6_000]),
        HostLatePerMille = dice.Pick([0, 20, 100]),
    };

    /// <summary>As much Byzantine power as the bound allows, chosen at random.</summary>
    static Scenario Byzantine(Dice dice, Scenario scenario)
    {
        var byzantine = new Dictionary<int, Misdeed>();
        var allAlike = dice.Chance(300) ? AnyMisdeed(dice) : (Misdeed?)null;
        foreach (var i in Within(dice, scenario.AllPowers, []))
        {
            byzantine[i] = allAlike ?? AnyMisdeed(dice);
        }

        return scenario with { Byzantine = byzantine };
    }

    static Scenario WithDead(Dice dice, Scenario scenario) => dice.Chance(500)
        ? scenario
        : scenario with { Dead = [.. Within(dice, scenario.AllPowers, scenario.Byzantine.Keys)] };

    /// <summary>Short epochs, most of them with another set.</summary>
    static Scenario Epochs(Dice dice, Scenario scenario) => scenario with
    {
        EpochBlocks = (ulong)dice.Pick([1, 2, 3, 5, 8]),
        LaterPowers = [.. Enumerable.Range(0, dice.Below(4)).Select(_ => Changed(dice, scenario.Powers))],
    };

    // Some leave, some come back, some gain or lose power.
    static ulong[] Changed(Dice dice, ulong[] powers)
    {
        ulong[] changed = [.. powers.Select(power => dice.Chance(250) ? 0 : dice.Chance(300) ? (ulong)dice.Between(1, 10) * power : power)];
        if (changed.All(power => power == 0))
        {
            changed[dice.Below(changed.Length)] = 1;
        }

        return changed;
    }

    /// <summary>Validators at random, as many as stay, with those given, below a third of the power of every set.</summary>
    static IEnumerable<int> Within(Dice dice, IReadOnlyList<ulong[]> sets, IEnumerable<int> given)
    {
        var chosen = Power.Mask(given);
        foreach (var i in dice.Shuffled(Enumerable.Range(0, sets[0].Length)))
        {
            if (!Power.Contains(chosen, i) && sets.All(powers => Power.IsBelowThird(powers, chosen | Power.Bit(i))))
            {
                chosen |= Power.Bit(i);
                yield return i;
            }
        }
    }

    static Misdeed AnyMisdeed(Dice dice) => (Misdeed)dice.Below(Enum.GetValues<Misdeed>().Length);

    static Func<Dice, Scenario, Scenario> Some(Dice dice, Func<Dice, Scenario, Scenario> family) =>
        dice.Chance(650) ? family : (_, scenario) => scenario;
}
