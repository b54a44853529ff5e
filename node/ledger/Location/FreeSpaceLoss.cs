namespace AppChain.Ledger.Location;

/// <summary>What a radio signal loses at least on its way: nothing is received stronger than free space allows.</summary>
/// <remarks>
/// <c>20·log₁₀(metres) + 20·log₁₀(hertz) − 147.55 dB</c>, as <c>602060 · (L(m) + L(Hz)) / (65536 · 1000) − 14755</c> in hundredths of a dB,
/// where L is the logarithm to base 2 in 1/65536. It is rounded down, in favour of the receiver; the error is below 0.02 dB.
/// </remarks>
public static class FreeSpaceLoss
{
    private const int Bits = 16;

    /// <summary>The loss in hundredths of a decibel. Less than a metre counts as one, less than a hertz too.</summary>
    public static long CentiDb(ulong metres, ulong hertz) =>
        (602_060 * (Log2(ulong.Max(metres, 1)) + Log2(ulong.Max(hertz, 1))) / (65_536 * 1_000)) - 14_755;

    /// <summary>The logarithm to base 2 in 1/65536, to the nearest.</summary>
    /// <param name="value">Above zero.</param>
    internal static long Log2(ulong value)
    {
        Invariant.Check(value > 0, "a logarithm's number is above zero");
        int whole = (int)ulong.Log2(value);
        // The number as 1.… with 31 bits after the point. Squaring it doubles its logarithm: each time another bit comes before the point.
        ulong mantissa = whole <= 31 ? value << (31 - whole) : value >> (whole - 31);
        long logarithm = whole;
        for (int bit = 0; bit <= Bits; bit++)
        {
            mantissa = mantissa * mantissa >> 31;
            logarithm <<= 1;
            if (mantissa >> 32 != 0)
            {
                mantissa >>= 1;
                logarithm |= 1;
            }
        }
        return (logarithm + 1) >> 1;
    }
}
