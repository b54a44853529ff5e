using AppChain.Ledger;

namespace AppChain.Tests.Ledger.Proofs;

public class RobustTests
{
    [Theory]
    [InlineData(new long[] { 5 }, 5)]
    [InlineData(new long[] { 9, -1, 4 }, 4)]
    [InlineData(new long[] { 1, 2, 4, 100 }, 3)]
    [InlineData(new long[] { -2, -1 }, -2)]
    public void Median_OfAnyOrder_IsTheMiddleRoundedDown(long[] values, long median) => Assert.Equal(median, Robust.Median(values));

    [Fact]
    public void MedianDeviation_WithAnOutlier_DoesNotSeeIt() => Assert.Equal(1, Robust.MedianDeviation([9, 10, 11, 10, 1_000_000], 10));

    [Theory]
    [InlineData(new long[] { 1, 2, 3, 4 }, new long[] { 10, 11, 900, 901 }, 1_000_000)]
    [InlineData(new long[] { 1, 2, 3, 4 }, new long[] { 4, 3, 2, 1 }, -1_000_000)]
    [InlineData(new long[] { 1, 2, 3, 4 }, new long[] { 7, 7, 7, 7 }, 0)]
    [InlineData(new long[] { 1, 2, 3, 4 }, new long[] { 2, 4, 1, 3 }, 0)]
    public void RankCorrelation_ByOrderAlone_IsSpearmans(long[] left, long[] right, long ppm) =>
        Assert.Equal(ppm, Robust.RankCorrelation(left, right));

    // Ties share ranks: 1, 2.5, 2.5, 4 against 1, 2, 3, 4 gives 4.5 / √(4.5 · 5).
    [Fact]
    public void RankCorrelation_WithTies_SharesTheirRanks() => Assert.Equal(948_683, Robust.RankCorrelation([1, 5, 5, 9], [1, 2, 3, 4]));
}
