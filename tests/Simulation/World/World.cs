using AppChain.Simulation.Execution;
using AppChain.Simulation.Geography;

namespace AppChain.Simulation;

/// <summary>One run: the machines, what connects them, what goes wrong, and who watches. One thread, one seed, virtual time.</summary>
sealed class World
{
    readonly int[][] places;

    public World(Scenario scenario, bool transcribe = false)
    {
        Scenario = Now = scenario;
        Trace = new Trace(Agenda, transcribe ? new Transcript(Agenda) : null);
        Dice = new Dice(Mix.Final(scenario.Seed ^ 0x3013));
        Reigns = new Reigns(scenario.AllPowers);
        Oracle = new Oracle(Reigns, scenario.EpochBlocks, Power.Mask(scenario.Byzantine.Keys), Book, NewExecution());

        var n = scenario.Powers.Length;
        var twins = scenario.Byzantine.Where(pair => pair.Value == Misdeed.Twins).Select(pair => pair.Key).Order().ToArray();
        Places = n + twins.Length;
        places = [.. Enumerable.Range(0, n).Select(i =>
            Array.IndexOf(twins, i) is var twin and >= 0 ? [i, n + twin] : (int[])[i])];
        Network = new Network(this, Dice.Fork());
        Machines = [.. Enumerable.Range(0, Places).Select(place =>
            new Machine(this, place, place < n ? place : twins[place - n]))];
        Faults = new Faults(this, Dice.Fork());
    }

    public Scenario Scenario { get; }

    /// <summary>What goes wrong now: the scenario, and after the faults its healed form.</summary>
    public Scenario Now { get; set; }
    public Agenda Agenda { get; } = new();
    public Dice Dice { get; }
    public SignatureBook Book { get; } = new();
    public Trace Trace { get; }
    public Coverage Coverage { get; } = new();

    /// <summary>Somebody measures: only then is it there.</summary>
    public Timeline? Timeline { get; set; }
    public Oracle Oracle { get; }
    public Reigns Reigns { get; }
    public Network Network { get; }
    public Machine[] Machines { get; }
    public Faults Faults { get; }

    /// <summary>Machines: one per validator, one more per twin.</summary>
    public int Places { get; }

    public IExecution NewExecution() => Scenario.RealLedger ? new LedgerExecution() : new HashExecution();

    public IReadOnlyList<int> PlacesOf(int signer) => places[signer];

    public IEnumerable<Machine> Honest => Machines.Where(machine => machine.IsHonest);

    /// <summary>The highest view that an honest machine has reached.</summary>
    public ulong View { get; private set; }

    public void Reached(Machine machine, ulong view)
    {
        if (machine.IsHonest && view > View)
        {
            View = view;
        }
    }
}
