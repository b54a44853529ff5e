using AppChain.Ledger;
using AppChain.Ledger.Location;

namespace AppChain.Tests.Ledger.Location;

public class GridTests(ITestOutputHelper output)
{
    private static IEnumerable<GeoPoint> Points => Places.Random(11, 3_000).Concat(Places.Corners);

    [Fact]
    public void CellOf_AnyPointAtAnyLevel_CoversThePointAndItsParentDoesToo()
    {
        foreach (GeoPoint point in Points)
        {
            for (int level = 0; level <= Cell.LevelMax; level++)
            {
                Cell cell = Grid.CellOf(point, level);
                Assert.True(cell.IsOfGrid, $"{point}: {cell}");
                Assert.True(Covers(cell, point), $"{point}: {cell} covers {Grid.BoundsOf(cell)}");
                Assert.Equal(level == 0 ? null : Grid.CellOf(point, level - 1), cell.Parent);
            }
        }
    }

    // One cell for each point, and no gaps: each bound begins where another ends.
    [Fact]
    public void BoundsOf_AllCellsOfALevel_CoverEachPointOnce()
    {
        for (int level = 0; level <= 4; level++)
        {
            Cell[] cells = [.. AllOf(level)];
            foreach (GeoPoint point in Points.Where(point => Math.Abs((long)point.LatitudeE7) < Places.Pole))
                Assert.Equal([Grid.CellOf(point, level)], cells.Where(cell => Covers(cell, point)));
            double area = cells.Sum(AreaOf);
            Assert.Equal(4 * Math.PI, area, 1e-6);
        }
    }

    [Fact]
    public void CellOf_CornersOfTheBounds_IsTheCellAndOneStepBeyondIsAnother()
    {
        foreach (Cell cell in AllOf(3).Concat(Places.Random(12, 500).Select(point => Grid.CellOf(point, Cell.LevelMax))))
        {
            CellBounds bounds = Grid.BoundsOf(cell);
            foreach (int latitude in (int[])[bounds.SouthE7, bounds.NorthE7])
            {
                foreach (int longitude in (int[])[bounds.WestE7, bounds.EastE7])
                {
                    if (Math.Abs(latitude) == Places.Pole)
                        continue; // a point of every longitude
                    Assert.Equal(cell, Grid.CellOf(new GeoPoint(latitude, longitude), cell.Level));
                    int beyond = Turned(longitude == bounds.WestE7 ? longitude - 1L : longitude + 1L);
                    Assert.NotEqual(cell, Grid.CellOf(new GeoPoint(latitude, beyond), cell.Level));
                }
            }
            Assert.Equal(cell, Grid.CellOf(Grid.CentreOf(cell), cell.Level));
            if (bounds.NorthE7 < Places.Pole)
                Assert.NotEqual(cell, Grid.CellOf(new GeoPoint(bounds.NorthE7 + 1, bounds.WestE7), cell.Level));
            if (bounds.SouthE7 > -Places.Pole)
                Assert.NotEqual(cell, Grid.CellOf(new GeoPoint(bounds.SouthE7 - 1, bounds.WestE7), cell.Level));
        }
    }

    [Fact]
    public void CellOf_SamePlaceUnderTwoNames_IsTheSameCell()
    {
        for (int level = 0; level <= Cell.LevelMax; level++)
        {
            Assert.Equal(
                Grid.CellOf(new GeoPoint(123, Places.Antimeridian), level), Grid.CellOf(new GeoPoint(123, -Places.Antimeridian), level));
            Assert.Equal(Grid.CellOf(new GeoPoint(-Places.Pole, 5), level), Grid.CellOf(new GeoPoint(-Places.Pole, 1_000_000_000), level));
        }
    }

    // Exact areas on the sphere, of one cell per ring: all cells of a ring are equal but for a rounding of a centimetre.
    [Fact]
    public void Areas_AtEveryLevel_DifferByLessThanTheStatedRatio()
    {
        for (int level = 0; level <= Cell.LevelMax; level++)
        {
            double least = double.MaxValue, most = 0;
            int rings = Cell.Rings(level);
            for (int ring = 0; ring < rings; ring += ring < 4_096 ? 1 : 61)
            {
                double area = 2 * Math.PI * (Math.Cos(Angle(ring, rings)) - Math.Cos(Angle(ring + 1, rings))) / Cell.Columns(ring);
                (least, most) = (Math.Min(least, area), Math.Max(most, area));
            }
            output.WriteLine($"level {level}: {least * 6371 * 6371:G4} to {most * 6371 * 6371:G4} km², ratio {most / least:F3}");
            Assert.InRange(most / least, 1, 2.23);
        }
    }

