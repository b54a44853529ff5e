using System.Globalization;
using System.Text.Json.Nodes;

namespace AppChain.EndToEnd.Chaos;

/// <summary>Whole chaos runs, as short as they can be. Long ones are a command of their own: <c>devnet/chaos</c>.</summary>
public sealed class ChaosRunTests : IDisposable
{
    private static readonly TimeSpan EndMax = TimeSpan.FromMinutes(5);

    private readonly string directory = Directory.CreateTempSubdirectory("appchain-chaos-").FullName;
    private readonly PortSlice ports = PortSlice.Take();

    private string ReportFile => Path.Combine(directory, "report.json");

    public void Dispose()
    {
        ports.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Run_ThatRecovers_ExitsZeroWithItsScheduleAndWhatItFound()
    {
        Finished run = await RunAsync("--seed", "2", "--recover-within", "90s");

        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        JsonNode report = JsonNode.Parse(await File.ReadAllTextAsync(ReportFile))!;
        string first = (string)report["schedule"]!.AsArray()[0]!;
        Assert.StartsWith(new AppChain.Devnet.Chaos.Plan.FaultPlan(2, 4, (bool)report["fullDiskPossible"]! ? 3 : null).Bouts().First().ToString(), first, StringComparison.Ordinal);
        Assert.True((bool)report["agreement"]! && (bool)report["supplyConserved"]!);
        Assert.Equal((long)report["proofsSubmitted"]!, (long)report["proofsFinal"]!);
        Assert.Empty(report["failures"]!.AsArray());
    }

    [Fact]
    public async Task Run_ThatRecoversTooSlowly_FailsAndSaysHowToRepeatIt()
    {
        Finished run = await RunAsync("--seed", "2", "--recover-within", "0.001");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("FAILED: before the first bout: the chain has not recovered", run.Errors, StringComparison.Ordinal);
        Assert.Contains("repeat it: devnet/chaos --for 1s --seed 2", run.Output, StringComparison.Ordinal);
    }

    private Task<Finished> RunAsync(params string[] arguments) => Shell.RunAsync(
        Repository.Devnet,
        [
            "chaos", "--for", "1s", "--data", Path.Combine(directory, "data"), "--report", ReportFile,
            "--port-base", ports.First.ToString(CultureInfo.InvariantCulture), .. arguments,
        ],
        EndMax);
}
