using System.Numerics;
using System.Security.Cryptography;

namespace AppChain.Crypto;

/// <summary>Compressed points of P-256 (SEC 1, 2.3.3 and 2.3.4), which the framework neither reads nor writes.</summary>
internal static class P256Point
{
    private const int CoordinateSize = 32;
    private const byte EvenY = 2;
    private const byte OddY = 3;

    // y² = x³ − 3x + b over the integers modulo p (FIPS 186-4, D.1.2.3).
    private static readonly BigInteger P = FromHex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
    private static readonly BigInteger B = FromHex("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b");

    // p leaves 3 when divided by 4, so a square's root is its power (p + 1) / 4.
    private static readonly BigInteger RootExponent = (P + 1) / 4;

    /// <summary>
    /// Finds the point. False for another length or first byte, for x at or above p, and for an x that no point has.
    /// The point at infinity has no compressed form of this length.
    /// </summary>
    public static bool TryDecompress(ReadOnlySpan<byte> compressed, out ECPoint point)
    {
        point = default;
        if (compressed.Length != P256.PublicKeySize || compressed[0] is not (EvenY or OddY))
            return false;
        var x = new BigInteger(compressed[1..], isUnsigned: true, isBigEndian: true);
        if (x >= P)
            return false;
        BigInteger square = (x * x * x - 3 * x + B) % P;
        if (square.Sign < 0)
            square += P;
        var y = BigInteger.ModPow(square, RootExponent, P);
        if (y * y % P != square)
            return false;
        // Never zero: the curve has prime order, so it has no point of order two, whose y would be its own negative.
        if (y.IsEven != (compressed[0] == EvenY))
            y = P - y;
        point = new ECPoint { X = compressed[1..].ToArray(), Y = ToBytes(y) };
        return true;
    }

    /// <summary>The 33-byte form of a point whose coordinates have 32 bytes each.</summary>
    public static byte[] Compress(ECPoint point)
    {
        byte[] compressed = new byte[P256.PublicKeySize];
        compressed[0] = (point.Y![^1] & 1) == 0 ? EvenY : OddY;
        point.X!.CopyTo(compressed, 1);
        return compressed;
    }

    private static byte[] ToBytes(BigInteger coordinate)
    {
        byte[] bytes = new byte[CoordinateSize];
        int length = coordinate.GetByteCount(isUnsigned: true);
        coordinate.TryWriteBytes(bytes.AsSpan(CoordinateSize - length), out _, isUnsigned: true, isBigEndian: true);
        return bytes;
    }

    private static BigInteger FromHex(string digits) => new(Convert.FromHexString(digits), isUnsigned: true, isBigEndian: true);
}
