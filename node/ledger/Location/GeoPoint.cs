namespace AppChain.Ledger.Location;

/// <summary>A place on Earth (WGS 84): whole 10⁻⁷ degrees, about a centimetre.</summary>
/// <param name="LatitudeE7">Degrees × 10⁷, north positive, within ±90°.</param>
/// <param name="LongitudeE7">Degrees × 10⁷, east positive, within ±180°; both ends are the same meridian.</param>
public readonly record struct GeoPoint(int LatitudeE7, int LongitudeE7)
{
    /// <summary>90° in 10⁻⁷ degrees.</summary>
    internal const long QuarterTurn = LedgerLimits.LatitudeE7Max;

    /// <summary>360° in 10⁻⁷ degrees.</summary>
    internal const long FullTurn = 4 * QuarterTurn;

    /// <summary>True if both coordinates are within their bounds. The methods of this room ask for such points only.</summary>
    public bool IsOnEarth =>
        LatitudeE7 is >= -LedgerLimits.LatitudeE7Max and <= LedgerLimits.LatitudeE7Max
        && LongitudeE7 is >= -LedgerLimits.LongitudeE7Max and <= LedgerLimits.LongitudeE7Max;

    internal void Check() => Invariant.Check(IsOnEarth, "a location is on Earth: registration sees to it");
}
