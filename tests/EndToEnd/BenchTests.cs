using System.Globalization;
using System.Text.Json.Nodes;

namespace AppChain.EndToEnd;

/// <summary>The whole-system benchmark, in its quick form: that its figures are there and fit together.</summary>
public sealed class BenchTests
{
    private static readonly TimeSpan EndMax = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task Bench_Quick_ReportsEveryPartAndTheRatio()
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("appchain-bench-");
        using PortSlice ports = PortSlice.Take();
        try
        {
            string reportFile = Path.Combine(directory.FullName, "report.json");
            Finished bench = await Shell.RunAsync(
                Repository.Devnet,
                [
                    "bench", "--quick", "--devices", "64", "--data", Path.Combine(directory.FullName, "data"), "--report", reportFile,
                    "--port-base", ports.First.ToString(CultureInfo.InvariantCulture),
                ],
                EndMax);

            Assert.True(bench.ExitCode == 0, bench.Output + bench.Errors);
            JsonNode report = JsonNode.Parse(File.ReadAllText(reportFile))!;
            double verification = (double)report["signatureVerificationMicros"]!, cost = (double)report["cpuMicrosPerFinalProof"]!;
            Assert.Equal(cost / verification, (double)report["costPerFinalProofRatio"]!, 3);
            // A validator verifies every proof itself: it cannot cost less than the cheapest way to do that.
            Assert.InRange((double)report["costPerFinalProofRatio"]!, 0.2, 20);
            double full = (double)report["full"]!["finalPerSecond"]!, half = (double)report["half"]!["finalPerSecond"]!;
            // What is offered bounds what becomes final. How much of it does is up to whatever else the machine is doing.
            Assert.InRange(half, double.Epsilon, full * 0.7);
            Assert.InRange((double)report["idle"]!["finalPerSecond"]!, double.Epsilon, 8);
            Assert.True((double)report["idle"]!["cpuShare"]! < (double)report["full"]!["cpuShare"]!);
            Assert.Contains("its ratio to one verification", bench.Output, StringComparison.Ordinal);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
