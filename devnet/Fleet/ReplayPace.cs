using AppChain.Devnet.Chain;

namespace AppChain.Devnet.Fleet;

/// <summary>When a device speaks next: at its own recorded times, compressed, or evenly so that the fleet makes a given rate.</summary>
internal sealed class ReplayPace
{
    // A gap in the data (a sensor that was off for a day) is not waited for: it would be minutes of silence.
    private static readonly TimeSpan GapMax = TimeSpan.FromSeconds(5);

    private readonly TimeSpan? even;
    private readonly TimeSpan intervalMin;

    /// <param name="rate">Proofs per second of the whole fleet, or null.</param>
    public ReplayPace(double? rate, int devices, AirService service)
    {
        even = rate is { } wanted ? TimeSpan.FromSeconds(devices / wanted) : null;
        intervalMin = service.IntervalMin;
        if (even < intervalMin)
        {
            double possible = devices / intervalMin.TotalSeconds;
            Warning = FormattableString.Invariant(
                $"--rate {rate:0.#} is more than the service takes: {devices} devices, {intervalMin.TotalMilliseconds:0} ms")
                + FormattableString.Invariant($" between readings of one; replaying {possible:0.#} a second (more --devices allow more)");
            even = intervalMin;
        }
    }

    /// <summary>A sentence when the wanted rate cannot be had.</summary>
    public string? Warning { get; }

    /// <summary>The time between the starts of two devices, so that they do not speak all at once.</summary>
    public TimeSpan StartOffset(int device, int devices) =>
        (even ?? TimeSpan.FromSeconds(150 / DevnetLimits.ReplayFactor)) * ((double)device / devices);

    public TimeSpan NextAfter(FleetDevice device)
    {
        if (even is { } interval)
            return interval;
        TimeSpan gap = device.RecordedGap / DevnetLimits.ReplayFactor;
        return gap < intervalMin ? intervalMin : gap > GapMax ? GapMax : gap;
    }
}
