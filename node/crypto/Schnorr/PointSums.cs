using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AppChain.Crypto;

/// <summary>
/// Sums of many points in affine coordinates. Such an addition needs a division, three times as dear as all the rest; but additions that do
/// not wait for each other share one (Montgomery's simultaneous inversion), at three products for each. So a group of points is summed as a
/// tree, and all groups go up their trees together. Equal and opposite points are found and handled: whoever makes signatures can make them.
/// One thread at a time.
/// </summary>
internal sealed class PointSums
{
    // Pairs that share an inversion: enough that it costs next to nothing, few enough to stay in a near cache.
    private const int PairsMax = 2_048;

    private readonly int[] lefts = new int[PairsMax];
    private readonly int[] rights = new int[PairsMax];
    private readonly byte[] doubles = new byte[PairsMax / FieldLanes.Count];
    private readonly FieldLanes[] products = new FieldLanes[PairsMax / FieldLanes.Count];
    private readonly FieldLanes[] denominators = new FieldLanes[PairsMax / FieldLanes.Count];
    private int pairs;

    /// <summary>Sums each group; where it begins its sum is left.</summary>
    /// <param name="points">One group after the other. Changed.</param>
    /// <param name="absent">True for a place that holds no point, but the one at infinity. Changed with the points.</param>
    /// <param name="ends">Where each group ends; it begins where the one before ends.</param>
    public void Sum(Span<AffinePoint> points, Span<bool> absent, ReadOnlySpan<int> ends)
    {
        int longest = 0;
        for (int group = 0, begin = 0; group < ends.Length; begin = ends[group++])
            longest = Math.Max(longest, ends[group] - begin);
        for (int stride = 1; stride < longest; stride *= 2)
        {
            for (int group = 0, begin = 0; group < ends.Length; begin = ends[group++])
            {
                for (int left = begin; left + stride < ends[group]; left += 2 * stride)
                    Pair(points, absent, left, left + stride);
            }
            AddPairs(points);
        }
    }

    private void Pair(Span<AffinePoint> points, Span<bool> absent, int left, int right)
    {
        if (absent[right])
            return;
        if (absent[left])
        {
            points[left] = points[right];
            absent[left] = false;
            return;
        }
        bool isDouble = false;
        if (points[left].X.Equals(points[right].X))
        {
            isDouble = AffinePoint.HaveEqualY(in points[left], in points[right]);
            absent[left] = !isDouble;
            if (!isDouble)
                return;
        }
        if (pairs == PairsMax)
            AddPairs(points);
        (int quad, int lane) = (pairs / FieldLanes.Count, pairs % FieldLanes.Count);
        if (lane == 0)
            doubles[quad] = 0;
        if (isDouble)
            doubles[quad] |= (byte)(1 << lane);
        (lefts[pairs], rights[pairs]) = (left, right);
        pairs++;
    }

    private void AddPairs(Span<AffinePoint> points)
    {
        if (pairs == 0)
            return;
        // The last quad is filled up with its last pair, whose sum is then stored more than once.
        for (; pairs % FieldLanes.Count != 0; pairs++)
        {
            (lefts[pairs], rights[pairs]) = (lefts[pairs - 1], rights[pairs - 1]);
            int bit = doubles[pairs / FieldLanes.Count] >> ((pairs - 1) % FieldLanes.Count) & 1;
            doubles[pairs / FieldLanes.Count] |= (byte)(bit << (pairs % FieldLanes.Count));
        }
        int quads = pairs / FieldLanes.Count;
        FieldLanes product = FieldLanes.Of(1);
        for (int quad = 0; quad < quads; quad++)
            Denominator(points, quad, ref product);
        FieldLanes inverse = default;
        FieldLanes.Invert(ref inverse, ref product);
        for (int quad = quads - 1; quad >= 0; quad--)
            AddQuad(points, quad, ref inverse);
        pairs = 0;
    }

