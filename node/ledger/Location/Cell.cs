using System;

namespace AppChain.Ledger.Location;

/// <summary>
/// A cell of the grid (docs/location.md). At level L each hemisphere has 2^L rings of equal height, counted from its pole; ring r has four
/// times as many columns as the smallest power of two above r, so that cells are about as wide as they are high at every latitude, and the
/// cells of a level lie whole in those of the level above.
/// </summary>
/// <param name="Level">0 to <see cref="LevelMax"/>.</param>
/// <param name="IsSouth">The equator itself is north.</param>
/// <param name="Ring">0 at the pole.</param>
/// <param name="Column">0 begins at 180° west; counted eastward.</param>
public readonly record struct Cell(int Level, bool IsSouth, int Ring, int Column) : IComparable<Cell>
{
    /// <summary>The finest level: rings of 9.5 m.</summary>
    public const int LevelMax = 20;

    private const int LevelShift = 56, SouthShift = 48, RingShift = 24;
    private const int ColumnMask = (1 << RingShift) - 1;

    /// <summary>Rings of a hemisphere at a level.</summary>
    public static int Rings(int level) => 1 << level;

    /// <summary>Columns of a ring, at any level.</summary>
    public static int Columns(int ring) => ring == 0 ? 4 : 8 << int.Log2(ring);

    /// <summary>The cell as one number, for keys: level:8 ‖ hemisphere:8 (0 north, 1 south) ‖ ring:24 ‖ column:24. It orders as cells
    /// do.</summary>
    public ulong Id => (ulong)Level << LevelShift | (IsSouth ? 1UL << SouthShift : 0) | (ulong)Ring << RingShift | (uint)Column;

    /// <summary>The cell of a number; false if there is none.</summary>
    public static bool TryFromId(ulong id, out Cell cell)
    {
        bool isSouth = (id >> SouthShift & 0xFF) == 1;
        cell = new Cell((int)(id >> LevelShift), isSouth, (int)(id >> RingShift & ColumnMask), (int)(id & ColumnMask));
        if (cell.IsOfGrid && cell.Id == id)
            return true;
        cell = default;
        return false;
    }

    /// <summary>True if the grid has this cell. The methods of this room ask for such cells only.</summary>
    public bool IsOfGrid =>
        Level is >= 0 and <= LevelMax && Ring >= 0 && Ring < Rings(Level) && Column >= 0 && Column < Columns(Ring);

    /// <summary>The cell of the level above in which this one lies; null at level 0.</summary>
    public Cell? Parent =>
        Level == 0 ? null : new Cell(Level - 1, IsSouth, Ring >> 1, Ring == 0 ? Column : Column >> 1);

    /// <summary>The cell of a level at or above this one's in which it lies.</summary>
    /// <exception cref="LedgerInvariantException">The level is finer than the cell's own, or is none.</exception>
    public Cell Ancestor(int level)
    {
        Invariant.Check(level >= 0 && level <= Level, "an ancestor's level is at or above the cell's own");
        Cell cell = this;
        while (cell.Level > level)
            cell = cell.Parent!.Value;
        return cell;
    }

    /// <summary>The cells of the level below that make up this one: four, or three at a pole. None at the finest level.</summary>
    public Cell[] Children() =>
        Level == LevelMax ? []
        : Ring == 0 ? [Child(0, Column), Child(1, 2 * Column), Child(1, 2 * Column + 1)]
        :
        [
            Child(2 * Ring, 2 * Column), Child(2 * Ring, 2 * Column + 1),
            Child(2 * Ring + 1, 2 * Column), Child(2 * Ring + 1, 2 * Column + 1),
        ];

    public int CompareTo(Cell other) => Id.CompareTo(other.Id);

    private Cell Child(int ring, int column) => new(Level + 1, IsSouth, ring, column);
}
