using System.Globalization;
using System.Text.Json.Nodes;

namespace AppChain.EndToEnd;

/// <summary>A small siege of a devnet. The whole one is a command: <c>devnet/siege</c>.</summary>
public sealed class SiegeTests
{
    private const int Connections = 400, Frames = 12_000;

    private static readonly TimeSpan EndMax = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Siege_Small_EndsNoValidatorAndLosesNoProof()
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("appchain-siege-");
        using PortSlice ports = PortSlice.Take();
        try
        {
            string reportFile = Path.Combine(directory.FullName, "report.json");
            Finished siege = await Shell.RunAsync(
                Repository.Devnet,
                [
                    // A short one on a machine that does other things says little about times: that is the command's affair.
                    "siege", "--connections", $"{Connections}", "--frames", $"{Frames}", "--for", "5s", "--rate", "20", "--slower-max", "20",
                    "--data", Path.Combine(directory.FullName, "data"), "--report", reportFile, "--port-base", ports.First.ToString(CultureInfo.InvariantCulture),
                ],
                EndMax);

            Assert.True(siege.ExitCode == 0, siege.Output + siege.Errors);
            JsonNode report = JsonNode.Parse(File.ReadAllText(reportFile))!;
            Assert.InRange((int)report["connections"]!, Connections * 95 / 100, Connections);
            Assert.InRange((long)report["frames"]!, Frames, long.MaxValue);
            Assert.Equal((long)report["besieged"]!["submitted"]!, (long)report["besieged"]!["final"]!);
            Assert.True((bool)report["agreement"]!);
            Assert.Equal(4, report["memory"]!.AsArray().Count);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
