using System;

namespace AppChain.Ledger.Location;

/// <summary>Distances along the ground, in integers.</summary>
/// <remarks>
/// Both points are placed in space on the WGS 84 ellipsoid, to a millimetre; the straight line between them is bent to an arc. Nothing is
/// special about the poles or the antimeridian. The error is below 0.002 % + 2 cm up to 1,000 km and below 0.7 % up to 15,000 km
/// (tested against Vincenty's formula); of nearly opposite points a straight line says little, and it reaches 5 %. Heights do not count.
/// </remarks>
public static class Distance
{
    private const long EquatorMm = 6_378_137_000;
    private const long MeanRadiusMm = 6_371_008_771;

    // The ellipsoid's squared eccentricity, and 1 minus it, in Trigonometry's fixed point.
    private const long Eccentricity2 = 7_360_548_640;
    private const long AxisRatio2 = Trigonometry.One - Eccentricity2;

    // Up to here the first term of the arc's series is exact to 3 · 10⁻⁶.
    private const long ShortChordMm = 1_000_000_000;

    /// <summary>The distance between two points in centimetres, rounded to the nearest.</summary>
    /// <exception cref="LedgerInvariantException">A point is not on Earth.</exception>
    public static long BetweenCm(GeoPoint from, GeoPoint to)
    {
        (long x, long y, long z) = InSpaceMm(from);
        (long toX, long toY, long toZ) = InSpaceMm(to);
        long chord = (long)Trigonometry.Root((UInt128)(Square(x - toX) + Square(y - toY) + Square(z - toZ)));
        return (ArcMm(chord) + 5) / 10;
    }

    private static (long X, long Y, long Z) InSpaceMm(GeoPoint point)
    {
        point.Check();
        long sine = Trigonometry.Sin(point.LatitudeE7), cosine = Trigonometry.Cos(point.LatitudeE7);
        long root = (long)Trigonometry.Root(
            (UInt128)(Trigonometry.One - Trigonometry.Multiply(Eccentricity2, Trigonometry.Multiply(sine, sine))) * Trigonometry.One);
        // The radius of curvature across the meridian.
        long normal = (long)((Int128)EquatorMm * Trigonometry.One / root);
        long acrossAxis = Trigonometry.Multiply(normal, cosine);
        return (
            Trigonometry.Multiply(acrossAxis, Trigonometry.Cos(point.LongitudeE7)),
            Trigonometry.Multiply(acrossAxis, Trigonometry.Sin(point.LongitudeE7)),
            Trigonometry.Multiply(Trigonometry.Multiply(normal, AxisRatio2), sine));
    }

    // c + c³ / 24R². A long chord is first replaced by that of half its arc, until it is short.
    private static long ArcMm(long chordMm)
    {
        long parts = 1;
        while (chordMm > ShortChordMm)
        {
            long half = long.Min(chordMm / 2, MeanRadiusMm);
            long rise = MeanRadiusMm - (long)Trigonometry.Root((UInt128)(Square(MeanRadiusMm) - Square(half)));
            chordMm = (long)Trigonometry.Root((UInt128)(Square(half) + Square(rise)));
            parts *= 2;
        }
        long bend = (long)(Square(chordMm) * chordMm / (24 * Square(MeanRadiusMm)));
        return parts * (chordMm + bend);
    }

    private static Int128 Square(long value) => (Int128)value * value;
}
