using System;
using AppChain.Ledger.Location;

namespace AppChain.Ledger;

/// <summary>Statistics that a few liars cannot pull about, in integers. Values must lie within ± <see cref="ValueMax"/>.</summary>
internal static class Robust
{
    /// <summary>Values up to here leave room for sums of a window without overflow.</summary>
    public const long ValueMax = 1L << 40;

    /// <summary>1 in parts per million.</summary>
    public const long Whole = 1_000_000;

    /// <summary>The median; of an even number of values the mean of the middle two, rounded down. Sorts the values.</summary>
    public static long Median(Span<long> values)
    {
        Invariant.Check(!values.IsEmpty, "a median is of something");
        values.Sort();
        int middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : FloorDivide(values[middle - 1] + values[middle], 2);
    }

    /// <summary>The median distance from a centre (the MAD, where the centre is the median). Overwrites the values.</summary>
    public static long MedianDeviation(Span<long> values, long centre)
    {
        for (int i = 0; i < values.Length; i++)
            values[i] = long.Abs(values[i] - centre);
        return Median(values);
    }

    /// <summary>The sum of the distances from the values' own median. Sorts the values.</summary>
    public static long SpreadSum(Span<long> values)
    {
        long median = Median(values), sum = 0;
        foreach (long value in values)
            sum += long.Abs(value - median);
        return sum;
    }

    /// <summary>
    /// Spearman's rank correlation in parts per million, rounded towards 0: whether both rise and fall together, by however much. Equal
    /// values share the mean of their ranks. 0 if one of them never changes.
    /// </summary>
    public static long RankCorrelation(ReadOnlySpan<long> left, ReadOnlySpan<long> right)
    {
        Invariant.Check(left.Length == right.Length, "pairs have two sides");
        long[] ranks = RanksTwice(left), others = RanksTwice(right);
        long mean = left.Length + 1; // of ranks from 1, doubled as they are
        long product = 0, square = 0, otherSquare = 0;
        for (int i = 0; i < ranks.Length; i++)
        {
            product += (ranks[i] - mean) * (others[i] - mean);
            square += (ranks[i] - mean) * (ranks[i] - mean);
            otherSquare += (others[i] - mean) * (others[i] - mean);
        }
        if (square == 0 || otherSquare == 0)
            return 0;
        // Six more digits for the root, which is small.
        return (long)((Int128)product * Whole * Whole / (Int128)Trigonometry.Root((UInt128)square * (UInt128)otherSquare * Whole * Whole));
    }

    /// <summary>Division rounded down, also below zero.</summary>
    public static long FloorDivide(long value, long divisor)
    {
        (long quotient, long rest) = Math.DivRem(value, divisor);
        return rest < 0 ? quotient - 1 : quotient;
    }

    // Twice the rank, so that the mean of two neighbours is whole.
    private static long[] RanksTwice(ReadOnlySpan<long> values)
    {
        long[] sorted = values.ToArray();
        int[] order = new int[values.Length];
        for (int i = 0; i < order.Length; i++)
            order[i] = i;
        Array.Sort(sorted, order);
        long[] ranks = new long[order.Length];
        for (int first = 0, last; first < order.Length; first = last + 1)
        {
            last = first;
            while (last + 1 < order.Length && sorted[last + 1] == sorted[first])
                last++;
            for (int i = first; i <= last; i++)
                ranks[order[i]] = first + last + 2;
        }
        return ranks;
    }
}
