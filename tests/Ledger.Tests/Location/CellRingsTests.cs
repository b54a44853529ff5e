using AppChain.Ledger;
using AppChain.Ledger.Location;

namespace AppChain.Tests.Ledger.Location;

public class CellRingsTests
{
    // Wide enough to hold every case: poles, equator, the rings where the number of columns changes, the antimeridian.
    private const int SmallLevel = 4;

    private static readonly Cell[] Small = [.. GridTests.AllOf(SmallLevel)];

    [Fact]
    public void NeighboursOf_EveryCellOfALevel_IsMutualAndNotItself()
    {
        foreach (Cell cell in Small)
        {
            IReadOnlyList<Cell> neighbours = CellRings.NeighboursOf(cell);
            Assert.Equal(neighbours.Order().Distinct(), neighbours);
            Assert.DoesNotContain(cell, neighbours);
            Assert.All(neighbours, neighbour => Assert.True(neighbour.IsOfGrid));
            Assert.All(neighbours, neighbour => Assert.Contains(cell, CellRings.NeighboursOf(neighbour)));
            Assert.InRange(neighbours.Count, 6, 9);
        }
    }

    // By geometry instead of counting: cells are neighbours if points of both lie one step apart.
    [Fact]
    public void NeighboursOf_EveryCellOfALevel_AreThoseThatTouch()
    {
        foreach (Cell cell in Small)
        {
            Cell[] touching = [.. Small.Where(other => other != cell && Touch(cell, other))];
            Assert.Equal(touching.Order(), CellRings.NeighboursOf(cell));
        }
    }

    [Fact]
    public void NeighboursOf_FineCellsAnywhere_IsMutual()
    {
        foreach (GeoPoint point in Places.Random(21, 500).Concat(Places.Corners))
        {
            for (int level = 0; level <= Cell.LevelMax; level += 5)
            {
                Cell cell = Grid.CellOf(point, level);
                Assert.All(CellRings.NeighboursOf(cell), neighbour => Assert.Contains(cell, CellRings.NeighboursOf(neighbour)));
            }
        }
    }

    [Fact]
    public void RingOf_AllSteps_HoldsEachCellWithinOnce()
    {
        foreach (Cell cell in Small.Where((_, i) => i % 17 == 0))
        {
            var within = new HashSet<Cell>();
            for (int steps = 0; steps <= CellRings.StepsMax; steps++)
            {
                IReadOnlyList<Cell> ring = CellRings.RingOf(cell, steps);
                Assert.All(ring, other => Assert.True(within.Add(other)));
                if (steps == 1)
                    Assert.Equal(CellRings.NeighboursOf(cell), ring);
            }
        }
        Assert.Equal(24, CellRings.RingOf(Grid.CellOf(new GeoPoint(100_000_000, 100_000_000), 12), 3).Count);
    }

    [Fact]
    public void RingOf_TooFarOrNoCell_Throws()
    {
        Assert.Throws<LedgerInvariantException>(() => CellRings.RingOf(Small[0], CellRings.StepsMax + 1));
        Assert.Throws<LedgerInvariantException>(() => CellRings.RingOf(Small[0], -1));
        Assert.Throws<LedgerInvariantException>(() => CellRings.NeighboursOf(new Cell(2, false, 4, 0)));
    }

    private static bool Touch(Cell one, Cell other)
    {
        CellBounds a = Grid.BoundsOf(one), b = Grid.BoundsOf(other);
        if (a.NorthE7 + 1L < b.SouthE7 || b.NorthE7 + 1L < a.SouthE7)
            return false;
        bool atPole = a.NorthE7 == Places.Pole && b.NorthE7 == Places.Pole || a.SouthE7 == -Places.Pole && b.SouthE7 == -Places.Pole;
        return atPole || ((long[])[-3_600_000_000, 0, 3_600_000_000]).Any(
            turn => a.EastE7 + 1L >= b.WestE7 + turn && b.EastE7 + turn + 1 >= a.WestE7);
    }
}
