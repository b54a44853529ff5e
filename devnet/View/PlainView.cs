using System.Globalization;
using AppChain.Ledger;

namespace AppChain.Devnet.View;

/// <summary>One line every five seconds, for logs and pipes; a line at once when the chain halts or goes on.</summary>
internal static class PlainView
{
    public static async Task RunAsync(RunProgress progress, TextWriter output, TimeProvider time, CancellationToken cancellation)
    {
        using PeriodicTimer timer = new(DevnetLimits.StatusInterval, time);
        int ticksPerLine = (int)(DevnetLimits.ProgressInterval / DevnetLimits.StatusInterval);
        bool halted = false;
        try
        {
            for (int tick = 1; await timer.WaitForNextTickAsync(cancellation); tick++)
            {
                RunMoment now = progress.Now;
                bool turned = now.Halt is null == halted;
                halted = now.Halt is not null;
                if (turned)
                    await output.WriteLineAsync(now.Halt ?? "the chain goes on");
                if (turned || tick % ticksPerLine == 0)
                    await output.WriteLineAsync(Line(now));
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    private static string Line(RunMoment now)
    {
        IEnumerable<string> silent = now.Chain.Validators
            .Where(validator => validator.Problem is not null).Select(validator => $"{validator.Name} {validator.Problem}");
        string problems = string.Join(", ", silent);
        Statistics.StatisticsSnapshot proofs = now.Proofs;
        Protos.V1.Supply? supply = now.Chain.Supply;
        return Text($"{now.Elapsed.TotalSeconds,5:0} s  {now.Phase}  height {now.Chain.Height}")
            + Text($"  final {proofs.Final} of {proofs.Submitted} ({proofs.FinalPerSecond:0.0}/s)  accepted {proofs.Accepted}")
            + $"  p50 {Milliseconds(proofs.RecentLatency.P50)}"
            + Text($"  epochs {supply?.EpochsMinted ?? 0}  minted {new Amount(supply?.Minted ?? 0)}")
            + (problems.Length > 0 ? $"  [{problems}]" : "");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    public static string Milliseconds(TimeSpan? latency) =>
        latency is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known.TotalMilliseconds:0} ms") : "–";
}
