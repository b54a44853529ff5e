namespace AppChain.Node.Peers;

/// <summary>
/// How long to wait before the next attempt: twice as long each time up to a bound, and each time a random part of that, so that many
/// nodes that lost the same peer do not come back to it at one moment.
/// </summary>
public sealed class BackOff(TimeSpan first, TimeSpan longest, Random random)
{
    private int failures;

    /// <summary>The next wait: from half of the present step to all of it.</summary>
    public TimeSpan Next()
    {
        TimeSpan step = first * Math.Pow(2, failures);
        if (step < longest)
            failures++;
        else
            step = longest;
        return step * (0.5 + random.NextDouble() / 2);
    }

    /// <summary>It worked: begins again with the first step.</summary>
    public void Reset() => failures = 0;
}