    [Fact]
    public void Children_OfEveryCell_AreThoseWhoseParentItIs()
    {
        for (int level = 0; level < 5; level++)
        {
            Cell[] children = [.. AllOf(level).SelectMany(cell => cell.Children())];
            Assert.Equal(AllOf(level + 1).Order(), children.Order());
            foreach (Cell cell in AllOf(level))
                Assert.All(cell.Children(), child => Assert.Equal(cell, child.Parent));
        }
        Assert.Empty(Grid.CellOf(default, Cell.LevelMax).Children());
    }

    [Fact]
    public void Ancestor_AnyLevelAbove_IsTheCellOfThePointThere()
    {
        foreach (GeoPoint point in Points.Take(200))
            Assert.Equal(Grid.CellOf(point, 7), Grid.CellOf(point, 18).Ancestor(7));
        Assert.Throws<LedgerInvariantException>(() => Grid.CellOf(default, 3).Ancestor(4));
    }

    [Fact]
    public void Id_AnyCell_IsItsOwnAndReadsBack()
    {
        var seen = new HashSet<ulong>();
        IEnumerable<Cell> fine = Points.Select(point => Grid.CellOf(point, Cell.LevelMax)).Distinct();
        foreach (Cell cell in Enumerable.Range(0, 5).SelectMany(AllOf).Concat(fine))
        {
            Assert.True(seen.Add(cell.Id));
            Assert.True(Cell.TryFromId(cell.Id, out Cell read));
            Assert.Equal(cell, read);
        }
    }

    [Theory]
    [InlineData(0x15_00_000000_000000UL)] // level 21
    [InlineData(0x01_02_000000_000000UL)] // no hemisphere
    [InlineData(0x01_00_000002_000000UL)] // ring 2 of 2
    [InlineData(0x01_00_000001_000008UL)] // column 8 of 8
    [InlineData(0x01_00_000000_000004UL)] // column 4 of 4
    [InlineData(ulong.MaxValue)]
    public void TryFromId_NoSuchCell_AnswersFalse(ulong id) => Assert.False(Cell.TryFromId(id, out _));

    [Fact]
    public void CellOf_NoSuchLevelOrPlace_Throws()
    {
        Assert.Throws<LedgerInvariantException>(() => Grid.CellOf(default, Cell.LevelMax + 1));
        Assert.Throws<LedgerInvariantException>(() => Grid.CellOf(default, -1));
        Assert.Throws<LedgerInvariantException>(() => Grid.CellOf(new GeoPoint(Places.Pole + 1, 0), 1));
        Assert.Throws<LedgerInvariantException>(() => Grid.BoundsOf(new Cell(1, false, 2, 0)));
    }

    internal static IEnumerable<Cell> AllOf(int level) =>
        from isSouth in (bool[])[false, true]
        from ring in Enumerable.Range(0, Cell.Rings(level))
        from column in Enumerable.Range(0, Cell.Columns(ring))
        select new Cell(level, isSouth, ring, column);

    private static bool Covers(Cell cell, GeoPoint point)
    {
        CellBounds bounds = Grid.BoundsOf(cell);
        int longitude = Math.Abs((long)point.LatitudeE7) == Places.Pole ? 0 : Turned(point.LongitudeE7);
        return point.LatitudeE7 >= bounds.SouthE7 && point.LatitudeE7 <= bounds.NorthE7
            && longitude >= bounds.WestE7 && longitude <= bounds.EastE7;
    }

    private static int Turned(long longitude) =>
        (int)(longitude >= Places.Antimeridian ? longitude - 3_600_000_000
            : longitude < -Places.Antimeridian ? longitude + 3_600_000_000
            : longitude);

    private static double AreaOf(Cell cell)
    {
        CellBounds bounds = Grid.BoundsOf(cell);
        double height = Math.Sin(Places.Radians(bounds.NorthE7)) - Math.Sin(Places.Radians(bounds.SouthE7));
        return height * (Places.Radians(bounds.EastE7) - Places.Radians(bounds.WestE7));
    }

    private static double Angle(int ring, int rings) => Math.PI / 2 * ring / rings;
}
