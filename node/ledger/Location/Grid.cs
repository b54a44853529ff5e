namespace AppChain.Ledger.Location;

/// <summary>What a cell covers, all four ends included, in 10⁻⁷ degrees: the points whose <see cref="Grid.CellOf"/> it is.</summary>
/// <remarks>A pole is a point of every longitude: it is in the bounds of its four polar cells, and belongs to the one of longitude
/// 0.</remarks>
public readonly record struct CellBounds(int SouthE7, int NorthE7, int WestE7, int EastE7);

/// <summary>From points to cells and back.</summary>
public static class Grid
{
    /// <summary>The cell of a point at a level: every point has exactly one.</summary>
    /// <exception cref="LedgerInvariantException">The point is not on Earth, or the level is none.</exception>
    public static Cell CellOf(GeoPoint point, int level)
    {
        point.Check();
        Invariant.Check(level is >= 0 and <= Cell.LevelMax, "the grid has this level");
        bool isSouth = point.LatitudeE7 < 0;
        // Southern latitudes begin one step below the equator. The pole belongs to the last ring, whose end it is.
        long fromEquator = isSouth ? -(long)point.LatitudeE7 - 1 : long.Min(point.LatitudeE7, GeoPoint.QuarterTurn - 1);
        int ring = Cell.Rings(level) - 1 - (int)(fromEquator * Cell.Rings(level) / GeoPoint.QuarterTurn);
        bool isPole = long.Abs(point.LatitudeE7) == GeoPoint.QuarterTurn;
        long fromWest = ((isPole ? 0 : point.LongitudeE7) + (GeoPoint.FullTurn / 2)) % GeoPoint.FullTurn;
        return new Cell(level, isSouth, ring, (int)(fromWest * Cell.Columns(ring) / GeoPoint.FullTurn));
    }

    /// <summary>What the cell covers.</summary>
    /// <exception cref="LedgerInvariantException">The grid has no such cell.</exception>
    public static CellBounds BoundsOf(Cell cell)
    {
        Invariant.Check(cell.IsOfGrid, "the grid has this cell");
        int rings = Cell.Rings(cell.Level), columns = Cell.Columns(cell.Ring);
        int fromEquator = rings - 1 - cell.Ring;
        long near = FirstOf(fromEquator, rings, GeoPoint.QuarterTurn), far = FirstOf(fromEquator + 1, rings, GeoPoint.QuarterTurn) - 1;
        int west = (int)(FirstOf(cell.Column, columns, GeoPoint.FullTurn) - (GeoPoint.FullTurn / 2));
        int east = (int)(FirstOf(cell.Column + 1, columns, GeoPoint.FullTurn) - 1 - (GeoPoint.FullTurn / 2));
        if (cell.IsSouth)
            return new CellBounds((int)(-far - 1), (int)(-near - 1), west, east);
        return new CellBounds((int)near, (int)(cell.Ring == 0 ? GeoPoint.QuarterTurn : far), west, east);
    }

    /// <summary>The middle of the cell: a point that belongs to it.</summary>
    public static GeoPoint CentreOf(Cell cell)
    {
        CellBounds bounds = BoundsOf(cell);
        return new GeoPoint(
            (int)(((long)bounds.SouthE7 + bounds.NorthE7) / 2), (int)(((long)bounds.WestE7 + bounds.EastE7) / 2));
    }

    // The least x with floor(x · parts / whole) = part.
    private static long FirstOf(int part, int parts, long whole) => ((part * whole) + parts - 1) / parts;
}
