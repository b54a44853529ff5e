using System.Globalization;
using AppChain.Ledger;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AppChain.Devnet.View;

/// <summary>The run on a terminal, redrawn in place twice a second.</summary>
internal static class LiveView
{
    private const int ReasonsShownMax = 8;

    public static async Task RunAsync(RunProgress progress, TimeProvider time, CancellationToken cancellation)
    {
        using PeriodicTimer timer = new(DevnetLimits.StatusInterval, time);
        LiveDisplay display = AnsiConsole.Live(Draw(progress.Now))
            .AutoClear(true).Overflow(VerticalOverflow.Crop).Cropping(VerticalOverflowCropping.Bottom);
        await display.StartAsync(async live =>
        {
            try
            {
                while (await timer.WaitForNextTickAsync(cancellation))
                    live.UpdateTarget(Draw(progress.Now));
            }
            catch (OperationCanceledException)
            {
                // The run is over: the summary follows.
            }
        });
    }

    private static Rows Draw(RunMoment now)
    {
        List<IRenderable> rows = [Title(now), Validators(now), new Columns(Proofs(now), Reasons(now), Rewards(now)).Collapse()];
        if (now.Halt is { } halt)
            rows.Add(new Markup($"[bold red]{Markup.Escape(halt)}[/]"));
        if (now.FleetProblem is { } problem)
            rows.Add(new Markup($"[yellow]{Markup.Escape(problem)}[/]"));
        rows.Add(new Markup("[grey]Ctrl-C stops, checks and sums up[/]"));
        return new Rows(rows);
    }

    private static Markup Title(RunMoment now)
    {
        string left = now.Planned is { } planned ? $" of {planned.TotalSeconds:0} s" : " s";
        return new Markup(
            Text($"[bold]AppChain devnet[/]  {now.Phase}  {now.Elapsed.TotalSeconds:0}{left}  height [bold]{now.Chain.Height}[/]"));
    }

    private static Table Validators(RunMoment now)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumns(
            "name", "height", "block", "pool", "peers", "CPU s", "MiB", "restarts", "state");
        foreach (Watch.ValidatorState validator in now.Chain.Validators)
        {
            Protos.V1.Status? status = validator.Status;
            string state = validator.Problem is { } problem
                ? $"[red]{Markup.Escape(problem)}[/]"
                : status is { CatchingUp: true } ? "[yellow]catching up[/]" : "[green]ok[/]";
            table.AddRow(
                validator.Name, Text($"{validator.Height}"), Short(status),
                Text($"{status?.PoolTransactions}"), Text($"{status?.Peers.Count(peer => peer.Connected)}"),
                Text($"{validator.CpuSeconds:0.0}"), Text($"{validator.RssBytes >> 20}"), Text($"{validator.Restarts}"), state);
        }
        return table;
    }

    // Enough of the block's hash to see that validators agree.
    private static string Short(Protos.V1.Status? status) =>
        status is { BlockHash.Length: >= 4 } ? Convert.ToHexStringLower(status.BlockHash.Span[..4]) : "–";

    private static Table Proofs(RunMoment now) => Pairs("proofs")
        .AddRow("submitted", Text($"{now.Proofs.Submitted:N0}"))
        .AddRow("final", Text($"{now.Proofs.Final:N0}"))
        .AddRow("accepted", Text($"{now.Proofs.Accepted:N0}"))
        .AddRow("waiting", Text($"{now.Pending:N0}"))
        .AddRow("final a second", Text($"{now.Proofs.FinalPerSecond:0.0}"))
        .AddRow("finality p50", PlainView.Milliseconds(now.Proofs.RecentLatency.P50))
        .AddRow("p95", PlainView.Milliseconds(now.Proofs.RecentLatency.P95))
        .AddRow("p99", PlainView.Milliseconds(now.Proofs.RecentLatency.P99));

    private static Table Reasons(RunMoment now)
    {
        Table table = Pairs("rejected because");
        foreach ((string reason, long count) in now.Proofs.Rejected.OrderByDescending(entry => entry.Value).Take(ReasonsShownMax))
            table.AddRow(Markup.Escape(reason), Text($"{count:N0}"));
        return now.Proofs.Rejected.Count == 0 ? table.AddRow("nothing", "") : table;
    }

    private static Table Rewards(RunMoment now) => Pairs("rewards")
        .AddRow("epoch", Text($"{now.Chain.Supply?.Epoch}"))
        .AddRow("epochs minted", Text($"{now.Chain.Supply?.EpochsMinted}"))
        .AddRow("minted", new Amount(now.Chain.Supply?.Minted ?? 0).ToString())
        .AddRow("burned", new Amount(now.Chain.Supply?.Burned ?? 0).ToString());

    private static Table Pairs(string title) =>
        new Table().Border(TableBorder.Rounded).AddColumn(title).AddColumn(new TableColumn("").RightAligned().NoWrap());

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
