using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AppChain.Crypto;

/// <summary>
/// Four elements of secp256k1's field, one in each lane of ten vectors; for verification only, whose data are public.
/// An element is ten limbs of 26 bits, the lowest first, modulo p = 2²⁵⁶ − 0x1000003D1. Limbs may be larger for a while, so that sums carry
/// nothing: the <em>size</em> of an element is its largest limb over 2²⁶. Products have size 1, and ask that the sizes of their two
/// factors multiply to less than <see cref="SizesMax"/>; each method says what it asks for and what it gives.
/// </summary>
[InlineArray(Limbs)]
internal partial struct FieldLanes
{
    public const int Limbs = 10;
    public const int LimbBits = 26;

    /// <summary>Elements that are computed with at once.</summary>
    public const int Count = 4;

    /// <summary>Above this the tenth carry of a product leaves the 32 bits that a lane multiplies.</summary>
    public const int SizesMax = 64;

    public const ulong LimbMask = (1UL << LimbBits) - 1;

    // p has 256 bits, ten limbs have 260: the last limb of a reduced element has 22 bits.
    private const int LastBits = 256 - ((Limbs - 1) * LimbBits);
    private const ulong LastMask = (1UL << LastBits) - 1;

    // 2²⁵⁶ = 2³² + 977 modulo p, as limbs: 977 of the first and 2⁶ of the second.
    private const ulong Fold0 = 977;
    private const int Fold1Bits = 6;

    // 2²⁶⁰ likewise: 16 · 977 of the first and 2¹⁰ of the second.
    private const ulong Fold0Of260 = 16 * Fold0;
    private const int Fold1BitsOf260 = Fold1Bits + 4;

    // 128 p in limbs that are all close to 8 · 2²⁶: whatever has a size up to 7 can be taken from it without a borrow.
    private const ulong BiasLimb = 8 * LimbMask;
    private const ulong BiasLimb0 = BiasLimb - ((128 * Fold0) - 8);
    private const ulong BiasLimb1 = BiasLimb - (128 << Fold1Bits);

    private Vector256<ulong> first;

    /// <summary>True where these lanes exist. Elsewhere signatures are verified one by one.</summary>
    public static bool IsSupported => Avx2.IsSupported;

    /// <summary>The limb of 128 p that a subtraction adds, for those who subtract elsewhere.</summary>
    public static ulong Bias(int limb) => limb switch { 0 => BiasLimb0, 1 => BiasLimb1, _ => BiasLimb };

    /// <summary>The same small number in all lanes.</summary>
    public static FieldLanes Of(uint number)
    {
        FieldLanes element = default;
        element[0] = Vector256.Create((ulong)number);
        return element;
    }

    /// <summary>sum = left + right. Sizes add up.</summary>
    public static void Add(ref FieldLanes sum, ref FieldLanes left, ref FieldLanes right)
    {
        for (int i = 0; i < Limbs; i++)
            sum[i] = left[i] + right[i];
    }

    /// <summary>difference = left − right, where right's size is at most 7, or right is <see cref="FieldWords.Negate"/>d. Gives left's size and 8.</summary>
    public static void Subtract(ref FieldLanes difference, ref FieldLanes left, ref FieldLanes right)
    {
        difference[0] = left[0] + (Vector256.Create(BiasLimb0) - right[0]);
        difference[1] = left[1] + (Vector256.Create(BiasLimb1) - right[1]);
        Vector256<ulong> bias = Vector256.Create(BiasLimb);
        for (int i = 2; i < Limbs; i++)
            difference[i] = left[i] + (bias - right[i]);
    }

    /// <summary>product = element · number. Sizes multiply with it.</summary>
    public static void Times(ref FieldLanes product, ref FieldLanes element, uint number)
    {
        Vector256<uint> factor = Vector256.Create((ulong)number).AsUInt32();
        for (int i = 0; i < Limbs; i++)
            product[i] = Avx2.Multiply(element[i].AsUInt32(), factor);
    }

    /// <summary>Where the mask is all ones takes the other element, lane by lane.</summary>
    public void Take(ref FieldLanes other, Vector256<ulong> mask)
    {
        for (int i = 0; i < Limbs; i++)
            this[i] = Vector256.ConditionalSelect(mask, other[i], this[i]);
    }

    /// <summary>Brings any size below 2⁸ to 1 and a sixteenth at most, every limb handing its excess to the next at once. Not reduced.</summary>
    public void Shrink()
    {
        Vector256<ulong> mask = Vector256.Create(LimbMask), excess = this[Limbs - 1] >>> LimbBits;
        for (int i = Limbs - 1; i > 0; i--)
            this[i] = (this[i] & mask) + (this[i - 1] >>> LimbBits);
        this[0] = (this[0] & mask) + Avx2.Multiply(excess.AsUInt32(), Vector256.Create(Fold0Of260).AsUInt32());
        this[1] += excess << Fold1BitsOf260;
    }

    /// <summary>Brings any size below 2⁶ to the one way to write the element: below p, limbs below 2²⁶.</summary>
    public void Reduce()
    {
        // The first fold leaves less than 2²⁵⁶ + 2⁴³. The second carries every limb out, unless it has to fold a bit that is still above.
        CarryAndFold();
        Vector256<ulong> folded = CarryAndFold();
        if (folded != Vector256<ulong>.Zero || Vector256.EqualsAny(this[Limbs - 1], Vector256.Create(LastMask)))
            SubtractPrime();
    }

    /// <summary>A bit for each lane whose element is zero. The elements are reduced.</summary>
    public readonly int IsZero()
    {
        Vector256<ulong> bits = this[0];
        for (int i = 1; i < Limbs; i++)
            bits |= this[i];
        return (int)Vector256.Equals(bits, Vector256<ulong>.Zero).ExtractMostSignificantBits();
    }

    /// <summary>All ones in the lanes whose element is odd. The elements are reduced.</summary>
    public readonly Vector256<ulong> IsOdd() => Vector256.Equals(this[0] & Vector256<ulong>.One, Vector256<ulong>.One);

    private Vector256<ulong> CarryAndFold()
    {
        Carry();
        Vector256<ulong> excess = this[Limbs - 1] >>> LastBits;
        this[Limbs - 1] &= Vector256.Create(LastMask);
        this[0] += Avx2.Multiply(excess.AsUInt32(), Vector256.Create(Fold0).AsUInt32());
        this[1] += excess << Fold1Bits;
        return excess;
    }

    private void Carry()
    {
        Vector256<ulong> mask = Vector256.Create(LimbMask);
        for (int i = 0; i < Limbs - 1; i++)
        {
            this[i + 1] += this[i] >>> LimbBits;
            this[i] &= mask;
        }
    }

    // One in a million elements comes here: those of which one lane may be p or more. It is if adding 2²⁵⁶ − p carries out of 256 bits.
    private void SubtractPrime()
    {
        Carry();
        FieldLanes rest = this;
        rest[0] += Vector256.Create(Fold0);
        rest[1] += Vector256.Create(1UL << Fold1Bits);
        rest.Carry();
        Vector256<ulong> isPrimeOrMore = Vector256.GreaterThan(rest[Limbs - 1], Vector256.Create(LastMask));
        rest[Limbs - 1] &= Vector256.Create(LastMask);
        Take(ref rest, isPrimeOrMore);
    }
}
