using System.Numerics;
using System.Runtime.Intrinsics;
using FsCheck;
using FsCheck.Fluent;

namespace AppChain.Crypto.Tests;

/// <summary>The field's lanes against System.Numerics, over random elements, edges and limbs as large as each operation allows.</summary>
public class FieldTests
{
    internal static readonly BigInteger P = (BigInteger.One << 256) - 0x1000003D1;

    private static readonly BigInteger[] Edges =
    [
        0, 1, 2, 0x1000003D0, 0x1000003D1, 0x1000003D2, P - 2, P - 1, P, P + 1, 2 * P - 1, 2 * P, (BigInteger.One << 256) - 1, BigInteger.One << 256,
        (BigInteger.One << 256) + 1, 15 * P, 16 * P - 1, (BigInteger.One << 260) - 1, (BigInteger.One << 255) - 19, (BigInteger.One << 256) - (1 << 26),
        P - (1 << 26), P - (BigInteger.One << 234), (BigInteger.One << 234) - 1,
    ];

    private readonly Random random = new(340);

    [Fact]
    public void Multiply_EveryPairOfEdges_IsTheProduct()
    {
        Skip();
        foreach (BigInteger left in Edges)
        {
            foreach (BigInteger right in Edges)
            {
                BigInteger[] a = [left, right, Any(), left], b = [right, Any(), right, left];
                FieldLanes x = Lanes(a), y = Lanes(b), product = default;
                FieldLanes.Multiply(ref product, ref x, ref y);
                AssertEqual(Product(a, b), ref product, 1);
            }
        }
    }

    [Theory]
    [InlineData(1, 63)]
    [InlineData(7.9, 7.9)]
    [InlineData(16, 3.9)]
    public void Multiply_LimbsAsLargeAsAllowed_IsTheProductOfSizeOne(double leftSize, double rightSize)
    {
        Skip();
        for (int i = 0; i < 500; i++)
        {
            FieldLanes x = OfSize(leftSize, full: i == 0), y = OfSize(rightSize, full: i == 0), product = default;
            BigInteger[] expected = Product(Values(ref x), Values(ref y));
            FieldLanes.Multiply(ref product, ref x, ref y);
            AssertEqual(expected, ref product, 1);
            FieldLanes.Multiply(ref x, ref x, ref y);
            AssertEqual(expected, ref x, 1);
        }
    }

    [Fact]
    public void Square_EdgesAndLargeLimbs_IsTheProductWithItself()
    {
        Skip();
        for (int i = 0; i < 500; i++)
        {
            FieldLanes x = i < Edges.Length ? Lanes([Edges[i], Any(), Edges[i], Any()]) : OfSize(7.9, full: i == Edges.Length);
            BigInteger[] values = Values(ref x);
            FieldLanes.Square(ref x, ref x);
            AssertEqual(Product(values, values), ref x, 1);
        }
    }

    [Fact]
    public void AddSubtractTimes_RandomElements_AreThoseOfIntegers()
    {
        Skip();
        for (int i = 0; i < 300; i++)
        {
            FieldLanes x = OfSize(8, i == 0), y = OfSize(7, i == 0), result = default;
            BigInteger[] a = Values(ref x), b = Values(ref y);
            FieldLanes.Add(ref result, ref x, ref y);
            AssertEqual([.. a.Zip(b, (l, r) => l + r)], ref result, 15);
            FieldLanes.Subtract(ref result, ref x, ref y);
            AssertEqual([.. a.Zip(b, (l, r) => l - r)], ref result, 16);
            FieldLanes.Times(ref result, ref y, 21);
            AssertEqual([.. b.Select(value => value * 21)], ref result, 147);
            result.Shrink();
            AssertEqual([.. b.Select(value => value * 21)], ref result, 1.07);
        }
    }

    [Fact]
    public void Reduce_EdgesAndLargeLimbs_IsTheOneWayToWriteTheElement()
    {
        Skip();
        for (int i = 0; i < 300; i++)
        {
            FieldLanes x = i < Edges.Length ? Lanes([Edges[i], Any(), P - 1, Edges[^(i + 1)]]) : OfSize(63, full: i == Edges.Length);
            BigInteger[] expected = [.. Values(ref x).Select(value => value % P)];
            x.Reduce();
            Assert.Equal<BigInteger[]>(expected, Values(ref x));
            Assert.Equal(expected.Select((value, lane) => value.IsZero ? 1 << lane : 0).Sum(), x.IsZero());
            Assert.Equal(expected.Select((value, lane) => value.IsEven ? 0 : 1 << lane).Sum(), (int)x.IsOdd().ExtractMostSignificantBits());
        }
    }

    // Written with limbs below the first two as full as can be, so that a fold leaves more than 2²⁵⁶ once again.
    [Fact]
    public void Reduce_JustAboveAMultipleOfTheFold_CarriesOnceMore()
    {
        Skip();
        for (int multiple = 1; multiple < 16; multiple++)
        {
            foreach (int offset in new[] { -2, -1, 0, 1, 2, 976, 977, 978 })
            {
                BigInteger value = (multiple * (BigInteger.One << 256)) + (BigInteger.One << 256) - (multiple * (BigInteger)0x1000003D1) + offset;
                FieldLanes x = Lanes([value % (BigInteger.One << 260), P + offset + 2, 2 * P + offset + 2, multiple * P + offset + 2]);
                BigInteger[] expected = [.. Values(ref x).Select(each => each % P)];
                x.Reduce();
                Assert.Equal<BigInteger[]>(expected, Values(ref x));
            }
        }
    }

