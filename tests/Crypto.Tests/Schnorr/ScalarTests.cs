using System.Numerics;
using FsCheck;
using FsCheck.Fluent;

namespace AppChain.Crypto.Tests;

/// <summary>Numbers modulo the group's order, and how they are halved, against System.Numerics.</summary>
public class ScalarTests
{
    internal static readonly BigInteger N = BigInteger.Parse(
        "0FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141", System.Globalization.NumberStyles.HexNumber, null);

    private static readonly BigInteger Lambda = BigInteger.Parse(
        "05363ad4cc05c30e0a5261c028812645a122e22ea20816678df02967c1b23bd72", System.Globalization.NumberStyles.HexNumber, null);

    private static readonly BigInteger[] Edges =
    [
        0, 1, 2, N - 1, N - 2, N / 2, (N / 2) + 1, Lambda, N - Lambda, Lambda + 1, Lambda - 1, BigInteger.One << 128, (BigInteger.One << 128) - 1,
        BigInteger.One << 255, (BigInteger.One << 192) - 1, N / 3, 2 * N / 3, N >> 128, (N >> 128) << 128,
    ];

    [Fact]
    public void Lambda_IsACubeRootOfOne() => Assert.Equal(1, BigInteger.ModPow(Lambda, 3, N));

    [Fact]
    public void TryRead_Edges_RefusesTheOrderAndMore()
    {
        foreach (BigInteger edge in Edges.Concat([N, N + 1, (BigInteger.One << 256) - 1]))
        {
            byte[] bytes = FieldTests.Bytes(edge);
            Assert.Equal(edge < N, Scalar.TryRead(bytes, out Scalar scalar));
            Assert.Equal(edge % N, Value(Scalar.ReadReduced(bytes)));
            if (edge < N)
                Assert.Equal(edge, Value(scalar));
        }
    }

    [Fact]
    public void Arithmetic_Edges_IsModuloTheOrder()
    {
        UInt128[] factors = [0, 1, 2, UInt128.MaxValue, UInt128.MaxValue - 1, UInt128.One << 127, ulong.MaxValue];
        foreach (BigInteger a in Edges)
        {
            foreach (BigInteger b in Edges)
                Assert.Equal((a + b) % N, Value(Of(a) + Of(b)));
            foreach (UInt128 factor in factors)
                Assert.Equal(a * factor % N, Value(Scalar.Multiply(Of(a), factor)));
            Assert.Equal((N - a) % N, Value(-Of(a)));
        }
    }

    [Fact]
    public void Arithmetic_RandomNumbers_IsModuloTheOrder() => Prop.ForAll<byte[], byte[]>((left, right) =>
    {
        BigInteger a = Any(left), b = Any(right) >> 128;
        return Value(Scalar.Multiply(Of(a), (UInt128)b)) == a * b % N && Value(Of(a) + Of(b)) == (a + b) % N && Value(-Of(a)) == N - a;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Split_RandomNumbers_AreTwoHalves() => Prop.ForAll<byte[]>(seed => IsSplit(Any(seed))).QuickCheckThrowOnFailure();

    [Fact]
    public void Split_Edges_AreTwoHalves()
    {
        foreach (BigInteger edge in Edges)
        {
            // Near multiples of the lattice's vectors the halves are largest or smallest.
            for (int offset = -3; offset <= 3; offset++)
                Assert.True(IsSplit((edge + offset + N) % N), $"{edge} + {offset}");
        }
    }

    internal static Scalar Of(BigInteger value) => Scalar.ReadReduced(FieldTests.Bytes(value % N));

    private static bool IsSplit(BigInteger value)
    {
        HalfScalar.Split(Of(value), out HalfScalar first, out HalfScalar second);
        return (Signed(first) + (Signed(second) * Lambda) - value) % N == 0;
    }

    private static BigInteger Signed(HalfScalar half) => half.IsNegative ? -(BigInteger)half.Magnitude : half.Magnitude;

    private static BigInteger Any(byte[] seed) => new BigInteger(Hashing.Sha256(seed).Bytes, isUnsigned: true) % N;

    private static BigInteger Value(Scalar scalar)
    {
        BigInteger value = 0;
        for (int i = Scalar.Words - 1; i >= 0; i--)
            value = (value << 64) + scalar[i];
        return value;
    }
}
