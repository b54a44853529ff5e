using System.Numerics;

namespace AppChain.Crypto.Tests;

/// <summary>Points, their sums and multiples against libsecp256k1.</summary>
public class PointTests
{
    private readonly Random random = new(341);

    [Fact]
    public void Lift_XOfPointsAndOfNone_FindsTheEvenY()
    {
        FieldTests.Skip();
        int found = 0;
        for (int i = 1; i <= 200; i += 4)
        {
            // Small x: half are on the curve.
            AffinePoint[] four = [.. Enumerable.Range(i, 4).Select(x => WithX(FieldTests.Bytes(x)))];
            int onCurve = AffinePoint.Lift(four);
            for (int lane = 0; lane < 4; lane++)
            {
                byte[] encoded = [2, .. FieldTests.Bytes(i + lane)];
                bool isPoint = CurvePoint.TryParse(encoded, out _);
                Assert.Equal(isPoint, (onCurve >> lane & 1) == 1);
                found += isPoint ? 1 : 0;
                if (isPoint)
                    Assert.Equal(BigInteger.ModPow(i + lane, 3, FieldTests.P) + 7, BigInteger.ModPow(FieldTests.Value(four[lane].Y), 2, FieldTests.P));
            }
        }
        Assert.InRange(found, 60, 140);
    }

    [Fact]
    public void Generator_IsThatOfTheLibrary()
    {
        FieldTests.Skip();
        AffinePoint one = Multiple(1);
        Assert.True(one.X.Equals(AffinePoint.Generator.X) && AffinePoint.HaveEqualY(in one, AffinePoint.Generator));
    }

    [Fact]
    public void Sum_GroupsOfAllLengths_AreTheSumsOfTheirMultiples()
    {
        FieldTests.Skip();
        // Small multiples, either sign: partial sums meet, double and cancel all the time.
        List<int> multiples = [], ends = [];
        for (int length = 0; length <= 40; length++)
        {
            for (int i = 0; i < length; i++)
                multiples.Add(random.Next(-4, 5) is var m and not 0 ? m : 5);
            ends.Add(multiples.Count);
        }
        AssertSums(multiples, ends);
    }

    [Fact]
    public void Sum_ManyMorePairsThanShareAnInversion_AreTheSumsOfTheirMultiples()
    {
        FieldTests.Skip();
        List<int> multiples = [.. Enumerable.Range(0, 9_000).Select(i => (i % 97) + 1)];
        AssertSums(multiples, [3, 4_500, 4_501, 9_000]);
    }

    [Fact]
    public void Sum_OnlyEqualOrOppositePoints_DoublesAndCancels()
    {
        FieldTests.Skip();
        AssertSums([.. Enumerable.Repeat(3, 33), .. Enumerable.Repeat(-3, 8), 7, -7, 7, -7, 1, -1, -1, 1], [33, 41, 45, 49]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(64)]
    [InlineData(500)]
    [InlineData(3_000)]
    public void IsInfinity_FactorsOfKnownMultiples_SaysWhetherTheySumToZero(int count)
    {
        FieldTests.Skip();
        MultiScalar sum = new();
        AffinePoint[] few = [.. Enumerable.Range(1, 50).Select(i => Multiple(i))];
        List<AffinePoint> points = [];
        List<HalfScalar> factors = [];
        BigInteger total = 0;
        for (int i = 0; i < count; i++)
        {
            int multiple = random.Next(few.Length);
            HalfScalar factor = i switch
            {
                0 => new HalfScalar(UInt128.One, IsNegative: false),
                1 => new HalfScalar(UInt128.MaxValue, IsNegative: true),
                2 => default,
                _ => new HalfScalar(new UInt128((ulong)random.NextInt64() << 1, (ulong)random.NextInt64()), random.Next(2) == 0),
            };
            points.Add(few[multiple]);
            factors.Add(factor);
            total += (multiple + 1) * (factor.IsNegative ? -(BigInteger)factor.Magnitude : factor.Magnitude);
        }
        points.AddRange([AffinePoint.Generator, AffinePoint.LambdaGenerator]);
        foreach (int error in new[] { 0, 1, -1, 1 << 30 })
        {
            BigInteger rest = (((error - total) % ScalarTests.N) + ScalarTests.N) % ScalarTests.N;
            HalfScalar.Split(ScalarTests.Of(rest), out HalfScalar first, out HalfScalar second);
            Assert.Equal(error == 0, sum.IsInfinity(points.ToArray(), [.. factors, first, second]));
        }
    }

    [Fact]
    public void IsInfinity_NothingOrZeroTimes_IsTrue()
    {
        FieldTests.Skip();
        MultiScalar sum = new();
        Assert.True(sum.IsInfinity([], []));
        Assert.True(sum.IsInfinity([AffinePoint.Generator], [default]));
        Assert.False(sum.IsInfinity([AffinePoint.Generator], [new HalfScalar(1, false)]));
        Assert.True(sum.IsInfinity([AffinePoint.Generator, AffinePoint.Generator], [new HalfScalar(1, false), new HalfScalar(1, true)]));
    }

    private static void AssertSums(List<int> multiples, List<int> ends)
    {
        AffinePoint[] points = [.. multiples.Select(Multiple)];
        bool[] absent = new bool[points.Length];
        new PointSums().Sum(points, absent, ends.ToArray());
        for (int group = 0, begin = 0; group < ends.Count; begin = ends[group++])
        {
            if (begin == ends[group])
                continue;
            int expected = multiples[begin..ends[group]].Sum();
            Assert.Equal(expected == 0, absent[begin]);
            if (expected == 0)
                continue;
            AffinePoint point = Multiple(expected);
            Assert.True(point.X.Equals(points[begin].X), $"group {group}: {expected}");
            Assert.True(AffinePoint.HaveEqualY(in point, in points[begin]), $"group {group}: {expected}");
        }
    }

    // So many times the generator, by libsecp256k1.
    private static AffinePoint Multiple(int multiple)
    {
        byte[] encoded = new byte[CurvePoint.EncodedSize];
        CurvePoint.OfSecret(FieldTests.Bytes(Math.Abs(multiple))).Write(encoded);
        AffinePoint[] four = [.. Enumerable.Repeat(WithX(encoded[1..]), 4)];
        Assert.Equal(0b1111, AffinePoint.Lift(four));
        if (encoded[0] == 3 != multiple < 0)
            four[0].Y = four[0].Y.Negate();
        return four[0];
    }

    private static AffinePoint WithX(byte[] x)
    {
        AffinePoint point = default;
        Assert.True(FieldWords.TryRead(x, out point.X));
        return point;
    }
}
