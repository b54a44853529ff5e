using System.Globalization;
using System.Text.Json.Nodes;

namespace AppChain.EndToEnd.Audit;

/// <summary>A short audit of a devnet. The whole one is a command: <c>devnet/audit</c>.</summary>
public sealed class AuditTests
{
    private const int Pairs = 60;

    private static readonly TimeSpan EndMax = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task Audit_Short_AddsUpToTheLastUnit()
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("appchain-audit-");
        using PortSlice ports = PortSlice.Take();
        try
        {
            string reportFile = Path.Combine(directory.FullName, "report.json");
            Finished audit = await Shell.RunAsync(
                Repository.Devnet,
                [
                    "audit", "--for", "8s", "--epoch", "2s", "--devices", "8", "--pairs", $"{Pairs}",
                    "--data", Path.Combine(directory.FullName, "data"), "--report", reportFile, "--port-base", ports.First.ToString(CultureInfo.InvariantCulture),
                ],
                EndMax);

            Assert.True(audit.ExitCode == 0, audit.Output + audit.Errors);
            JsonNode report = JsonNode.Parse(File.ReadAllText(reportFile))!;
            Assert.Equal((ulong)report["settled"]!, (ulong)report["paid"]!);
            Assert.Equal(
                (ulong)report["mintedCoverage"]! + (ulong)report["mintedUsage"]!,
                (ulong)report["settled"]! + (ulong)report["unsettled"]! + (ulong)report["remainder"]!);
            Assert.True((ulong)report["mintedUsage"]! > 0 && (long)report["vouchers"]! > 0 && (int)report["pairsNotEmpty"]! > 0);
            Assert.Equal(Pairs, (int)report["pairs"]!);
            Assert.Empty(report["failures"]!.AsArray());
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