    // What the slope is divided by: x₂ − x₁, or 2 y₁ where both points are the same.
    [SkipLocalsInit]
    private void Denominator(Span<AffinePoint> points, int quad, ref FieldLanes product)
    {
        Unsafe.SkipInit(out FieldLanes x1);
        Unsafe.SkipInit(out FieldLanes x2);
        ref FieldLanes denominator = ref denominators[quad];
        LoadX(ref x1, points, lefts, quad);
        LoadX(ref x2, points, rights, quad);
        FieldLanes.Subtract(ref denominator, ref x2, ref x1);
        if (doubles[quad] != 0)
        {
            LoadY(ref x1, points, lefts, quad);
            FieldLanes.Add(ref x1, ref x1, ref x1);
            denominator.Take(ref x1, MaskOf(doubles[quad]));
        }
        products[quad] = product;
        FieldLanes.Multiply(ref product, ref product, ref denominator);
    }

    // x₃ = λ² − x₁ − x₂ and y₃ = λ (x₁ − x₃) − y₁, where λ is (y₂ − y₁) / (x₂ − x₁), or 3 x₁² / 2 y₁ where both points are the same.
    [SkipLocalsInit]
    private void AddQuad(Span<AffinePoint> points, int quad, ref FieldLanes inverse)
    {
        Unsafe.SkipInit(out FieldLanes x1);
        Unsafe.SkipInit(out FieldLanes x2);
        Unsafe.SkipInit(out FieldLanes y1);
        Unsafe.SkipInit(out FieldLanes slope);
        Unsafe.SkipInit(out FieldLanes x3);
        LoadX(ref x1, points, lefts, quad);
        LoadX(ref x2, points, rights, quad);
        LoadY(ref y1, points, lefts, quad);
        LoadY(ref slope, points, rights, quad);
        FieldLanes.Subtract(ref slope, ref slope, ref y1);
        if (doubles[quad] != 0)
        {
            FieldLanes.Square(ref x3, ref x1);
            FieldLanes.Times(ref x3, ref x3, 3);
            slope.Take(ref x3, MaskOf(doubles[quad]));
        }
        FieldLanes.Multiply(ref x3, ref products[quad], ref inverse);
        FieldLanes.Multiply(ref inverse, ref inverse, ref denominators[quad]);
        FieldLanes.Multiply(ref slope, ref slope, ref x3);

        FieldLanes.Square(ref x3, ref slope);
        FieldLanes.Add(ref x2, ref x2, ref x1);
        FieldLanes.Subtract(ref x3, ref x3, ref x2);
        x3.Reduce();
        FieldLanes.Subtract(ref x1, ref x1, ref x3);
        FieldLanes.Multiply(ref x1, ref x1, ref slope);
        FieldLanes.Subtract(ref x1, ref x1, ref y1);
        x1.Shrink();

        int first = quad * FieldLanes.Count;
        ref AffinePoint p0 = ref points[lefts[first]], p1 = ref points[lefts[first + 1]];
        ref AffinePoint p2 = ref points[lefts[first + 2]], p3 = ref points[lefts[first + 3]];
        x3.Store(out p0.X, out p1.X, out p2.X, out p3.X);
        x1.Store(out p0.Y, out p1.Y, out p2.Y, out p3.Y);
    }

    private static void LoadX(ref FieldLanes lanes, Span<AffinePoint> points, int[] indices, int quad)
    {
        ReadOnlySpan<int> four = indices.AsSpan(quad * FieldLanes.Count, FieldLanes.Count);
        lanes.Load(in points[four[0]].X, in points[four[1]].X, in points[four[2]].X, in points[four[3]].X);
    }

    private static void LoadY(ref FieldLanes lanes, Span<AffinePoint> points, int[] indices, int quad)
    {
        ReadOnlySpan<int> four = indices.AsSpan(quad * FieldLanes.Count, FieldLanes.Count);
        lanes.Load(in points[four[0]].Y, in points[four[1]].Y, in points[four[2]].Y, in points[four[3]].Y);
    }

    private static Vector256<ulong> MaskOf(byte bits) =>
        Vector256.Equals(Vector256.Create((ulong)bits) & Vector256.Create(1UL, 2, 4, 8), Vector256.Create(1UL, 2, 4, 8));
}
