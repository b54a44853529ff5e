using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace AppChain.Crypto;

/// <summary>
/// A number modulo n, the order of secp256k1; for verification only, whose data are public. Four words of 64 bits, the lowest first, always
/// below n.
/// </summary>
[InlineArray(Words)]
internal struct Scalar
{
    public const int Words = 4;
    public const int Size = 32;

    private ulong first;

    private static ReadOnlySpan<ulong> Order => [0xBFD25E8CD0364141, 0xBAAEDCE6AF48A03B, 0xFFFFFFFFFFFFFFFE, ulong.MaxValue];

    // 2²⁵⁶ − n, so that what is above 256 bits is folded back by a product with it.
    private static ReadOnlySpan<ulong> Fold => [0x402DA1732FC9BEBF, 0x4551231950B75FC4, 1];

    /// <summary>Reads 32 bytes, the highest first; false if they are n or more.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Scalar scalar)
    {
        scalar = Read(bytes);
        return !scalar.IsOrderOrMore();
    }

    /// <summary>Reads 32 bytes, the highest first, modulo n.</summary>
    public static Scalar ReadReduced(ReadOnlySpan<byte> bytes)
    {
        Scalar scalar = Read(bytes);
        scalar.SubtractOrder();
        return scalar;
    }

    /// <summary>The product with a number of 128 bits.</summary>
    public static Scalar Multiply(in Scalar scalar, UInt128 factor)
    {
        Span<ulong> product = stackalloc ulong[Words + 2], folded = stackalloc ulong[Words + 1], again = stackalloc ulong[Words];
        Multiply(scalar, [(ulong)factor, (ulong)(factor >> 64)], product);
        // 384 bits become at most 258, then 257, then less than n.
        Multiply(Fold, product[Words..], folded);
        Add(folded, product[..Words]);
        Multiply(Fold, folded[Words..], again);
        Scalar result = default;
        folded[..Words].CopyTo(result);
        if (Add(result, again) != 0)
            Add(result, Fold);
        result.SubtractOrder();
        return result;
    }

    public static Scalar operator +(Scalar left, Scalar right)
    {
        if (Add(left, right) != 0)
            Add(left, Fold);
        left.SubtractOrder();
        return left;
    }

    public static Scalar operator -(Scalar scalar)
    {
        if (((ReadOnlySpan<ulong>)scalar).IndexOfAnyExcept(0UL) < 0)
            return scalar;
        Scalar negative = default;
        Order.CopyTo(negative);
        Subtract(negative, scalar);
        return negative;
    }

    /// <summary>product = left · right, in as many words as both have.</summary>
    internal static void Multiply(ReadOnlySpan<ulong> left, ReadOnlySpan<ulong> right, Span<ulong> product)
    {
        product.Clear();
        for (int i = 0; i < right.Length; i++)
        {
            ulong carry = 0;
            for (int j = 0; j < left.Length; j++)
            {
                ulong high = Math.BigMul(left[j], right[i], out ulong low);
                low += carry;
                high += low < carry ? 1UL : 0;
                ref ulong word = ref product[i + j];
                word += low;
                carry = high + (word < low ? 1UL : 0);
            }
            product[i + left.Length] = carry;
        }
    }

    /// <summary>sum += other, whose words above its own are zero. Answers what carries out.</summary>
    internal static ulong Add(Span<ulong> sum, ReadOnlySpan<ulong> other)
    {
        ulong carry = 0;
        for (int i = 0; i < sum.Length; i++)
        {
            ulong word = i < other.Length ? other[i] : 0;
            word += carry;
            carry = word < carry ? 1UL : 0;
            sum[i] += word;
            carry += sum[i] < word ? 1UL : 0;
        }
        return carry;
    }

    /// <summary>difference −= other, modulo 2 to the 64 times its words.</summary>
    internal static void Subtract(Span<ulong> difference, ReadOnlySpan<ulong> other)
    {
        ulong borrow = 0;
        for (int i = 0; i < difference.Length; i++)
        {
            ulong word = other[i], before = difference[i], after = before - word;
            difference[i] = after - borrow;
            borrow = (before < word ? 1UL : 0) | (after < borrow ? 1UL : 0);
        }
    }

    private static Scalar Read(ReadOnlySpan<byte> bytes)
    {
        Scalar scalar = default;
        for (int i = 0; i < Words; i++)
            scalar[i] = BinaryPrimitives.ReadUInt64BigEndian(bytes[(Size - (8 * (i + 1)))..]);
        return scalar;
    }

    private readonly bool IsOrderOrMore()
    {
        for (int i = Words - 1; i >= 0; i--)
        {
            if (this[i] != Order[i])
                return this[i] > Order[i];
        }
        return true;
    }

    // No number of 256 bits holds the order twice.
    private void SubtractOrder()
    {
        if (IsOrderOrMore())
            Subtract(this, Order);
    }
}
