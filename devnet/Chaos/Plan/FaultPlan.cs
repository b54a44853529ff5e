namespace AppChain.Devnet.Chaos.Plan;

/// <summary>
/// The schedule of a run: a pure function of the seed. The same seed makes the same bouts; how far a run comes in its time depends on how
/// quickly the chain recovers in between.
/// </summary>
/// <param name="smallDisk">The validator whose disk can be made full; null: none.</param>
/// <param name="only">The kinds to choose from; empty: all.</param>
internal sealed class FaultPlan(int seed, int validators, int? smallDisk, params IReadOnlyCollection<FaultKind> only)
{
    private const int BeyondPercent = 25;
    private const int ClockAheadMaxMs = 5_000;

    // A node's deadlines for calls are times of day, which the runtime compares with the machine's clock: further back all calls of two seconds would fail.
    private const int ClockBehindMaxMs = 1_000;

    // Who is named twice comes twice as often.
    private static readonly FaultKind[] Kinds =
    [
        FaultKind.Kill, FaultKind.KillOften, FaultKind.KillOften, FaultKind.Wipe, FaultKind.Pause, FaultKind.Slow, FaultKind.Loss, FaultKind.Cut, FaultKind.Mute,
        FaultKind.Reset, FaultKind.Clock, FaultKind.FullDisk,
    ];

    private readonly FaultKind[] kinds = [.. Kinds.Where(kind => only.Count == 0 || only.Contains(kind))];

    /// <summary>Faults that the chain must bear: less than a third, all weighing the same.</summary>
    private int Bearable => (validators - 1) / 3;

    /// <summary>All bouts, without an end.</summary>
    public IEnumerable<Bout> Bouts()
    {
        Random random = new(seed);
        for (int number = 1; ; number++)
        {
            bool within = random.Next(100) >= BeyondPercent;
            int[] victims = [.. Choose(random, within ? random.Next(1, Bearable + 1) : random.Next(Bearable + 1, validators + 1)).Order()];
            int count = random.Next(1, 4);
            yield return new Bout(number, within, [.. Enumerable.Range(0, count).Select(_ => Next(random, within, victims))]);
        }
    }

    // Always the same number of draws, so that a machine that cannot fill a disk has the same schedule otherwise.
    private Fault Next(Random random, bool within, int[] victims)
    {
        FaultKind kind = kinds[random.Next(kinds.Length)];
        TimeSpan at = Milliseconds(random, 0, 1_500), lasts = Milliseconds(random, 300, 4_000);
        double strength = random.NextDouble();
        if (kind == FaultKind.FullDisk)
        {
            if (smallDisk is { } one && (!within || victims.Contains(one)))
                return new Fault(kind, at, ChaosLimits.DiskFullFor, [one], 0);
            kind = FaultKind.KillOften;
        }
        if (kind == FaultKind.Wipe)
            return new Fault(kind, at, TimeSpan.Zero, [victims[0]], 0); // one alone: what all others have lost, nobody can bring back
        (int from, int to) = kind switch
        {
            FaultKind.Slow => (10, 400),
            FaultKind.Loss => (5_000, 150_000),
            FaultKind.KillOften => (100, 3_000), // so that some come in the middle of its repairs, whatever the machine
            FaultKind.Reset => (50, 1_000),
            FaultKind.Clock => (-ClockBehindMaxMs, ClockAheadMaxMs),
            _ => (0, 0),
        };
        lasts = kind == FaultKind.KillOften ? lasts * 3 : lasts;
        return new Fault(kind, at, lasts, victims, from + (int)(strength * (to - from)));
    }

    private IEnumerable<int> Choose(Random random, int count)
    {
        int[] all = [.. Enumerable.Range(0, validators)];
        random.Shuffle(all);
        return all.Take(count);
    }

    private static TimeSpan Milliseconds(Random random, int from, int to) => TimeSpan.FromMilliseconds(random.Next(from, to));
}
