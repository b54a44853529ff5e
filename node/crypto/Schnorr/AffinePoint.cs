namespace AppChain.Crypto;

/// <summary>A point of secp256k1 other than the one at infinity, for verification only. Its x is reduced, so that points compare; its y need not be.</summary>
internal struct AffinePoint
{
    public FieldWords X;
    public FieldWords Y;

    // SEC 2, 2.4.1.
    private static ReadOnlySpan<byte> GeneratorX =>
    [
        0x79, 0xBE, 0x66, 0x7E, 0xF9, 0xDC, 0xBB, 0xAC, 0x55, 0xA0, 0x62, 0x95, 0xCE, 0x87, 0x0B, 0x07,
        0x02, 0x9B, 0xFC, 0xDB, 0x2D, 0xCE, 0x28, 0xD9, 0x59, 0xF2, 0x81, 0x5B, 0x16, 0xF8, 0x17, 0x98,
    ];

    // A cube root of one modulo p (GLV, 2001): (βx, y) is λ times (x, y), λ that of Scalar.
    private static ReadOnlySpan<byte> Beta =>
    [
        0x7A, 0xE9, 0x6A, 0x2B, 0x65, 0x7C, 0x07, 0x10, 0x6E, 0x64, 0x47, 0x9E, 0xAC, 0x34, 0x34, 0xE9,
        0x9C, 0xF0, 0x49, 0x75, 0x12, 0xF5, 0x89, 0x95, 0xC1, 0x39, 0x6C, 0x28, 0x71, 0x95, 0x01, 0xEE,
    ];

    private static readonly FieldLanes BetaLanes = BetaInAllLanes();

    /// <summary>The generator, whose y is even.</summary>
    public static AffinePoint Generator { get; } = LiftGenerator();

    /// <summary>λ times the generator.</summary>
    public static AffinePoint LambdaGenerator { get; } = TimesLambda(Generator);

    /// <summary>The points of these x coordinates whose y is even (BIP-340's lift_x), four at a time; x below p.</summary>
    /// <returns>A bit for each that is on the curve.</returns>
    public static int Lift(Span<AffinePoint> four)
    {
        FieldLanes x = default, y = default, cube = default, root = default;
        x.Load(in four[0].X, in four[1].X, in four[2].X, in four[3].X);
        FieldLanes.Square(ref cube, ref x);
        FieldLanes.Multiply(ref cube, ref cube, ref x);
        FieldLanes seven = FieldLanes.Of(7);
        FieldLanes.Add(ref cube, ref cube, ref seven);
        cube.Shrink();
        FieldLanes.SquareRoot(ref root, ref cube);

        FieldLanes.Square(ref y, ref root);
        FieldLanes.Subtract(ref y, ref y, ref cube);
        y.Reduce();
        int onCurve = y.IsZero();

        root.Reduce();
        y = default;
        FieldLanes.Subtract(ref y, ref y, ref root);
        root.Take(ref y, root.IsOdd());
        root.Shrink();
        root.Store(out four[0].Y, out four[1].Y, out four[2].Y, out four[3].Y);
        return onCurve;
    }

    /// <summary>λ times each of four points: their x times β, their y as it is.</summary>
    public static void TimesLambda(Span<AffinePoint> four)
    {
        FieldLanes x = default, beta = BetaLanes;
        x.Load(in four[0].X, in four[1].X, in four[2].X, in four[3].X);
        FieldLanes.Multiply(ref x, ref x, ref beta);
        x.Reduce();
        x.Store(out four[0].X, out four[1].X, out four[2].X, out four[3].X);
    }

    /// <summary>True if both y are the same element, however it is written.</summary>
    public static bool HaveEqualY(in AffinePoint left, in AffinePoint right)
    {
        FieldLanes difference = default, other = default;
        difference.Load(in left.Y, in left.Y, in left.Y, in left.Y);
        other.Load(in right.Y, in right.Y, in right.Y, in right.Y);
        FieldLanes.Subtract(ref difference, ref difference, ref other);
        difference.Reduce();
        return difference.IsZero() != 0;
    }

    private static AffinePoint LiftGenerator()
    {
        Span<AffinePoint> four = stackalloc AffinePoint[FieldLanes.Count];
        FieldWords.TryRead(GeneratorX, out four[0].X);
        four[1..].Fill(four[0]);
        Lift(four);
        return four[0];
    }

    private static AffinePoint TimesLambda(in AffinePoint point)
    {
        Span<AffinePoint> four = [point, point, point, point];
        TimesLambda(four);
        return four[0];
    }

    private static FieldLanes BetaInAllLanes()
    {
        FieldLanes beta = default;
        FieldWords.TryRead(Beta, out FieldWords words);
        beta.Load(in words, in words, in words, in words);
        return beta;
    }
}
