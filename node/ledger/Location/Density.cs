using System;
using System.Collections.Immutable;

namespace AppChain.Ledger.Location;

/// <summary>How many devices a cell of one level may hold before they share.</summary>
/// <param name="Level">The level of the grid.</param>
/// <param name="Target">Devices that a cell may hold wherever it is; at least 1. A cell with as many is occupied.</param>
/// <param name="Maximum">Devices that it may hold among occupied neighbours, where people live close together; at least the target.</param>
/// <param name="OccupiedMin">So many of the cell and its neighbours must be occupied before the limit rises; at least 1.</param>
public sealed record DensityRule(int Level, uint Target, uint Maximum, uint OccupiedMin);

/// <summary>
/// Scales what devices earn by how crowded their place is: pure functions over counts that the caller keeps. A level costs eleven reads at
/// most, whatever the number of devices.
/// </summary>
public static class Density
{
    /// <summary>A scale of one.</summary>
    public const uint Whole = 1_000_000;

    /// <summary>Levels that a scale may be made of.</summary>
    public const int RulesMax = 8;

    /// <summary>
    /// How many devices the cell may hold: <c>min(maximum, target · max(occupied − occupiedMin + 1, 1))</c>, where occupied counts those of
    /// the cell and its neighbours that hold the target or more.
    /// </summary>
    /// <param name="count">How many devices a cell holds.</param>
    /// <exception cref="LedgerInvariantException">The cell is not of the rule's level.</exception>
    public static uint LimitOf(Cell cell, DensityRule rule, Func<Cell, uint> count)
    {
        Invariant.Check(cell.Level == rule.Level, "a density rule is for cells of its level");
        uint occupied = count(cell) >= rule.Target ? 1u : 0;
        foreach (Cell neighbour in CellRings.NeighboursOf(cell))
            occupied += count(neighbour) >= rule.Target ? 1u : 0;
        ulong steps = occupied >= rule.OccupiedMin ? occupied - rule.OccupiedMin + 1 : 1;
        return (uint)ulong.Min(rule.Maximum, rule.Target * steps);
    }

    /// <summary>
    /// What a device at this place keeps, in parts per million: the product over the rules of <c>min(1, limit / count)</c>, each rounded
    /// down.
    /// </summary>
    /// <param name="rules">One for each level, at most <see cref="RulesMax"/>.</param>
    /// <param name="count">How many devices a cell holds. What counts in a coarse cell is the caller's to say: if devices above the limit
    /// of their fine cell do not, a crowd in one corner costs the others nothing.</param>
    /// <exception cref="LedgerInvariantException">There are too many rules, or the place is not on Earth.</exception>
    public static uint ScaleOf(GeoPoint place, ImmutableArray<DensityRule> rules, Func<Cell, uint> count)
    {
        Invariant.Check(rules.Length <= RulesMax, "there are few density rules");
        ulong scale = Whole;
        foreach (DensityRule rule in rules)
        {
            Cell cell = Grid.CellOf(place, rule.Level);
            uint limit = LimitOf(cell, rule, count), held = count(cell);
            if (held > limit)
                scale = scale * limit / held;
        }
        return (uint)scale;
    }
}