    [Fact]
    public void SquareRoot_Squares_AreFoundAndOthersAreNot()
    {
        Skip();
        for (int i = 0; i < 40; i++)
        {
            BigInteger root = Any();
            BigInteger[] squares = [root * root % P, 0, 1, P - (root * root % P)];
            FieldLanes x = Lanes(squares), y = default;
            FieldLanes.SquareRoot(ref y, ref x);
            BigInteger[] again = Product(Values(ref y), Values(ref y));
            Assert.Equal<BigInteger[]>(squares[..3], again[..3]);
            // −1 is no square modulo p.
            Assert.NotEqual(squares[3], again[3]);
        }
    }

    [Fact]
    public void Invert_AnyElement_GivesOneTimesItAndZeroForZero()
    {
        Skip();
        for (int i = 0; i < 40; i++)
        {
            FieldLanes x = Lanes([Any(), 1, 0, P - 1]), inverse = default;
            FieldLanes.Invert(ref inverse, ref x);
            Assert.Equal<BigInteger[]>([1, 1, 0, 1], Product(Values(ref x), Values(ref inverse)));
        }
    }

    [Fact]
    public void TryRead_Bytes_AreReadBelowThePrimeOnly() => Prop.ForAll<byte[]>(noise =>
    {
        byte[] bytes = Hashing.Sha256(noise).ToArray();
        return FieldWords.TryRead(bytes, out FieldWords words) && Value(words) == new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void TryRead_Edges_RefusesThePrimeAndMore()
    {
        foreach (BigInteger edge in Edges.Where(edge => edge < BigInteger.One << 256))
        {
            Assert.Equal(edge < P, FieldWords.TryRead(Bytes(edge), out FieldWords words));
            if (edge < P)
                Assert.Equal(edge, Value(words));
        }
    }

    [Fact]
    public void LoadAndStore_FourElements_KeepTheirLanes()
    {
        Skip();
        BigInteger[] values = [Any(), Any(), Any(), Any()];
        FieldLanes x = Lanes(values);
        Assert.Equal<BigInteger[]>(values, Values(ref x));
        x.Store(out FieldWords a, out FieldWords b, out FieldWords c, out FieldWords d);
        Assert.Equal<BigInteger[]>(values, [Value(a), Value(b), Value(c), Value(d)]);
        Assert.All(new[] { a, b, c, d }, words => Assert.True(((Value(words) + Value(words.Negate())) % P).IsZero));
    }

    internal static void Skip() => Assert.SkipUnless(FieldLanes.IsSupported, "The lanes need AVX2; elsewhere signatures are verified one by one.");

    internal static BigInteger Value(FieldWords words)
    {
        BigInteger value = 0;
        for (int i = FieldLanes.Limbs - 1; i >= 0; i--)
            value = (value << FieldLanes.LimbBits) + words[i];
        return value;
    }

    internal static byte[] Bytes(BigInteger value)
    {
        byte[] bytes = new byte[32];
        byte[] written = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        written.CopyTo(bytes, 32 - written.Length);
        return bytes;
    }

    private static FieldLanes Lanes(BigInteger[] values)
    {
        FieldWords[] words = new FieldWords[4];
        for (int lane = 0; lane < 4; lane++)
        {
            for (int i = 0; i < FieldLanes.Limbs; i++)
                words[lane][i] = (uint)(values[lane] >> (i * FieldLanes.LimbBits) & FieldLanes.LimbMask);
        }
        FieldLanes lanes = default;
        lanes.Load(in words[0], in words[1], in words[2], in words[3]);
        return lanes;
    }

    private static BigInteger[] Values(ref FieldLanes lanes)
    {
        BigInteger[] values = new BigInteger[4];
        for (int lane = 0; lane < 4; lane++)
        {
            for (int i = FieldLanes.Limbs - 1; i >= 0; i--)
                values[lane] = (values[lane] << FieldLanes.LimbBits) + lanes[i][lane];
        }
        return values;
    }

    private static BigInteger[] Product(BigInteger[] left, BigInteger[] right) => [.. left.Zip(right, (l, r) => l * r % P)];

    private static void AssertEqual(BigInteger[] expected, ref FieldLanes actual, double size)
    {
        Assert.Equal(expected.Select(value => ((value % P) + P) % P), Values(ref actual).Select(value => value % P));
        for (int i = 0; i < FieldLanes.Limbs; i++)
            Assert.True(Vector256.LessThanOrEqualAll(actual[i], Vector256.Create((ulong)(size * (1 << 26)) + 1)), $"limb {i}");
    }

    private FieldLanes OfSize(double size, bool full)
    {
        long most = (long)(size * (1L << 26)) - 1;
        FieldLanes lanes = default;
        for (int i = 0; i < FieldLanes.Limbs; i++)
            lanes[i] = Vector256.Create(Limb(), Limb(), Limb(), (ulong)most);
        return lanes;

        ulong Limb() => (ulong)(full ? most : random.NextInt64(most + 1));
    }

    private BigInteger Any()
    {
        byte[] bytes = new byte[32];
        random.NextBytes(bytes);
        return new BigInteger(bytes, isUnsigned: true) % P;
    }
}
