namespace AppChain.Simulation;

/// <summary>What came of a run.</summary>
/// <param name="Failure">Null if nothing was violated.</param>
/// <param name="HealMs">Virtual time from the end of the faults until every healed validator had its new blocks.</param>
sealed record Outcome(
    Scenario Scenario, string? Failure, ulong TraceHash, ulong Views, ulong Blocks, long Messages, long VirtualMs, long HealMs, string? Transcript)
{
    /// <summary>What went wrong, and how often.</summary>
    public required Coverage Coverage { get; init; }
}

/// <summary>Two phases: faults, in which only safety counts; then a healed quorum, which must make progress.</summary>
static class Run
{
    /// <summary>New blocks that every healed validator must commit.</summary>
    public const ulong BlocksAfterHealing = 3;

    /// <summary>The bound of virtual time for them. Timeouts may have grown to their cap of 2 s, faulty leaders may cost one each, and there
    /// are at most ten validators by default: 60 s are about three rounds of the slowest case.</summary>
    public const long HealMsMax = 60_000;

    public static Outcome Of(Scenario scenario, bool transcribe = false)
    {
        var world = new World(scenario, transcribe);
        long healMs = 0;
        string? failure = null;
        try
        {
            world.Trace.Lines?.Say(scenario.ToString());
            world.Faults.Begin();
            Until(world, () => world.View >= scenario.Views, scenario.FaultsMsMax);
            healMs = HealAndAwaitProgress(world);
            world.Oracle.AtTheEnd();
        }
        catch (Violation violation)
        {
            failure = violation.Message;
            world.Trace.Lines?.Say($"VIOLATION {failure}");
        }
        catch (Exception thrown) when (thrown is IndexOutOfRangeException or NullReferenceException or ArgumentException)
        {
            // A core throws nothing but its invariants, whatever it is told.
            failure = $"exception: {thrown.GetType().Name} {thrown.StackTrace?.Split('\n')[0].Trim()}";
            world.Trace.Lines?.Say($"VIOLATION {failure}");
        }

        world.Trace.Lines?.Say($"{(failure is null ? "ends well" : "fails")}: {string.Join("; ", (object[])world.Machines)}");
        return new Outcome(
            scenario,
            failure,
            world.Trace.Hash,
            world.View,
            world.Oracle.Height,
            world.Network.Sent,
            world.Agenda.NowUs / 1000,
            healMs,
            world.Trace.Lines?.ToString())
        {
            Coverage = world.Coverage,
        };
    }

    static long HealAndAwaitProgress(World world)
    {
        var startUs = world.Agenda.NowUs;
        world.Faults.Heal();
        Machine[] healed = [.. world.Honest.Where(machine => !world.Faults.StaysDown(machine))];
        var height = world.Oracle.Height + BlocksAfterHealing;
        var live = Until(world, () => healed.All(machine => machine.Disk.Height >= height), HealMsMax);
        world.Oracle.Require(
            live,
            "liveness",
            $"no {BlocksAfterHealing} blocks within {HealMsMax} ms of healing; {string.Join("; ", (object[])world.Machines)}");
        return (world.Agenda.NowUs - startUs) / 1000;
    }

    static bool Until(World world, Func<bool> condition, long withinMs)
    {
        var endUs = world.Agenda.NowUs + (withinMs * 1000);
        while (!condition())
        {
            if (!world.Agenda.Step(endUs))
            {
                return false;
            }

            world.Oracle.Require(world.Agenda.Happened < world.Scenario.EventsMax, "storm", $"{world.Scenario.EventsMax} events in one run");
        }

        return true;
    }
}
