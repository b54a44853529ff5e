using AppChain.Ledger;
using AppChain.Ledger.Location;

namespace AppChain.Tests.Ledger.Location;

public class DensityTests
{
    private static readonly DensityRule Rule = new(12, Target: 2, Maximum: 10, OccupiedMin: 3);
    private static readonly GeoPoint Place = new(450_000_001, 60_000_000);
    private static readonly Cell Here = Grid.CellOf(Place, 12);

    // limit = min(10, 2 · max(occupied − 3 + 1, 1))
    [Theory]
    [InlineData(0, 1u, 2u)]
    [InlineData(3, 1u, 2u)]
    [InlineData(3, 2u, 4u)]
    [InlineData(4, 1u, 4u)]
    [InlineData(5, 1u, 6u)]
    [InlineData(5, 9u, 8u)]
    [InlineData(6, 1u, 8u)]
    [InlineData(7, 1u, 10u)]
    [InlineData(8, 2u, 10u)]
    public void LimitOf_OccupiedNeighbours_GrowsUpToTheMaximum(int occupiedNeighbours, uint here, uint expected)
    {
        HashSet<Cell> occupied = [.. CellRings.NeighboursOf(Here).Take(occupiedNeighbours)];
        uint Count(Cell cell) => cell == Here ? here : occupied.Contains(cell) ? 2u : 1u;
        Assert.Equal(expected, Density.LimitOf(Here, Rule, Count));
    }

    [Theory]
    [InlineData(0u, 1_000_000u)]
    [InlineData(2u, 1_000_000u)]
    [InlineData(3u, 666_666u)]
    [InlineData(2_000_000_000u, 0u)]
    public void ScaleOf_OneRule_IsTheLimitsShare(uint devices, uint expected) =>
        Assert.Equal(expected, Density.ScaleOf(Place, [Rule], cell => cell == Here ? devices : 0));

    [Fact]
    public void ScaleOf_TwoRules_IsTheirProduct()
    {
        DensityRule coarse = new(9, Target: 5, Maximum: 5, OccupiedMin: 1);
        Assert.Equal(250_000u, Density.ScaleOf(Place, [Rule, coarse], cell => cell == Here ? 4u : cell == Here.Ancestor(9) ? 10u : 0));
        Assert.Equal(Density.Whole, Density.ScaleOf(Place, [], _ => uint.MaxValue));
    }

    [Fact]
    public void ScaleOf_AnyPlace_ReadsElevenCountsPerRuleAtMost()
    {
        foreach (GeoPoint place in Places.Random(31, 200).Concat(Places.Corners))
        {
            int reads = 0;
            Density.ScaleOf(place, [Rule], _ =>
            {
                reads++;
                return 1;
            });
            Assert.InRange(reads, 1, 11);
        }
    }

    [Fact]
    public void ScaleOf_MoreRulesThanLevelsCount_Throws()
    {
        DensityRule[] rules = [.. Enumerable.Repeat(Rule, Density.RulesMax + 1)];
        Assert.Throws<LedgerInvariantException>(() => Density.ScaleOf(Place, [.. rules], _ => 0));
        Assert.Throws<LedgerInvariantException>(() => Density.LimitOf(Here.Parent!.Value, Rule, _ => 0));
    }
}
