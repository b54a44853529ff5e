using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AppChain.Crypto;

/// <summary>
/// Products: all of a column's partial products at once, the upper ten columns first, which are then folded into the lower ten by
/// 2²⁶⁰ = 2³⁶ + 15632. Each column is stored as soon as it is carried: the ten limbs of one factor, a sum and its next term then fit
/// the sixteen registers, and nothing is spilled. Unrolled by hand for that reason.
/// </summary>
internal unsafe partial struct FieldLanes
{
    /// <summary>product = left · right, the sizes of both multiplying to less than <see cref="SizesMax"/>. Gives size 1. All may be one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining), SkipLocalsInit]
    public static void Multiply(ref FieldLanes product, ref FieldLanes left, ref FieldLanes right)
    {
        Vector256<ulong>* high = stackalloc Vector256<ulong>[2 * Limbs], low = high + Limbs;
        Vector256<ulong> mask = Vector256.Create(LimbMask), c;
        Vector256<uint> fold = Vector256.Create(Fold0Of260).AsUInt32();
        fixed (FieldLanes* lefts = &left, rights = &right)
        {
            Vector256<uint>* a = (Vector256<uint>*)lefts, b = (Vector256<uint>*)rights;
            Vector256<uint> a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3], a4 = a[4];
            Vector256<uint> a5 = a[5], a6 = a[6], a7 = a[7], a8 = a[8], a9 = a[9];

            c = Avx2.Multiply(a1, b[9]) + Avx2.Multiply(a2, b[8]) + Avx2.Multiply(a3, b[7]) + Avx2.Multiply(a4, b[6])
                + Avx2.Multiply(a5, b[5]) + Avx2.Multiply(a6, b[4]) + Avx2.Multiply(a7, b[3]) + Avx2.Multiply(a8, b[2])
                + Avx2.Multiply(a9, b[1]);
            high[0] = c & mask;
            c = Avx2.Multiply(a2, b[9]) + Avx2.Multiply(a3, b[8]) + Avx2.Multiply(a4, b[7]) + Avx2.Multiply(a5, b[6])
                + Avx2.Multiply(a6, b[5]) + Avx2.Multiply(a7, b[4]) + Avx2.Multiply(a8, b[3]) + Avx2.Multiply(a9, b[2]) + (c >>> LimbBits);
            high[1] = c & mask;
            c = Avx2.Multiply(a3, b[9]) + Avx2.Multiply(a4, b[8]) + Avx2.Multiply(a5, b[7]) + Avx2.Multiply(a6, b[6])
                + Avx2.Multiply(a7, b[5]) + Avx2.Multiply(a8, b[4]) + Avx2.Multiply(a9, b[3]) + (c >>> LimbBits);
            high[2] = c & mask;
            c = Avx2.Multiply(a4, b[9]) + Avx2.Multiply(a5, b[8]) + Avx2.Multiply(a6, b[7]) + Avx2.Multiply(a7, b[6])
                + Avx2.Multiply(a8, b[5]) + Avx2.Multiply(a9, b[4]) + (c >>> LimbBits);
            high[3] = c & mask;
            c = Avx2.Multiply(a5, b[9]) + Avx2.Multiply(a6, b[8]) + Avx2.Multiply(a7, b[7]) + Avx2.Multiply(a8, b[6])
                + Avx2.Multiply(a9, b[5]) + (c >>> LimbBits);
            high[4] = c & mask;
            c = Avx2.Multiply(a6, b[9]) + Avx2.Multiply(a7, b[8]) + Avx2.Multiply(a8, b[7]) + Avx2.Multiply(a9, b[6]) + (c >>> LimbBits);
            high[5] = c & mask;
            c = Avx2.Multiply(a7, b[9]) + Avx2.Multiply(a8, b[8]) + Avx2.Multiply(a9, b[7]) + (c >>> LimbBits);
            high[6] = c & mask;
            c = Avx2.Multiply(a8, b[9]) + Avx2.Multiply(a9, b[8]) + (c >>> LimbBits);
            high[7] = c & mask;
            c = Avx2.Multiply(a9, b[9]) + (c >>> LimbBits);
            high[8] = c & mask;
            high[9] = c >>> LimbBits;

            c = Avx2.Multiply(a0, b[0]) + Avx2.Multiply(high[0].AsUInt32(), fold);
            low[0] = c & mask;
            c = Avx2.Multiply(a0, b[1]) + Avx2.Multiply(a1, b[0])
                + Avx2.Multiply(high[1].AsUInt32(), fold) + (high[0] << Fold1BitsOf260) + (c >>> LimbBits);
            low[1] = c & mask;
            c = Avx2.Multiply(a0, b[2]) + Avx2.Multiply(a1, b[1]) + Avx2.Multiply(a2, b[0])
                + Avx2.Multiply(high[2].AsUInt32(), fold) + (high[1] << Fold1BitsOf260) + (c >>> LimbBits);
            low[2] = c & mask;
            c = Avx2.Multiply(a0, b[3]) + Avx2.Multiply(a1, b[2]) + Avx2.Multiply(a2, b[1]) + Avx2.Multiply(a3, b[0])
                + Avx2.Multiply(high[3].AsUInt32(), fold) + (high[2] << Fold1BitsOf260) + (c >>> LimbBits);
            low[3] = c & mask;
            c = Avx2.Multiply(a0, b[4]) + Avx2.Multiply(a1, b[3]) + Avx2.Multiply(a2, b[2]) + Avx2.Multiply(a3, b[1])
                + Avx2.Multiply(a4, b[0])
                + Avx2.Multiply(high[4].AsUInt32(), fold) + (high[3] << Fold1BitsOf260) + (c >>> LimbBits);
            low[4] = c & mask;
            c = Avx2.Multiply(a0, b[5]) + Avx2.Multiply(a1, b[4]) + Avx2.Multiply(a2, b[3]) + Avx2.Multiply(a3, b[2])
                + Avx2.Multiply(a4, b[1]) + Avx2.Multiply(a5, b[0])
                + Avx2.Multiply(high[5].AsUInt32(), fold) + (high[4] << Fold1BitsOf260) + (c >>> LimbBits);
            low[5] = c & mask;
            c = Avx2.Multiply(a0, b[6]) + Avx2.Multiply(a1, b[5]) + Avx2.Multiply(a2, b[4]) + Avx2.Multiply(a3, b[3])
                + Avx2.Multiply(a4, b[2]) + Avx2.Multiply(a5, b[1]) + Avx2.Multiply(a6, b[0])
                + Avx2.Multiply(high[6].AsUInt32(), fold) + (high[5] << Fold1BitsOf260) + (c >>> LimbBits);
            low[6] = c & mask;
            c = Avx2.Multiply(a0, b[7]) + Avx2.Multiply(a1, b[6]) + Avx2.Multiply(a2, b[5]) + Avx2.Multiply(a3, b[4])
                + Avx2.Multiply(a4, b[3]) + Avx2.Multiply(a5, b[2]) + Avx2.Multiply(a6, b[1]) + Avx2.Multiply(a7, b[0])
                + Avx2.Multiply(high[7].AsUInt32(), fold) + (high[6] << Fold1BitsOf260) + (c >>> LimbBits);
            low[7] = c & mask;
            c = Avx2.Multiply(a0, b[8]) + Avx2.Multiply(a1, b[7]) + Avx2.Multiply(a2, b[6]) + Avx2.Multiply(a3, b[5])
                + Avx2.Multiply(a4, b[4]) + Avx2.Multiply(a5, b[3]) + Avx2.Multiply(a6, b[2]) + Avx2.Multiply(a7, b[1])
                + Avx2.Multiply(a8, b[0])
                + Avx2.Multiply(high[8].AsUInt32(), fold) + (high[7] << Fold1BitsOf260) + (c >>> LimbBits);
            low[8] = c & mask;
            c = Avx2.Multiply(a0, b[9]) + Avx2.Multiply(a1, b[8]) + Avx2.Multiply(a2, b[7]) + Avx2.Multiply(a3, b[6])
                + Avx2.Multiply(a4, b[5]) + Avx2.Multiply(a5, b[4]) + Avx2.Multiply(a6, b[3]) + Avx2.Multiply(a7, b[2])
                + Avx2.Multiply(a8, b[1]) + Avx2.Multiply(a9, b[0])
                + Avx2.Multiply(high[9].AsUInt32(), fold) + (high[8] << Fold1BitsOf260) + (c >>> LimbBits);
            low[9] = c & mask;
        }
        Settle(ref product, low, (high[9] << Fold1BitsOf260) + (c >>> LimbBits));
    }

    /// <summary>square = element², where the size of the element is below 8. Gives size 1. Both may be one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining), SkipLocalsInit]
    public static void Square(ref FieldLanes square, ref FieldLanes element)
    {
        Vector256<ulong>* high = stackalloc Vector256<ulong>[2 * Limbs], low = high + Limbs;
        Vector256<ulong> mask = Vector256.Create(LimbMask), c, carry;
        Vector256<uint> fold = Vector256.Create(Fold0Of260).AsUInt32();
        fixed (FieldLanes* elements = &element)
        {
            var a = (Vector256<uint>*)elements;
            Vector256<uint> a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3], a4 = a[4];
            Vector256<uint> a5 = a[5], a6 = a[6], a7 = a[7], a8 = a[8], a9 = a[9];

            c = Avx2.Multiply(a1, a9) + Avx2.Multiply(a2, a8) + Avx2.Multiply(a3, a7) + Avx2.Multiply(a4, a6);
            c = (c << 1) + Avx2.Multiply(a5, a5);
            high[0] = c & mask;
            carry = c >>> LimbBits;
            c = Avx2.Multiply(a2, a9) + Avx2.Multiply(a3, a8) + Avx2.Multiply(a4, a7) + Avx2.Multiply(a5, a6);
            c = (c << 1) + carry;
            high[1] = c & mask;
            carry = c >>> LimbBits;
            c = Avx2.Multiply(a3, a9) + Avx2.Multiply(a4, a8) + Avx2.Multiply(a5, a7);
            c = (c << 1) + Avx2.Multiply(a6, a6) + carry;
            high[2] = c & mask;
            carry = c >>> LimbBits;
            c = Avx2.Multiply(a4, a9) + Avx2.Multiply(a5, a8) + Avx2.Multiply(a6, a7);
            c = (c << 1) + carry;
            high[3] = c & mask;
            carry = c >>> LimbBits;
            c = Avx2.Multiply(a5, a9) + Avx2.Multiply(a6, a8);
            c = (c << 1) + Avx2.Multiply(a7, a7) + carry;
            high[4] = c & mask;
            carry = c >>> LimbBits;
            c = Avx2.Multiply(a6, a9) + Avx2.Multiply(a7, a8);
            c = (c << 1) + carry;
            high[5] = c & mask;
            carry = c >>> LimbBits;
            c = Avx2.Multiply(a7, a9);
            c = (c << 1) + Avx2.Multiply(a8, a8) + carry;
            high[6] = c & mask;
            carry = c >>> LimbBits;
            c = Avx2.Multiply(a8, a9);
            c = (c << 1) + carry;
            high[7] = c & mask;
            carry = c >>> LimbBits;
            c = Avx2.Multiply(a9, a9) + carry;
            high[8] = c & mask;
            high[9] = c >>> LimbBits;

            c = Avx2.Multiply(a0, a0) + Avx2.Multiply(high[0].AsUInt32(), fold);
            low[0] = c & mask;
            carry = c >>> LimbBits;
            c = Avx2.Multiply(a0, a1);
            c = (c << 1) + Avx2.Multiply(high[1].AsUInt32(), fold) + (high[0] << Fold1BitsOf260) + carry;
            low[1] = c & mask;
            carry = c >>> LimbBits;
            c = Avx2.Multiply(a0, a2);
            c = (c << 1) + Avx2.Multiply(a1, a1)
                + Avx2.Multiply(high[2].AsUInt32(), fold) + (high[1] << Fold1BitsOf260) + carry;
            low[2] = c & mask;
            carry = c >>> LimbBits;
            c = Avx2.Multiply(a0, a3) + Avx2.Multiply(a1, a2);
            c = (c << 1) + Avx2.Multiply(high[3].AsUInt32(), fold) + (high[2] << Fold1BitsOf260) + carry;
            low[3] = c & mask;
            carry = c >>> LimbBits;
            c = Avx2.Multiply(a0, a4) + Avx2.Multiply(a1, a3);
            c = (c << 1) + Avx2.Multiply(a2, a2)
                + Avx2.Multiply(high[4].AsUInt32(), fold) + (high[3] << Fold1BitsOf260) + carry;
            low[4] = c & mask;
            carry = c >>> LimbBits;
            c = Avx2.Multiply(a0, a5) + Avx2.Multiply(a1, a4) + Avx2.Multiply(a2, a3);
            c = (c << 1) + Avx2.Multiply(high[5].AsUInt32(), fold) + (high[4] << Fold1BitsOf260) + carry;
            low[5] = c & mask;
            carry = c >>> LimbBits;
            c = Avx2.Multiply(a0, a6) + Avx2.Multiply(a1, a5) + Avx2.Multiply(a2, a4);
            c = (c << 1) + Avx2.Multiply(a3, a3)
                + Avx2.Multiply(high[6].AsUInt32(), fold) + (high[5] << Fold1BitsOf260) + carry;
            low[6] = c & mask;
            carry = c >>> LimbBits;
            c = Avx2.Multiply(a0, a7) + Avx2.Multiply(a1, a6) + Avx2.Multiply(a2, a5) + Avx2.Multiply(a3, a4);
            c = (c << 1) + Avx2.Multiply(high[7].AsUInt32(), fold) + (high[6] << Fold1BitsOf260) + carry;
            low[7] = c & mask;
            carry = c >>> LimbBits;
            c = Avx2.Multiply(a0, a8) + Avx2.Multiply(a1, a7) + Avx2.Multiply(a2, a6) + Avx2.Multiply(a3, a5);
            c = (c << 1) + Avx2.Multiply(a4, a4)
                + Avx2.Multiply(high[8].AsUInt32(), fold) + (high[7] << Fold1BitsOf260) + carry;
            low[8] = c & mask;
            carry = c >>> LimbBits;
            c = Avx2.Multiply(a0, a9) + Avx2.Multiply(a1, a8) + Avx2.Multiply(a2, a7) + Avx2.Multiply(a3, a6)
                + Avx2.Multiply(a4, a5);
            c = (c << 1) + Avx2.Multiply(high[9].AsUInt32(), fold) + (high[8] << Fold1BitsOf260) + carry;
            low[9] = c & mask;
        }
        Settle(ref square, low, (high[9] << Fold1BitsOf260) + (c >>> LimbBits));
    }

    // What is left is of weight 2²⁶⁰ and up to 42 bits: folded as two limbs, the second of which is small, its carries end in the fourth limb.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Settle(ref FieldLanes result, Vector256<ulong>* low, Vector256<ulong> excess)
    {
        Vector256<ulong> mask = Vector256.Create(LimbMask), lower = excess & mask, upper = excess >>> LimbBits;
        Vector256<uint> fold = Vector256.Create(Fold0Of260).AsUInt32();
        Vector256<ulong> c0 = low[0] + Avx2.Multiply(lower.AsUInt32(), fold);
        Vector256<ulong> c1 = low[1] + Avx2.Multiply(upper.AsUInt32(), fold) + (lower << Fold1BitsOf260) + (c0 >>> LimbBits);
        Vector256<ulong> c2 = low[2] + (upper << Fold1BitsOf260) + (c1 >>> LimbBits);
        result[0] = c0 & mask;
        result[1] = c1 & mask;
        result[2] = c2 & mask;
        result[3] = low[3] + (c2 >>> LimbBits);
        for (int i = 4; i < Limbs; i++)
            result[i] = low[i];
    }
}
