namespace AppChain.Consensus;

/// <summary>The number of blocks from genesis (height 0) to a block, along its ancestry.</summary>
public readonly record struct Height(ulong Value)
{
    public Height Next => new(Value + 1);

    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
