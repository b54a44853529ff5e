using System;
using System.Globalization;

namespace AppChain.Ledger;

/// <summary>An amount of tokens in grains, the smallest unit: 1 token = 1,000,000,000 grains.</summary>
/// <remarks>
/// Sums and differences are checked. All amounts together never exceed the supply, which fits, so an overflow can only be a
/// broken invariant: it throws.
/// </remarks>
public readonly record struct Amount(ulong Grains) : IComparable<Amount>
{
    /// <summary>Grains in one token.</summary>
    public const ulong GrainsPerToken = 1_000_000_000;

    public static Amount Zero => default;

    /// <summary>That many whole tokens.</summary>
    public static Amount FromTokens(ulong tokens) => new(checked(tokens * GrainsPerToken));

    /// <summary><c>floor(this × numerator / denominator)</c>, without overflow in between.</summary>
    public Amount Share(ulong numerator, ulong denominator) => new((ulong)((UInt128)Grains * numerator / denominator));

    public int CompareTo(Amount other) => Grains.CompareTo(other.Grains);

    public static Amount operator +(Amount left, Amount right) => new(checked(left.Grains + right.Grains));

    public static Amount operator -(Amount left, Amount right) => new(checked(left.Grains - right.Grains));

    public static bool operator <(Amount left, Amount right) => left.Grains < right.Grains;

    public static bool operator >(Amount left, Amount right) => left.Grains > right.Grains;

    public static bool operator <=(Amount left, Amount right) => left.Grains <= right.Grains;

    public static bool operator >=(Amount left, Amount right) => left.Grains >= right.Grains;

    public static Amount Min(Amount left, Amount right) => left < right ? left : right;

    public static Amount Max(Amount left, Amount right) => left > right ? left : right;

    /// <summary>In tokens, for people: <c>12.5</c>.</summary>
    public override string ToString()
    {
        (ulong tokens, ulong grains) = Math.DivRem(Grains, GrainsPerToken);
        string whole = tokens.ToString(CultureInfo.InvariantCulture);
        return grains == 0 ? whole : $"{whole}.{grains.ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0')}";
    }
}
