using System;
using System.Globalization;

namespace AppChain.Ledger;

/// <summary>
/// Credits: what fees and the use of services are paid with. Made by burning tokens, at a fixed price in money; never turned back into tokens.
/// </summary>
/// <remarks>Sums and differences are checked, as those of <see cref="Amount"/>.</remarks>
public readonly record struct Credits(ulong Units) : IComparable<Credits>
{
    public static Credits Zero => default;

    public int CompareTo(Credits other) => Units.CompareTo(other.Units);

    public static Credits operator +(Credits left, Credits right) => new(checked(left.Units + right.Units));

    public static Credits operator -(Credits left, Credits right) => new(checked(left.Units - right.Units));

    public static bool operator <(Credits left, Credits right) => left.Units < right.Units;

    public static bool operator >(Credits left, Credits right) => left.Units > right.Units;

    public static bool operator <=(Credits left, Credits right) => left.Units <= right.Units;

    public static bool operator >=(Credits left, Credits right) => left.Units >= right.Units;

    public override string ToString() => Units.ToString(CultureInfo.InvariantCulture);
}
