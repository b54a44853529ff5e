using System.Globalization;
using System.Text;
using System.Text.Json;
using AppChain.Devnet.Statistics;

namespace AppChain.Devnet.Siege;

/// <summary>What honest devices saw in one part of the run.</summary>
internal sealed record HonestPart(double Seconds, long Submitted, long Final, long Accepted, double? P50Ms, double? P95Ms)
{
    public static HonestPart Of(TimeSpan time, StatisticsSnapshot seen) => new(
        time.TotalSeconds, seen.Submitted, seen.Final, seen.Accepted, seen.Latency.P50?.TotalMilliseconds, seen.Latency.P95?.TotalMilliseconds);
}

/// <summary>One validator's resident memory, bytes.</summary>
internal sealed record MemoryReport(string Name, long Before, long Peak, long After);

/// <summary>What <c>--report</c> of a siege writes.</summary>
internal sealed record SiegeReport(
    int Connections, int ConnectionsNotTaken, long Frames, int FrameConnections, double Seconds, int Processors,
    HonestPart Quiet, HonestPart Besieged, IReadOnlyList<MemoryReport> Memory, ulong Height, bool Agreement, IReadOnlyList<string> Failures)
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public double? P50Ratio => Besieged.P50Ms / Quiet.P50Ms;

    public double? P95Ratio => Besieged.P95Ms / Quiet.P95Ms;

    public string ToJson() => JsonSerializer.Serialize(this, Options) + "\n";

    /// <summary>The table of docs/hostile.md.</summary>
    public string ToTable()
    {
        StringBuilder table = new();
        void Line(FormattableString line) => table.AppendLine(line.ToString(CultureInfo.InvariantCulture));
        Line($"{Connections} connections ({ConnectionsNotTaken} not taken), {Frames} frames on {FrameConnections} more, in {Seconds:0} s; {Processors} processors");
        Line($"");
        Line($"| | quiet | besieged | ratio |");
        Line($"|---|---|---|---|");
        Line($"| honest proofs, final | {Quiet.Final} of {Quiet.Submitted} | {Besieged.Final} of {Besieged.Submitted} | |");
        Line($"| submit to final, p50 | {Quiet.P50Ms:0} ms | {Besieged.P50Ms:0} ms | {P50Ratio:0.00} |");
        Line($"| submit to final, p95 | {Quiet.P95Ms:0} ms | {Besieged.P95Ms:0} ms | {P95Ratio:0.00} |");
        Line($"");
        Line($"| resident memory | before | most | after |");
        Line($"|---|---|---|---|");
        foreach (MemoryReport each in Memory)
            Line($"| {each.Name} | {each.Before >> 20} MiB | {each.Peak >> 20} MiB | {each.After >> 20} MiB |");
        return table.ToString();
    }
}
