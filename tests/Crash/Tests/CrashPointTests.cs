using AppChain.Crash.Disk;
using AppChain.Crash.World;

namespace AppChain.Crash.Tests;

/// <summary>A short run of the tool, and of its control: what it does not find must not be because it looks at nothing.</summary>
public sealed class CrashPointTests
{
    private const int Points = 90;
    private const string Elsewhere = "The calls of the database are watched on Linux only, on x86-64 and ARM.";

    private readonly List<string> said = [];

    [Theory]
    [InlineData(0)] // the work of a store
    [InlineData(7)] // the import of a snapshot, and then the work of stores
    public void CrashPoints_KilledOrWithoutPower_LoseNothingThatWasAcknowledged(int seed)
    {
        IReadOnlyDictionary<Fault, Soak.Tally> tallies = Run(new CommandLine { Points = Points, Seed = seed });
        Assert.True(tallies.Values.Sum(static tally => tally.Problems) == 0, string.Join('\n', said));
        Assert.Equal(Points, tallies.Values.Sum(static tally => tally.Points));
        Assert.All(tallies.Values, static tally => Assert.True(tally.Points > Points / 4));
    }

    [Fact]
    public void CrashPoints_OnADiskThatLeavesZeros_LoseNothingSilently()
    {
        Soak.Tally tally = Run(new CommandLine { Points = Points, Faults = [Fault.PowerCutAnyPages] })[Fault.PowerCutAnyPages];
        Assert.True(tally.Problems == 0, string.Join('\n', said));
        Assert.InRange(tally.Refused, 0, Points / 2);
    }

    [Fact]
    public void CrashPoints_WhereTheLogIsNotSynced_AreFoundToLoseWhatWasAcknowledged()
    {
        Soak.Tally tally = Run(new CommandLine { Points = Points, Faults = [Fault.LogNotSynced] })[Fault.LogNotSynced];
        Assert.True(tally.Problems > Points / 10, $"only {tally.Problems} of {Points}");
        Assert.Contains(said, static line => line.Contains("was acknowledged, but the tip is block", StringComparison.Ordinal));
    }

    [Fact]
    public void KeptPoint_JudgedAgain_HasTheSameProblem()
    {
        Assert.SkipUnless(SystemCalls.IsSupported, Elsewhere);
        using TemporaryFolder kept = new();
        using Worlds worlds = new(kept.Path);
        CrashPoint lost = new History(0, worlds).Run(Points, [Fault.LogNotSynced]).First(static point => point.Kept is not null);
        (Evidence evidence, Verdict verdict) = worlds.Again(lost.Kept!);
        Assert.Equal((lost.Seed, lost.Number, lost.Fault), (evidence.Seed, evidence.Number, evidence.Fault));
        Assert.Equal(lost.Verdict, verdict);
    }

    private IReadOnlyDictionary<Fault, Soak.Tally> Run(CommandLine options)
    {
        Assert.SkipUnless(SystemCalls.IsSupported, Elsewhere);
        using TemporaryFolder kept = new();
        using Worlds worlds = new(kept.Path);
        return Soak.Run(options, worlds, said.Add);
    }

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("appchain-crash-kept-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
