using System.Text.Json.Nodes;
using AppChain.Devnet.Processes;

namespace AppChain.EndToEnd;

/// <summary>Whole runs: real processes, real data, real signals.</summary>
public sealed class DevnetRunTests
{
    private static readonly TimeSpan EndMax = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task Run_UndisturbedForTwentySeconds_ExitsZeroWithASensibleReport()
    {
        await using DevnetUnderTest devnet = await DevnetUnderTest.StartAsync("--for", "20s");

        int exitCode = await devnet.WaitForExitAsync(EndMax);

        Assert.True(exitCode == 0, devnet.Output);
        JsonNode report = devnet.Report();
        JsonArray validators = report["validators"]!.AsArray();
        Assert.Equal(DevnetUnderTest.Validators, validators.Count);
        Assert.Single(validators.Select(each => (ulong)each!["height"]!).Distinct());
        Assert.Single(validators.Select(each => (string)each!["blockHash"]!).Distinct());
        Assert.Single(validators.Select(each => (string)each!["stateRoot"]!).Distinct());
        Assert.All(validators, each => Assert.Equal(64, ((string)each!["blockHash"]!).Length));
        Assert.All(validators, each => Assert.True((double)each!["cpuSeconds"]! > 0 && (long)each["rssBytes"]! > 1 << 20));
        Assert.True((bool)report["agreement"]!);
        Assert.True((bool)report["supplyConserved"]!);
        Assert.Equal(0, (int)report["restarts"]!);

        JsonNode proofs = report["proofs"]!;
        long final = (long)proofs["final"]!;
        long rejected = proofs["rejected"]!.AsObject().Sum(each => (long)each.Value!);
        Assert.True(final > 500, devnet.Output);
        Assert.Equal((long)proofs["submitted"]!, final);
        Assert.Equal(final, (long)proofs["accepted"]! + rejected);
        Assert.True((long)proofs["accepted"]! > final / 2, devnet.Output);
        JsonNode latency = report["latencyMs"]!;
        Assert.InRange((double)latency["p50"]!, 1, 1_000);
        Assert.True((double)latency["p50"]! <= (double)latency["p95"]! && (double)latency["p95"]! <= (double)latency["p99"]!);
        Assert.True((ulong)report["epochs"]! >= 1 && (ulong)report["minted"]! > 0, devnet.Output);
    }

    [Fact]
    public async Task Run_ValidatorKilledMeanwhile_GoesOnWithoutItAndStillExitsZero()
    {
        await using DevnetUnderTest devnet = await DevnetUnderTest.StartAsync();
        int victim = devnet.ValidatorPid(2);
        ulong before = await devnet.KnownHeightAsync(0);

        await Shell.SignalAsync(victim, "KILL");

        await Until.HoldsAsync("the others make blocks", TimeSpan.FromSeconds(30), async () => await devnet.HeightAsync(0) > before + 3);
        await Until.HoldsAsync(
            "the killed one is started again", TimeSpan.FromSeconds(30), () => Task.FromResult(devnet.ValidatorPid(2) != victim));
        await Until.HoldsAsync("it catches up", TimeSpan.FromSeconds(30), async () => await devnet.HeightAsync(2) > before + 3);

        await Shell.SignalAsync(devnet.Pid, "TERM"); // A shell that starts a job in the background makes it deaf to INT.
        int exitCode = await devnet.WaitForExitAsync(EndMax);
        Assert.True(exitCode == 0, devnet.Output);
        Assert.Equal(1, (int)devnet.Report()["restarts"]!);
        Assert.True((bool)devnet.Report()["agreement"]!);
    }

    [Fact]
    public async Task Run_TwoOfFourPaused_HaltsAndGoesOnWhenOneReturns()
    {
        await using DevnetUnderTest devnet = await DevnetUnderTest.StartAsync("--no-restart");
        await Shell.SignalAsync(devnet.ValidatorPid(2), "STOP");
        await Shell.SignalAsync(devnet.ValidatorPid(3), "STOP");

        // What was under way when they stopped may still come: the height is taken once it stands still.
        ulong halted = 0;
        await Until.HoldsAsync("the devnet says that the chain stands still", TimeSpan.FromSeconds(20), async () =>
        {
            halted = await devnet.KnownHeightAsync(0);
            return devnet.Output.Contains("STANDS STILL", StringComparison.Ordinal);
        });
        Assert.Equal(halted, await devnet.KnownHeightAsync(0));
        Assert.Equal(halted, await devnet.KnownHeightAsync(1));

        await Shell.SignalAsync(devnet.ValidatorPid(2), "CONT");
        await Until.HoldsAsync("the chain goes on", TimeSpan.FromSeconds(20), async () => await devnet.HeightAsync(0) > halted + 3);
        await Shell.SignalAsync(devnet.ValidatorPid(3), "CONT");
        await Until.HoldsAsync("the last one catches up", TimeSpan.FromSeconds(20), async () => await devnet.HeightAsync(3) > halted + 3);

        await Shell.SignalAsync(devnet.Pid, "TERM"); // A shell that starts a job in the background makes it deaf to INT.
        int exitCode = await devnet.WaitForExitAsync(EndMax);
        Assert.True(exitCode == 0, devnet.Output);
        Assert.Equal(0, (int)devnet.Report()["restarts"]!);
    }

    [Fact]
    public async Task Down_AfterTheDevnetWasKilled_EndsItsValidatorsAndNothingElse()
    {
        await using DevnetUnderTest devnet = await DevnetUnderTest.StartAsync();
        int[] validators = [.. Enumerable.Range(0, DevnetUnderTest.Validators).Select(devnet.ValidatorPid)];
        await Shell.SignalAsync(devnet.Pid, "KILL");
        await devnet.WaitForExitAsync(TimeSpan.FromSeconds(5));
        Assert.All(validators, pid => Assert.True(ProcFs.TrySample(pid, out _)));
        // A line whose process is now another one: down must see that and leave this test alone.
        string pids = Path.Combine(devnet.DataDirectory, "pids");
        await File.AppendAllTextAsync(pids, $"v9 {Environment.ProcessId} 1\n");

        Finished down = await Shell.RunAsync(Repository.DevnetDown, ["--data", devnet.DataDirectory], TimeSpan.FromSeconds(30));

        Assert.True(down.ExitCode == 0, down.Errors);
        Assert.All(validators, pid => Assert.False(ProcFs.TrySample(pid, out _)));
        Assert.False(File.Exists(pids));
    }
}
