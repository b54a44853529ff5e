using System.Collections.Generic;

namespace AppChain.Ledger.Location;

/// <summary>Which cells lie around a cell. All answers are in ascending order and hold each cell once.</summary>
public static class CellRings
{
    /// <summary>The farthest ring that can be asked for: about 8 · 16² / 2 cells lie within it.</summary>
    public const int StepsMax = 16;

    /// <summary>
    /// The cells of the same level that touch this one, if only at a corner: 8 in most places, 7 to 9 where the number of columns changes,
    /// 6 or 7 at a pole. If one cell is another's neighbour, so is the other its.
    /// </summary>
    /// <exception cref="LedgerInvariantException">The grid has no such cell.</exception>
    public static IReadOnlyList<Cell> NeighboursOf(Cell cell)
    {
        Invariant.Check(cell.IsOfGrid, "the grid has this cell");
        SortedSet<Cell> neighbours = [];
        int columns = Cell.Columns(cell.Ring);
        if (cell.Ring == 0)
        {
            // All cells of a polar ring touch at the pole.
            for (int column = 0; column < columns; column++)
                neighbours.Add(cell with { Column = column });
        }
        else
        {
            neighbours.Add(cell with { Column = Around(cell.Column - 1, columns) });
            neighbours.Add(cell with { Column = Around(cell.Column + 1, columns) });
            AddTouching(neighbours, cell, cell.IsSouth, cell.Ring - 1);
        }
        bool atEquator = cell.Ring == Cell.Rings(cell.Level) - 1;
        AddTouching(neighbours, cell, atEquator ? !cell.IsSouth : cell.IsSouth, atEquator ? cell.Ring : cell.Ring + 1);
        neighbours.Remove(cell);
        return [.. neighbours];
    }

    /// <summary>The cells that are exactly so many steps from neighbour to neighbour away; with 0 steps the cell alone.</summary>
    /// <exception cref="LedgerInvariantException">The grid has no such cell, or the ring is farther than
    /// <see cref="StepsMax"/>.</exception>
    public static IReadOnlyList<Cell> RingOf(Cell cell, int steps)
    {
        Invariant.Check(steps is >= 0 and <= StepsMax, "a ring is within the farthest one");
        SortedSet<Cell> before = [], ring = [cell];
        for (int step = 0; step < steps; step++)
        {
            SortedSet<Cell> next = [];
            foreach (Cell at in ring)
                next.UnionWith(NeighboursOf(at));
            next.ExceptWith(ring);
            next.ExceptWith(before);
            (before, ring) = (ring, next);
        }
        return [.. ring];
    }

    // The other ring has as many columns, twice or half as many. A cell begins at column / columns of the whole turn; cells touch if their
    // closed spans have a point in common, so one that ends where this one begins counts.
    private static void AddTouching(SortedSet<Cell> neighbours, Cell cell, bool isSouth, int ring)
    {
        int own = Cell.Columns(cell.Ring), others = Cell.Columns(ring);
        int first = others >= own ? (cell.Column * (others / own)) - 1 : (cell.Column - 1) >> 1;
        int last = others >= own ? (cell.Column + 1) * (others / own) : (cell.Column + 1) >> 1;
        for (int column = first; column <= last; column++)
            neighbours.Add(new Cell(cell.Level, isSouth, ring, Around(column, others)));
    }

    private static int Around(int column, int columns) => (column + columns) % columns;
}
