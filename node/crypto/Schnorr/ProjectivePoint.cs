using System.Runtime.Intrinsics;

namespace AppChain.Crypto;

/// <summary>
/// Four points of secp256k1 in projective coordinates, one in each lane; the one at infinity is (0 : 1 : 0). The formulas are complete
/// (Renes, Costello, Batina: "Complete addition formulas for prime order elliptic curves", 2016, algorithms 7 and 9): no pair of points is an
/// exception, so nothing is compared.
/// </summary>
internal struct ProjectivePoint
{
    // Three times the 7 of y² = x³ + 7.
    private const uint ThreeB = 21;

    public FieldLanes X;
    public FieldLanes Y;
    public FieldLanes Z;

    /// <summary>The point at infinity in all lanes.</summary>
    public static ProjectivePoint Infinity => new() { Y = FieldLanes.Of(1) };

    /// <summary>Doubles all four.</summary>
    public void Double()
    {
        FieldLanes yy = default, y8 = default, yz = default, zz = default, xy = default, sum = default, rest = default;
        FieldLanes.Square(ref yy, ref Y);
        FieldLanes.Times(ref y8, ref yy, 8);
        FieldLanes.Multiply(ref yz, ref Y, ref Z);
        FieldLanes.Square(ref zz, ref Z);
        Times3B(ref zz);
        FieldLanes.Multiply(ref xy, ref X, ref Y);
        FieldLanes.Add(ref sum, ref yy, ref zz);
        FieldLanes.Times(ref rest, ref zz, 3);
        FieldLanes.Subtract(ref rest, ref yy, ref rest);

        FieldLanes.Multiply(ref Z, ref yz, ref y8);
        FieldLanes.Multiply(ref X, ref zz, ref y8);
        FieldLanes.Multiply(ref Y, ref rest, ref sum);
        FieldLanes.Add(ref Y, ref X, ref Y);
        FieldLanes.Multiply(ref X, ref rest, ref xy);
        FieldLanes.Add(ref X, ref X, ref X);
    }

    /// <summary>Adds another point to each.</summary>
    public void Add(ref ProjectivePoint other)
    {
        FieldLanes xx = default, yy = default, zz = default;
        FieldLanes.Multiply(ref xx, ref X, ref other.X);
        FieldLanes.Multiply(ref yy, ref Y, ref other.Y);
        FieldLanes.Multiply(ref zz, ref Z, ref other.Z);
        FieldLanes xy = Cross(ref X, ref Y, ref other.X, ref other.Y, ref xx, ref yy);
        FieldLanes yz = Cross(ref Y, ref Z, ref other.Y, ref other.Z, ref yy, ref zz);
        FieldLanes xz = Cross(ref X, ref Z, ref other.X, ref other.Z, ref xx, ref zz);
        FieldLanes.Times(ref xx, ref xx, 3);
        Times3B(ref zz);
        Times3B(ref xz);
        FieldLanes sum = default, rest = default, product = default;
        FieldLanes.Add(ref sum, ref yy, ref zz);
        FieldLanes.Subtract(ref rest, ref yy, ref zz);

        FieldLanes.Multiply(ref X, ref xy, ref rest);
        FieldLanes.Multiply(ref product, ref yz, ref xz);
        FieldLanes.Subtract(ref X, ref X, ref product);
        X.Shrink();
        FieldLanes.Multiply(ref Y, ref rest, ref sum);
        FieldLanes.Multiply(ref product, ref xx, ref xz);
        FieldLanes.Add(ref Y, ref Y, ref product);
        FieldLanes.Multiply(ref Z, ref sum, ref yz);
        FieldLanes.Multiply(ref product, ref xx, ref xy);
        FieldLanes.Add(ref Z, ref Z, ref product);
    }

    /// <summary>The point of one lane in all four.</summary>
    public readonly ProjectivePoint Broadcast(int lane)
    {
        ProjectivePoint point = default;
        for (int i = 0; i < FieldLanes.Limbs; i++)
        {
            point.X[i] = Vector256.Create(X[i][lane]);
            point.Y[i] = Vector256.Create(Y[i][lane]);
            point.Z[i] = Vector256.Create(Z[i][lane]);
        }
        return point;
    }

    /// <summary>A bit for each lane whose point is the one at infinity.</summary>
    public readonly int IsInfinity()
    {
        FieldLanes z = Z;
        z.Reduce();
        return z.IsZero();
    }

    // (a₁ + b₁)(a₂ + b₂) − a₁a₂ − b₁b₂ = a₁b₂ + a₂b₁
    private static FieldLanes Cross(
        ref FieldLanes a1, ref FieldLanes b1, ref FieldLanes a2, ref FieldLanes b2, ref FieldLanes aa, ref FieldLanes bb)
    {
        FieldLanes first = default, second = default;
        FieldLanes.Add(ref first, ref a1, ref b1);
        FieldLanes.Add(ref second, ref a2, ref b2);
        FieldLanes.Multiply(ref first, ref first, ref second);
        FieldLanes.Add(ref second, ref aa, ref bb);
        FieldLanes.Subtract(ref first, ref first, ref second);
        first.Shrink();
        return first;
    }

    private static void Times3B(ref FieldLanes element)
    {
        FieldLanes.Times(ref element, ref element, ThreeB);
        element.Shrink();
    }
}
