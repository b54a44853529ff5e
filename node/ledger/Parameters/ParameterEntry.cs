namespace AppChain.Ledger;

/// <summary>One entry of the registry of parameters.</summary>
/// <param name="Parameter">Which; its number is the state's.</param>
/// <param name="Minimum">The lowest value that genesis or a vote may set.</param>
/// <param name="Maximum">The highest one.</param>
/// <param name="Default">What holds if genesis does not say otherwise.</param>
/// <param name="Unit">What the number counts: <c>ms</c>, <c>grains</c>, <c>ppm</c>, <c>credits</c>, <c>blocks</c> …</param>
/// <param name="Explanation">What it does, in a sentence for people.</param>
public sealed record ParameterEntry(
    Parameter Parameter, ulong Minimum, ulong Maximum, ulong Default, string Unit, string Explanation)
{
    /// <summary>True if only genesis sets it: what was computed with the old value would otherwise change its meaning.</summary>
    public bool Fixed { get; init; }

    /// <summary>Its name in genesis files, proposals and tools: <c>epochMs</c>.</summary>
    public string Name { get; } = char.ToLowerInvariant(Parameter.ToString()[0]) + Parameter.ToString()[1..];

    /// <summary>True if the value lies within the bounds.</summary>
    public bool Allows(ulong value) => value >= Minimum && value <= Maximum;
}
