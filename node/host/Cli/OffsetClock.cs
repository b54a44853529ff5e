namespace AppChain.Node.Cli;

/// <summary>A wall clock that is off by a fixed time, as that of a badly kept machine; what is measured by it runs at the true speed.</summary>
internal sealed class OffsetClock(TimeSpan offset) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + offset;
}
