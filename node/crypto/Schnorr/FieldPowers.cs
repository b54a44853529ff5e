namespace AppChain.Crypto;

/// <summary>
/// The two powers that are needed: a square root is x to the (p + 1) / 4, since p = 3 modulo 4, and an inverse x to the p − 2 (Fermat). Both
/// exponents begin with 223 bits of one, then a zero, then 22 ones, and part after that.
/// </summary>
internal partial struct FieldLanes
{
    /// <summary>root = ±√element for those elements that are squares; the caller squares it to know. The element has size 1.</summary>
    public static void SquareRoot(ref FieldLanes root, ref FieldLanes element)
    {
        PowerOfOnes(ref root, ref element, out FieldLanes ones2);
        // … 0000 11 00
        SquareTimes(ref root, 6);
        Multiply(ref root, ref root, ref ones2);
        SquareTimes(ref root, 2);
    }

    /// <summary>inverse = 1 / element; zero for zero. The element has size 1.</summary>
    public static void Invert(ref FieldLanes inverse, ref FieldLanes element)
    {
        FieldLanes copy = element;
        PowerOfOnes(ref inverse, ref element, out FieldLanes ones2);
        // … 00001 011 01
        SquareTimes(ref inverse, 5);
        Multiply(ref inverse, ref inverse, ref copy);
        SquareTimes(ref inverse, 3);
        Multiply(ref inverse, ref inverse, ref ones2);
        SquareTimes(ref inverse, 2);
        Multiply(ref inverse, ref inverse, ref copy);
    }

    // x to 223 ones, a zero and 22 ones in binary: the runs double, 1 2 3 6 9 11 22 44 88 176 220 223.
    private static void PowerOfOnes(ref FieldLanes power, ref FieldLanes x, out FieldLanes ones2)
    {
        ones2 = Run(ref x, ref x, 1);
        FieldLanes ones3 = Run(ref ones2, ref x, 1);
        FieldLanes ones6 = Run(ref ones3, ref ones3, 3), ones9 = Run(ref ones6, ref ones3, 3), ones11 = Run(ref ones9, ref ones2, 2);
        FieldLanes ones22 = Run(ref ones11, ref ones11, 11), ones44 = Run(ref ones22, ref ones22, 22);
        FieldLanes ones88 = Run(ref ones44, ref ones44, 44), ones176 = Run(ref ones88, ref ones88, 88);
        FieldLanes ones220 = Run(ref ones176, ref ones44, 44), ones223 = Run(ref ones220, ref ones3, 3);
        power = Run(ref ones223, ref ones22, 23);
    }

    // The run of ones moved up by so many bits, and another in the place that they leave.
    private static FieldLanes Run(ref FieldLanes upper, ref FieldLanes lower, int bits)
    {
        FieldLanes run = upper;
        SquareTimes(ref run, bits);
        Multiply(ref run, ref run, ref lower);
        return run;
    }

    private static void SquareTimes(ref FieldLanes element, int times)
    {
        for (int i = 0; i < times; i++)
            Square(ref element, ref element);
    }
}
