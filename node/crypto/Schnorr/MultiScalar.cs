using System.Numerics;

namespace AppChain.Crypto;

/// <summary>
/// Whether a sum of many points, each times a factor of its own, is the point at infinity. Pippenger's method: factors are written in digits
/// of c bits, from −2ᶜ⁻¹ to 2ᶜ⁻¹; for each place, the points with the same digit are summed first. The sum of k times the k-th of these sums is
/// not taken by running sums, but bit by bit of k, since that is again nothing but sums of points that share their divisions; it leaves one
/// point for each bit of the factors, and the last step doubles and adds these. Buffers are kept; one thread at a time.
/// </summary>
internal sealed class MultiScalar
{
    private const int DigitBitsMin = 3, DigitBitsMax = 12;

    // Points summed together: places of the factors are taken together while they are few.
    private const int TogetherMin = 8_192;

    private const int PositionsMax = HalfScalar.Bits + DigitBitsMax;

    private readonly PointSums sums = new();
    private readonly AffinePoint[] atBits = new AffinePoint[PositionsMax];
    private readonly bool[] isAtBit = new bool[PositionsMax];
    private short[] digits = [];
    private AffinePoint[] terms = [], bitTerms = [];
    private bool[] absent = [], bitAbsent = [];
    private int[] ends = [], bitEnds = [];

    /// <summary>True if the sum of all points, each times its factor, is the point at infinity.</summary>
    public bool IsInfinity(ReadOnlySpan<AffinePoint> points, ReadOnlySpan<HalfScalar> factors)
    {
        int bits = DigitBits(points.Length), places = Places(bits);
        int together = Math.Clamp(TogetherMin / Math.Max(points.Length, 1), 1, places);
        Reserve(points.Length, bits, places, together);
        for (int i = 0; i < factors.Length; i++)
            WriteDigits(factors[i], bits, places, i, points.Length);
        for (int place = 0; place < places; place += together)
        {
            int count = Math.Min(together, places - place);
            SumByDigit(points, place, count, bits);
            SumByBit(place, count, bits);
        }
        return Combine(bits * places);
    }

    // The bits of a digit that cost least: each point is added once for each place, each sum with a digit about once for each two of its bits.
    private static int DigitBits(int points)
    {
        (int best, long least) = (DigitBitsMin, long.MaxValue);
        for (int bits = DigitBitsMin; bits <= DigitBitsMax; bits++)
        {
            long cost = Places(bits) * (points + (((bits - 1L) << bits) / 4));
            if (cost < least)
                (best, least) = (bits, cost);
        }
        return best;
    }

    // One bit more than the factors have, for the last carry.
    private static int Places(int bits) => (HalfScalar.Bits / bits) + 1;

    private void Reserve(int points, int bits, int places, int together)
    {
        int sumsOfPlace = 1 << (bits - 1);
        Grow(ref digits, points * places);
        Grow(ref terms, points * together);
        Grow(ref absent, points * together);
        Grow(ref ends, sumsOfPlace * together);
        Grow(ref bitTerms, ((bits - 1) * sumsOfPlace / 2 + 1) * together);
        Grow(ref bitAbsent, bitTerms.Length);
        Grow(ref bitEnds, bits * together);
    }

    private static void Grow<T>(ref T[] buffer, int length)
    {
        if (buffer.Length < length)
            buffer = new T[BitOperations.RoundUpToPowerOf2((uint)length)];
    }

    private void WriteDigits(HalfScalar factor, int bits, int places, int index, int points)
    {
        UInt128 rest = factor.Magnitude;
        int carry = 0, half = 1 << (bits - 1);
        for (int place = 0; place < places; place++)
        {
            int digit = ((int)(ulong)rest & ((1 << bits) - 1)) + carry;
            carry = digit > half ? 1 : 0;
            digit -= carry << bits;
            digits[(place * points) + index] = (short)(factor.IsNegative ? -digit : digit);
            rest >>= bits;
        }
    }

