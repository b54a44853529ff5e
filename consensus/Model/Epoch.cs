namespace AppChain.Consensus;

/// <summary>A span of views with one fixed validator set.</summary>
public readonly record struct Epoch(ulong Value)
{
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
