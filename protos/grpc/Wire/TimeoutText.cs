using System.Globalization;

namespace AppChain.Grpc.Wire;

/// <summary>The value of <c>grpc-timeout</c>: at most eight digits and a unit (gRPC over HTTP/2, TimeoutValue).</summary>
static class TimeoutText
{
    const long TicksPerMicrosecond = TimeSpan.TicksPerMicrosecond;

    /// <summary>Reads a timeout. What is longer than <see cref="GrpcLimits.DeadlineMax"/> counts as that.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > GrpcLimits.TimeoutDigitsMax + 1) return false;
        if (!long.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var value)) return false;
        long ticksPerUnit = text[^1] switch
        {
            'H' => TimeSpan.TicksPerHour,
            'M' => TimeSpan.TicksPerMinute,
            'S' => TimeSpan.TicksPerSecond,
            'm' => TimeSpan.TicksPerMillisecond,
            'u' => TicksPerMicrosecond,
            'n' => 0,
            _ => -1,
        };
        if (ticksPerUnit < 0) return false;
        // Eight digits of the longest unit are below 2^63 ticks.
        var ticks = ticksPerUnit == 0 ? value / TimeSpan.NanosecondsPerTick : value * ticksPerUnit;
        timeout = TimeSpan.FromTicks(Math.Min(ticks, GrpcLimits.DeadlineMax.Ticks));
        return true;
    }

    /// <summary>Writes a timeout in the finest unit that eight digits allow, rounded up.</summary>
    public static string Format(TimeSpan timeout)
    {
        const long valueMax = 99_999_999;
        var ticks = Math.Clamp(timeout.Ticks, 0, GrpcLimits.DeadlineMax.Ticks);
        var (unit, ticksPerUnit) = ticks switch
        {
            <= valueMax * TicksPerMicrosecond => ('u', TicksPerMicrosecond),
            <= valueMax * TimeSpan.TicksPerMillisecond => ('m', TimeSpan.TicksPerMillisecond),
            _ => ('S', TimeSpan.TicksPerSecond),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{(ticks + ticksPerUnit - 1) / ticksPerUnit}{unit}");
    }
}