    // A counting sort by place and digit, then the sum of each.
    private void SumByDigit(ReadOnlySpan<AffinePoint> points, int place, int count, int bits)
    {
        int half = 1 << (bits - 1);
        Span<int> groupEnds = ends.AsSpan(0, count * half);
        ReadOnlySpan<short> written = digits.AsSpan(place * points.Length, count * points.Length);
        groupEnds.Clear();
        for (int i = 0, group = -1; i < written.Length; i += points.Length, group += half)
        {
            foreach (short digit in written.Slice(i, points.Length))
            {
                if (digit != 0)
                    groupEnds[group + Math.Abs((int)digit)]++;
            }
        }
        int total = 0;
        foreach (ref int end in groupEnds)
            (end, total) = (total, total + end);
        for (int i = 0, group = -1; i < written.Length; i += points.Length, group += half)
        {
            for (int j = 0; j < points.Length; j++)
            {
                int digit = written[i + j];
                if (digit == 0)
                    continue;
                ref AffinePoint term = ref terms[groupEnds[group + Math.Abs(digit)]++];
                term.X = points[j].X;
                term.Y = digit < 0 ? points[j].Y.Negate() : points[j].Y;
            }
        }
        absent.AsSpan(0, total).Clear();
        sums.Sum(terms.AsSpan(0, total), absent, groupEnds);
    }

    // For each bit of each place, the sum of what has a digit with that bit.
    private void SumByBit(int place, int count, int bits)
    {
        int half = 1 << (bits - 1), total = 0;
        for (int group = 0; group < count * bits; group++)
        {
            (int ofPlace, int bit) = (group / bits * half, group % bits);
            for (int digit = 1 << bit; digit <= half; digit = (digit + 1) | (1 << bit))
            {
                int sum = ofPlace + digit - 1, begin = sum == 0 ? 0 : ends[sum - 1];
                if (ends[sum] > begin && !absent[begin])
                    bitTerms[total++] = terms[begin];
            }
            bitEnds[group] = total;
        }
        bitAbsent.AsSpan(0, total).Clear();
        sums.Sum(bitTerms.AsSpan(0, total), bitAbsent, bitEnds.AsSpan(0, count * bits));
        for (int group = 0, begin = 0; group < count * bits; begin = bitEnds[group++])
        {
            int position = (place * bits) + group;
            isAtBit[position] = bitEnds[group] > begin && !bitAbsent[begin];
            if (isAtBit[position])
                atBits[position] = bitTerms[begin];
        }
    }

    // Double and add, four quarters of the positions at once, then the quarters.
    private bool Combine(int positions)
    {
        int quarter = (positions + FieldLanes.Count - 1) / FieldLanes.Count;
        ProjectivePoint sum = ProjectivePoint.Infinity;
        for (int i = quarter - 1; i >= 0; i--)
        {
            sum.Double();
            ProjectivePoint four = Take(i, quarter, positions);
            sum.Add(ref four);
        }
        ProjectivePoint total = sum.Broadcast(FieldLanes.Count - 1);
        for (int lane = FieldLanes.Count - 2; lane >= 0; lane--)
        {
            for (int i = 0; i < quarter; i++)
                total.Double();
            ProjectivePoint next = sum.Broadcast(lane);
            total.Add(ref next);
        }
        return total.IsInfinity() != 0;
    }

    private ProjectivePoint Take(int first, int stride, int positions)
    {
        Span<AffinePoint> four = stackalloc AffinePoint[FieldLanes.Count];
        Span<FieldWords> z = stackalloc FieldWords[FieldLanes.Count];
        for (int lane = 0; lane < FieldLanes.Count; lane++)
        {
            int position = first + (lane * stride);
            bool isThere = position < positions && isAtBit[position];
            four[lane] = isThere ? atBits[position] : default;
            if (isThere)
                z[lane][0] = 1;
            else
                four[lane].Y[0] = 1;
        }
        ProjectivePoint point = default;
        point.X.Load(in four[0].X, in four[1].X, in four[2].X, in four[3].X);
        point.Y.Load(in four[0].Y, in four[1].Y, in four[2].Y, in four[3].Y);
        point.Z.Load(in z[0], in z[1], in z[2], in z[3]);
        return point;
    }
}
