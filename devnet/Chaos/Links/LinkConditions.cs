namespace AppChain.Devnet.Chaos.Links;

/// <summary>What a link does to the bytes that pass.</summary>
/// <param name="Cut">Nothing passes. What was sent arrives when the link is whole again, as TCP would have it.</param>
/// <param name="Delay">Of each byte, one way.</param>
/// <param name="BytesPerSecond">0: no limit.</param>
/// <param name="LossPpm">
/// The share of pieces that are lost and sent again: they and all behind them wait <see cref="ChaosLimits.RetransmissionDelay"/>.
/// </param>
internal sealed record LinkConditions(bool Cut = false, TimeSpan Delay = default, int BytesPerSecond = 0, int LossPpm = 0)
{
    /// <summary>A link that disturbs nothing.</summary>
    public static LinkConditions Clean { get; } = new();

    /// <summary>Both sets of troubles at once: the worse of each.</summary>
    public LinkConditions And(LinkConditions other) => new(
        Cut || other.Cut,
        Delay > other.Delay ? Delay : other.Delay,
        BytesPerSecond == 0 || other.BytesPerSecond == 0 ? BytesPerSecond + other.BytesPerSecond : Math.Min(BytesPerSecond, other.BytesPerSecond),
        Math.Max(LossPpm, other.LossPpm));
}
