using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace AppChain.Crypto;

/// <summary>
/// A point of secp256k1 in the library's form, never the one at infinity. Of the multiplications, <see cref="TryMultiply"/> and
/// <see cref="TryAddGenerator"/> take as long as their scalar makes them, so they are for public ones; <see cref="OfSecret"/> and
/// <see cref="TimesSecret"/> take the same time for every scalar.
/// </summary>
internal unsafe struct CurvePoint
{
    /// <summary>Bytes of a compressed point (SEC 1, 2.3.3): 2 or 3 for an even or odd y, then x.</summary>
    public const int EncodedSize = 33;

    private const byte EvenY = 2;

    private fixed byte parsed[Secp256k1Native.PointSize];

    /// <summary>Reads a compressed point; false if it is none, whatever the bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> encoded, out CurvePoint point)
    {
        point = default;
        if (encoded.Length != EncodedSize)
            return false;
        fixed (byte* pointer = encoded)
        fixed (byte* self = point.parsed)
            return Secp256k1Native.PointParse(Secp256k1Context.Shared, self, pointer, EncodedSize) == 1;
    }

    /// <summary>The secret times the generator.</summary>
    /// <param name="secret">32 bytes, above zero and below the order.</param>
    public static CurvePoint OfSecret(ReadOnlySpan<byte> secret)
    {
        CheckScalar(secret);
        CurvePoint point = default;
        fixed (byte* scalar = secret)
            Require(Secp256k1Native.PointOfSecret(Secp256k1Context.Shared, point.parsed, scalar));
        return point;
    }

    /// <summary>The secret times this point.</summary>
    /// <param name="secret">32 bytes, above zero and below the order.</param>
    public readonly CurvePoint TimesSecret(ReadOnlySpan<byte> secret)
    {
        CheckScalar(secret);
        Span<byte> encoded = stackalloc byte[EncodedSize];
        fixed (byte* self = parsed)
        fixed (byte* output = encoded)
        fixed (byte* scalar = secret)
            Require(Secp256k1Native.SharedPoint(Secp256k1Context.Shared, output, self, scalar, &WriteCompressed, null));
        Require(TryParse(encoded, out CurvePoint product) ? 1 : 0);
        return product;
    }

    /// <summary>Multiplies by a public scalar; false, with nothing to use here any more, if it is zero or not below the order.</summary>
    public bool TryMultiply(ReadOnlySpan<byte> scalar)
    {
        CheckScalar(scalar);
        fixed (byte* pointer = scalar)
        fixed (byte* self = parsed)
            return Secp256k1Native.PointMultiply(Secp256k1Context.Shared, self, pointer) == 1;
    }

    /// <summary>Adds a public scalar times the generator; false, with nothing to use here any more, if it is not below the order or the
    /// sum is at infinity.</summary>
    public bool TryAddGenerator(ReadOnlySpan<byte> scalar)
    {
        CheckScalar(scalar);
        fixed (byte* pointer = scalar)
        fixed (byte* self = parsed)
            return Secp256k1Native.PointAddGenerator(Secp256k1Context.Shared, self, pointer) == 1;
    }

    /// <summary>Negates this point, and answers it.</summary>
    [UnscopedRef]
    public ref CurvePoint Negate()
    {
        fixed (byte* self = parsed)
            Require(Secp256k1Native.PointNegate(Secp256k1Context.Shared, self));
        return ref this;
    }

    /// <summary>The sum; false if it is at infinity.</summary>
    public static bool TryAdd(CurvePoint left, CurvePoint right, out CurvePoint sum)
    {
        sum = default;
        byte** points = stackalloc byte*[] { left.parsed, right.parsed };
        fixed (byte* pointer = sum.parsed)
            return Secp256k1Native.PointSum(Secp256k1Context.Shared, pointer, points, 2) == 1;
    }

    /// <summary>Writes the compressed point to the first 33 bytes.</summary>
    public readonly void Write(Span<byte> encoded)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(encoded.Length, EncodedSize);
        nuint length = EncodedSize;
        fixed (byte* self = parsed)
        fixed (byte* pointer = encoded)
            Require(Secp256k1Native.PointSerialize(Secp256k1Context.Shared, pointer, &length, self, Secp256k1Native.Compressed));
    }

    // The library gives the product to a function that is to hash it into a shared key: ours keeps the point.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int WriteCompressed(byte* output, byte* x, byte* y, void* data)
    {
        output[0] = (byte)(EvenY | y[31] & 1);
        new ReadOnlySpan<byte>(x, 32).CopyTo(new Span<byte>(output + 1, 32));
        return 1;
    }

    // The library reads 32 bytes whatever we give it.
    private static void CheckScalar(ReadOnlySpan<byte> scalar) =>
        ArgumentOutOfRangeException.ThrowIfNotEqual(scalar.Length, Ecvrf.ScalarSize);

    private static void Require(int answer)
    {
        if (answer != 1)
            throw new CryptographicException("libsecp256k1 refused a valid point or scalar.");
    }
}
