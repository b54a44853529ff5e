using System;

namespace AppChain.Ledger.Location;

/// <summary>Sine, cosine and square root in integers: every node must compute the same. Fixed point with 40 bits after the point.</summary>
/// <remarks>A table of whole degrees; between them the addition theorem with a Taylor series. The error is below 4 · 10⁻¹².</remarks>
internal static class Trigonometry
{
    /// <summary>1 in this fixed point.</summary>
    public const long One = 1L << Bits;

    private const int Bits = 40;
    private const long DegreeE7 = 10_000_000;

    // π / (1.8 · 10⁹) · 2⁶⁸: 10⁻⁷ degrees to radians.
    private const long RadiansE7 = 515_130_272_574;
    private const int RadiansShift = 68 - Bits;

    // sin n° · 2⁴⁰ for n = 0 … 90.
    private static ReadOnlySpan<long> Sines =>
    [
        0, 19_189_123_810, 38_372_402_428, 57_543_992_440, 76_698_053_994, 95_828_752_579, 114_930_260_796,
        133_996_760_143, 153_022_442_779, 172_001_513_297, 190_928_190_487, 209_796_709_101, 228_601_321_605, 247_336_299_932,
        265_995_937_225, 284_574_549_580, 303_066_477_770, 321_466_088_975, 339_767_778_496, 357_965_971_459, 376_055_124_520,
        394_029_727_547, 411_884_305_302, 429_613_419_108, 447_211_668_504, 464_673_692_894, 481_994_173_176, 499_167_833_363,
        516_189_442_193, 533_053_814_719, 549_755_813_888, 566_290_352_111, 582_652_392_807, 598_836_951_940, 614_839_099_536,
        630_653_961_186, 646_276_719_531, 661_702_615_726, 676_926_950_894, 691_945_087_556, 706_752_451_041, 721_344_530_882,
        735_716_882_192, 749_865_127_013, 763_784_955_652, 777_472_127_994, 790_922_474_794, 804_131_898_947, 817_096_376_734,
        829_811_959_049, 842_274_772_603, 854_481_021_101, 866_426_986_403, 878_109_029_652, 889_523_592_384, 900_667_197_612,
        911_536_450_887, 922_128_041_329, 932_438_742_637, 942_465_414_071, 952_205_001_410, 961_654_537_882, 970_811_145_065,
        979_672_033_769, 988_234_504_882, 996_495_950_191, 1_004_453_853_180, 1_012_105_789_795, 1_019_449_429_182, 1_026_482_534_398,
        1_033_202_963_089, 1_039_608_668_150, 1_045_697_698_339, 1_051_468_198_879, 1_056_918_412_020, 1_062_046_677_574, 1_066_851_433_422,
        1_071_331_215_988, 1_075_484_660_688, 1_079_310_502_342, 1_082_807_575_561, 1_085_974_815_103, 1_088_811_256_197, 1_091_316_034_834,
        1_093_488_388_035, 1_095_327_654_081, 1_096_833_272_712, 1_098_004_785_303, 1_098_841_835_000, 1_099_344_166_829, 1_099_511_627_776,
    ];

    /// <summary>The sine of any angle in 10⁻⁷ degrees.</summary>
    public static long Sin(long angleE7)
    {
        const long half = 2 * GeoPoint.QuarterTurn;
        long angle = Turn(angleE7);
        bool negative = angle >= half;
        if (negative)
            angle -= half;
        long sine = SinOfQuarter(angle > GeoPoint.QuarterTurn ? half - angle : angle);
        return negative ? -sine : sine;
    }

    /// <summary>The cosine of any angle in 10⁻⁷ degrees.</summary>
    public static long Cos(long angleE7) => Sin(Turn(angleE7) + GeoPoint.QuarterTurn);

    /// <summary>The same angle from 0 up to a full turn.</summary>
    public static long Turn(Int128 angleE7)
    {
        var turn = (long)(angleE7 % GeoPoint.FullTurn);
        return turn < 0 ? turn + GeoPoint.FullTurn : turn;
    }

    /// <summary>The product of two numbers in this fixed point, or of one with a whole number; rounded down.</summary>
    public static long Multiply(long left, long right) => (long)((Int128)left * right >> Bits);

    /// <summary>The square root, rounded down.</summary>
    public static ulong Root(UInt128 square)
    {
        if (square == 0)
            return 0;
        // Newton's method from above: it falls until it has the root.
        UInt128 root = UInt128.One << (int)((129 - (uint)UInt128.LeadingZeroCount(square)) / 2);
        while (true)
        {
            UInt128 next = (root + (square / root)) >> 1;
            if (next >= root)
                return (ulong)root;
            root = next;
        }
    }

    // 0 to 90°.
    private static long SinOfQuarter(long angleE7)
    {
        int degree = (int)((angleE7 + (DegreeE7 / 2)) / DegreeE7);
        long rest = (angleE7 - (degree * DegreeE7)) * RadiansE7 >> RadiansShift;
        long square = Multiply(rest, rest);
        long sinRest = rest - (Multiply(rest, square) / 6);
        long cosRest = One - (square / 2) + (Multiply(square, square) / 24);
        return Multiply(Sines[degree], cosRest) + Multiply(Sines[90 - degree], sinRest);
    }
}
