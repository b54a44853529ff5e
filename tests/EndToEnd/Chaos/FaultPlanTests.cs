using AppChain.Devnet.Chaos.Plan;

namespace AppChain.EndToEnd.Chaos;

/// <summary>The schedule of a chaos run.</summary>
public sealed class FaultPlanTests
{
    private const int BoutsLookedAt = 400;

    [Fact]
    public void Bouts_OfOneSeed_AreTheSameAgainAndOthersOfAnother()
    {
        Assert.Equal(Texts(7, 4), Texts(7, 4));
        Assert.NotEqual(Texts(7, 4), Texts(8, 4));
    }

    [Theory]
    [InlineData(4, 1)]
    [InlineData(7, 2)]
    [InlineData(10, 3)]
    public void Bouts_WithinF_TogetherHitNoMoreThanTheChainMustBear(int validators, int bearable)
    {
        Bout[] bouts = [.. new FaultPlan(1, validators, validators - 1).Bouts().Take(BoutsLookedAt)];
        Assert.All(bouts.Where(bout => bout.WithinF), bout => Assert.InRange(VictimsOf(bout), 1, bearable));
        Assert.Contains(bouts, bout => !bout.WithinF && VictimsOf(bout) > bearable);
        Assert.Contains(bouts, bout => !bout.WithinF && VictimsOf(bout) == validators);
    }

    [Fact]
    public void Bouts_WithASmallDisk_HaveEveryKindOfFault()
    {
        IEnumerable<FaultKind> kinds = new FaultPlan(1, 4, 3).Bouts().Take(BoutsLookedAt).SelectMany(bout => bout.Faults).Select(fault => fault.Kind);
        Assert.Equal(Enum.GetValues<FaultKind>(), kinds.Distinct().Order());
    }

    [Fact]
    public void Bouts_OfSomeKindsOnly_HaveNoOthers()
    {
        IEnumerable<FaultKind> kinds = new FaultPlan(1, 4, 3, FaultKind.Kill, FaultKind.Wipe).Bouts().Take(BoutsLookedAt).SelectMany(bout => bout.Faults).Select(fault => fault.Kind);
        Assert.Equal([FaultKind.Kill, FaultKind.Wipe], kinds.Distinct().Order());
    }

    [Fact]
    public void Bouts_WithAWipe_TakeTheDataOfOneAlone()
    {
        Fault[] wipes = [.. new FaultPlan(1, 10, 9).Bouts().Take(BoutsLookedAt).SelectMany(bout => bout.Faults).Where(fault => fault.Kind == FaultKind.Wipe)];
        Assert.NotEmpty(wipes);
        Assert.All(wipes, wipe => Assert.Single(wipe.Victims));
    }

    [Fact]
    public void Bouts_WhereNoDiskCanBeFilled_AreOtherwiseTheSame()
    {
        (string With, string Without)[] differing = [.. Texts(3, 4, smallDisk: 3).Zip(Texts(3, 4)).Where(pair => pair.First != pair.Second)];
        Assert.NotEmpty(differing);
        Assert.All(differing, pair => Assert.Contains(nameof(FaultKind.FullDisk), pair.With, StringComparison.Ordinal));
        Assert.All(Texts(3, 4), text => Assert.DoesNotContain(nameof(FaultKind.FullDisk), text, StringComparison.Ordinal));
    }

    private static int VictimsOf(Bout bout) => bout.Faults.SelectMany(fault => fault.Victims).Distinct().Count();

    private static string[] Texts(int seed, int validators, int? smallDisk = null) =>
        [.. new FaultPlan(seed, validators, smallDisk).Bouts().Take(BoutsLookedAt).Select(bout => bout.ToString())];
}
