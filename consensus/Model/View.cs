using System;

namespace AppChain.Consensus;

/// <summary>A turn of one leader within an epoch. Genesis is view 0; the first leader leads view 1.</summary>
public readonly record struct View(ulong Value) : IComparable<View>
{
    public static View Genesis => default;

    public View Next => new(Value + 1);

    /// <summary>The view before this one. Genesis has none: the overflow check stops the node.</summary>
    public View Previous => new(Value - 1);

    public int CompareTo(View other) => Value.CompareTo(other.Value);

    public static bool operator <(View left, View right) => left.Value < right.Value;
    public static bool operator >(View left, View right) => left.Value > right.Value;
    public static bool operator <=(View left, View right) => left.Value <= right.Value;
    public static bool operator >=(View left, View right) => left.Value >= right.Value;

    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
