namespace AppChain.Crypto;

/// <summary>A factor of a point: a number of 128 bits, and whether it is negative.</summary>
internal readonly record struct HalfScalar(UInt128 Magnitude, bool IsNegative)
{
    /// <summary>Bits of a magnitude.</summary>
    public const int Bits = 128;

    // The short lattice vectors (a₁, b₁) and (a₂, b₂) with a + bλ = 0 modulo n, of which b₁ is negative and a₁ = b₂; and the quotients
    // 2³⁸⁴ b₂ / n and −2³⁸⁴ b₁ / n. Found by Euclid's algorithm on n and λ (GLV, 2001; "Guide to Elliptic Curve Cryptography", 3.5).
    private static ReadOnlySpan<ulong> A1 => [0xE86C90E49284EB15, 0x3086D221A7D46BCD];

    private static ReadOnlySpan<ulong> A2 => [0x57C1108D9D44CFD8, 0x14CA50F7A8E2F3F6, 1];

    private static ReadOnlySpan<ulong> MinusB1 => [0x6F547FA90ABFE4C3, 0xE4437ED6010E8828];

    private static ReadOnlySpan<ulong> Quotient1 => [0xE893209A45DBB031, 0x3DAA8A1471E8CA7F, 0xE86C90E49284EB15, 0x3086D221A7D46BCD];

    private static ReadOnlySpan<ulong> Quotient2 => [0x1571B4AE8AC47F71, 0x221208AC9DF506C6, 0x6F547FA90ABFE4C4, 0xE4437ED6010E8828];

    /// <summary>Two numbers of half the length with scalar = first + second · λ modulo n, where λ times a point is <see cref="AffinePoint.TimesLambda"/>.</summary>
    public static void Split(in Scalar scalar, out HalfScalar first, out HalfScalar second)
    {
        Span<ulong> c1 = stackalloc ulong[2], c2 = stackalloc ulong[2], product = stackalloc ulong[5];
        RoundedQuotient(in scalar, Quotient1, c1);
        RoundedQuotient(in scalar, Quotient2, c2);

        // first = scalar − c₁a₁ − c₂a₂ and second = −c₁b₁ − c₂b₂, both of 128 bits: what is above shows the sign.
        Span<ulong> rest = stackalloc ulong[Scalar.Words];
        ((ReadOnlySpan<ulong>)scalar).CopyTo(rest);
        Scalar.Multiply(A1, c1, product[..4]);
        Scalar.Subtract(rest, product[..4]);
        Scalar.Multiply(A2, c2, product);
        Scalar.Subtract(rest, product[..4]);
        first = Signed(rest);

        Scalar.Multiply(MinusB1, c1, rest);
        Scalar.Multiply(A1, c2, product[..4]);
        Scalar.Subtract(rest, product[..4]);
        second = Signed(rest);
    }

    private static void RoundedQuotient(in Scalar scalar, ReadOnlySpan<ulong> quotient, Span<ulong> result)
    {
        Span<ulong> product = stackalloc ulong[8];
        Scalar.Multiply(scalar, quotient, product);
        product[6..].CopyTo(result);
        Scalar.Add(result, [product[5] >> 63]);
    }

    private static HalfScalar Signed(ReadOnlySpan<ulong> words)
    {
        var low = new UInt128(words[1], words[0]);
        bool isNegative = words[3] >> 63 != 0;
        ulong above = isNegative ? ulong.MaxValue : 0;
        if (words[2] != above || words[3] != above || (isNegative && low == UInt128.Zero))
            throw new InvalidOperationException("A scalar was split into more than 128 bits.");
        return new HalfScalar(isNegative ? UInt128.Zero - low : low, isNegative);
    }
}
