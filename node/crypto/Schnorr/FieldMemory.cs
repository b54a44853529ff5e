using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AppChain.Crypto;

/// <summary>An element of the field as it lies in memory: ten limbs of 26 bits, in 32 bits each.</summary>
[InlineArray(FieldLanes.Limbs)]
internal struct FieldWords
{
    private const ulong PrimeLow = 0xFFFFFFFEFFFFFC2F; // the other 192 bits of p are ones

    private uint first;

    /// <summary>Reads 32 bytes, the highest first; false if they are p or more.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out FieldWords words)
    {
        words = default;
        ulong w3 = BinaryPrimitives.ReadUInt64BigEndian(bytes), w2 = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        ulong w1 = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]), w0 = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..32]);
        if ((w3 & w2 & w1) == ulong.MaxValue && w0 >= PrimeLow)
            return false;
        const uint Mask = (uint)FieldLanes.LimbMask;
        words[0] = (uint)w0 & Mask;
        words[1] = (uint)(w0 >> 26) & Mask;
        words[2] = (uint)((w0 >> 52) | (w1 << 12)) & Mask;
        words[3] = (uint)(w1 >> 14) & Mask;
        words[4] = (uint)((w1 >> 40) | (w2 << 24)) & Mask;
        words[5] = (uint)(w2 >> 2) & Mask;
        words[6] = (uint)(w2 >> 28) & Mask;
        words[7] = (uint)((w2 >> 54) | (w3 << 10)) & Mask;
        words[8] = (uint)(w3 >> 16) & Mask;
        words[9] = (uint)(w3 >> 42);
        return true;
    }

    /// <summary>−element, where the size of the element is at most 7. Gives size 8, and never a limb above that of the bias.</summary>
    public readonly FieldWords Negate()
    {
        FieldWords negative = default;
        for (int i = 0; i < FieldLanes.Limbs; i++)
            negative[i] = (uint)FieldLanes.Bias(i) - this[i];
        return negative;
    }

    public readonly bool Equals(in FieldWords other) => ((ReadOnlySpan<uint>)this).SequenceEqual(other);
}

/// <summary>The way from memory into lanes and back: four rows of ten limbs become ten columns of four lanes.</summary>
internal partial struct FieldLanes
{
    /// <summary>Loads four elements, each to its lane.</summary>
    public void Load(in FieldWords lane0, in FieldWords lane1, in FieldWords lane2, in FieldWords lane3)
    {
        // Limbs in pairs, as 64 bits.
        Vector256<ulong> a = Row(in lane0), b = Row(in lane1), c = Row(in lane2), d = Row(in lane3);
        Vector256<ulong> abLow = Avx2.UnpackLow(a, b), abHigh = Avx2.UnpackHigh(a, b);
        Vector256<ulong> cdLow = Avx2.UnpackLow(c, d), cdHigh = Avx2.UnpackHigh(c, d);
        Split(0, Avx2.Permute2x128(abLow, cdLow, 0x20));
        Split(2, Avx2.Permute2x128(abHigh, cdHigh, 0x20));
        Split(4, Avx2.Permute2x128(abLow, cdLow, 0x31));
        Split(6, Avx2.Permute2x128(abHigh, cdHigh, 0x31));
        Split(8, Vector256.Create(LastPair(in lane0), LastPair(in lane1), LastPair(in lane2), LastPair(in lane3)));
    }

    /// <summary>Stores four elements whose limbs are below 2³².</summary>
    public readonly void Store(out FieldWords lane0, out FieldWords lane1, out FieldWords lane2, out FieldWords lane3)
    {
        Vector256<ulong> p0 = Pair(0), p2 = Pair(2), p4 = Pair(4), p6 = Pair(6), p8 = Pair(8);
        Vector256<ulong> low = Avx2.UnpackLow(p0, p2), lowNext = Avx2.UnpackLow(p4, p6);
        Vector256<ulong> high = Avx2.UnpackHigh(p0, p2), highNext = Avx2.UnpackHigh(p4, p6);
        Put(out lane0, Avx2.Permute2x128(low, lowNext, 0x20), p8[0]);
        Put(out lane1, Avx2.Permute2x128(high, highNext, 0x20), p8[1]);
        Put(out lane2, Avx2.Permute2x128(low, lowNext, 0x31), p8[2]);
        Put(out lane3, Avx2.Permute2x128(high, highNext, 0x31), p8[3]);
    }

    private void Split(int limb, Vector256<ulong> pairs)
    {
        this[limb] = pairs & Vector256.Create((ulong)uint.MaxValue);
        this[limb + 1] = pairs >>> 32;
    }

    private readonly Vector256<ulong> Pair(int limb) => this[limb] | (this[limb + 1] << 32);

    private static Vector256<ulong> Row(in FieldWords words) =>
        Vector256.LoadUnsafe(ref Unsafe.As<FieldWords, uint>(ref Unsafe.AsRef(in words))).AsUInt64();

    private static ulong LastPair(in FieldWords words) =>
        Unsafe.ReadUnaligned<ulong>(ref Unsafe.As<uint, byte>(ref Unsafe.AsRef(in words[8])));

    private static void Put(out FieldWords words, Vector256<ulong> row, ulong last)
    {
        Unsafe.SkipInit(out words);
        ref uint start = ref Unsafe.As<FieldWords, uint>(ref words);
        row.AsUInt32().StoreUnsafe(ref start);
        Unsafe.WriteUnaligned(ref Unsafe.As<uint, byte>(ref Unsafe.Add(ref start, 8)), last);
    }
}
