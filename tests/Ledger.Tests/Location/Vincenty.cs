using AppChain.Ledger.Location;

namespace AppChain.Tests.Ledger.Location;

/// <summary>Vincenty's inverse formula on the WGS 84 ellipsoid (1975): half a millimetre, in floating point. Not for nearly opposite
/// points.</summary>
internal static class Vincenty
{
    private const double A = 6_378_137, F = 1 / 298.257223563, B = A * (1 - F);

    public static double Metres(GeoPoint from, GeoPoint to)
    {
        double u1 = Math.Atan((1 - F) * Math.Tan(Places.Radians(from.LatitudeE7)));
        double u2 = Math.Atan((1 - F) * Math.Tan(Places.Radians(to.LatitudeE7)));
        double l = Places.Radians(to.LongitudeE7) - Places.Radians(from.LongitudeE7), lambda = l;
        (double sinU1, double cosU1) = Math.SinCos(u1);
        (double sinU2, double cosU2) = Math.SinCos(u2);
        for (int i = 0; i < 200; i++)
        {
            (double sinL, double cosL) = Math.SinCos(lambda);
            double across = cosU2 * sinL, along = (cosU1 * sinU2) - (sinU1 * cosU2 * cosL);
            double sinSigma = Math.Sqrt((across * across) + (along * along));
            if (sinSigma == 0)
                return 0;
            double cosSigma = (sinU1 * sinU2) + (cosU1 * cosU2 * cosL), sigma = Math.Atan2(sinSigma, cosSigma);
            double sinAlpha = cosU1 * cosU2 * sinL / sinSigma, cosAlpha2 = 1 - (sinAlpha * sinAlpha);
            double cosMiddle = cosAlpha2 == 0 ? 0 : cosSigma - (2 * sinU1 * sinU2 / cosAlpha2);
            double c = F / 16 * cosAlpha2 * (4 + (F * (4 - (3 * cosAlpha2))));
            double before = lambda;
            double bracket = cosMiddle + (c * cosSigma * ((2 * cosMiddle * cosMiddle) - 1));
            lambda = l + ((1 - c) * F * sinAlpha * (sigma + (c * sinSigma * bracket)));
            if (Math.Abs(lambda - before) > 1e-13)
                continue;
            double square = cosAlpha2 * ((A * A) - (B * B)) / (B * B);
            double a = 1 + (square / 16384 * (4096 + (square * (-768 + (square * (320 - (175 * square)))))));
            double b = square / 1024 * (256 + (square * (-128 + (square * (74 - (47 * square))))));
            double m2 = cosMiddle * cosMiddle;
            double delta = b * sinSigma * (cosMiddle + (b / 4 * ((cosSigma * ((2 * m2) - 1))
                - (b / 6 * cosMiddle * ((4 * sinSigma * sinSigma) - 3) * ((4 * m2) - 3)))));
            return B * a * (sigma - delta);
        }
        throw new InvalidOperationException("The points are nearly opposite.");
    }
}
