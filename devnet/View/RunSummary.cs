using System.Globalization;
using AppChain.Devnet.Checks;
using AppChain.Ledger;

namespace AppChain.Devnet.View;

/// <summary>What a run says at its end, in words.</summary>
internal static class RunSummary
{
    public static async Task WriteAsync(TextWriter output, RunReport report, string? file, IReadOnlyList<string> failures)
    {
        await output.WriteLineAsync();
        foreach (string line in Lines(report))
            await output.WriteLineAsync(line);
        if (file is not null)
            await output.WriteLineAsync($"report     {Path.GetFullPath(file)}");
        if (failures.Count == 0)
            await output.WriteLineAsync("all checks hold");
    }

    private static IEnumerable<string> Lines(RunReport report)
    {
        foreach (ValidatorReport validator in report.Validators)
        {
            yield return Text($"{validator.Name,-10} height {validator.Height}, block {Short(validator.BlockHash)}, ")
                + Text($"state {Short(validator.StateRoot)}, {validator.CpuSeconds:0.0} s CPU, {validator.RssBytes >> 20} MiB");
        }
        ProofReport proofs = report.Proofs;
        string rejected = string.Join(", ", proofs.Rejected.Select(entry => Text($"{entry.Value} {entry.Key}")));
        yield return Text($"proofs     {proofs.Submitted} submitted, {proofs.Final} final, {proofs.Accepted} accepted")
            + (rejected.Length > 0 ? "; rejected: " + rejected : "");
        LatencyReport latency = report.LatencyMs;
        yield return Text($"finality   p50 {latency.P50:0} ms, p95 {latency.P95:0} ms, p99 {latency.P99:0} ms from submission");
        yield return Text($"rewards    {report.Epochs} epochs, {new Amount(report.Minted)} minted, {new Amount(report.Burned)} burned")
            + "; supply " + (report.SupplyConserved ? "conserved" : "NOT CONSERVED");
        yield return "agreement  " + (report.Agreement ? "every validator has the same blocks and state roots" : "NONE")
            + Text($"; {report.Restarts} restarts");
    }

    private static string Short(string hash) => hash.Length > 12 ? hash[..12] : "–";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
