using AppChain.Client;
using AppChain.Crypto;
using AppChain.Devnet.Chain;
using AppChain.Devnet.Chaos.Links;
using AppChain.Devnet.Chaos.Plan;
using AppChain.Devnet.Checks;
using AppChain.Devnet.Fleet;
using AppChain.Devnet.Processes;
using AppChain.Devnet.Replay;
using AppChain.Devnet.Statistics;
using AppChain.Ledger;

namespace AppChain.Devnet.Chaos;

/// <summary>
/// One chaos run from beginning to end: a new chain whose validators reach each other through links of ours, devices that prove all the while, bouts of
/// faults by the schedule, each followed by recovery; then everything that must hold is checked.
/// </summary>
internal sealed class ChaosRun(ChaosOptions options, TextWriter output, TimeProvider time, CancellationToken stop)
{
    private readonly List<BoutResult> results = [];
    private readonly List<string> failures = [];

    /// <returns>Sentences on what did not hold; none means that the chain bore it all.</returns>
    public async Task<IReadOnlyList<string>> RunAsync()
    {
        ChainSetup setup = await ChainSetup.OpenAsync(options.Devnet, newFor: "chaos", stop);
        DevnetDirectory directory = setup.Directory;
        int count = directory.Layout.Validators;
        await using LinkFabric fabric = new(count, setup.Ports.Peer, options.Seed, time);
        SmallDisk? disk = await SmallDisk.TryMountAsync(Path.Combine(directory.Home(count - 1), "data"), stop);
        Genesis genesis = await setup.CreateAsync(time.GetUtcNow(), stop, fabric.Address);

        await output.WriteLineAsync($"{options.RepeatLine}  ({count} validators in {directory.Path}; {(disk is null ? "no disk can be made full here" : $"v{count - 1} on a small disk")})");
        await using ValidatorGroup validators = ValidatorGroup.Start(directory, options.Devnet, setup.Ports, time);
        await validators.WaitUntilReadyAsync(stop);
        Victim[] victims = [.. validators.Members.Select((member, index) => new Victim(index, member))];
        RunStatistics statistics = new(time);
        FaultPlayer player = new(victims, new LinkTroubles(fabric), disk, time);
        IReadOnlyList<FleetDevice> devices = await EnrolAsync(genesis, validators);
        AirService service = AirService.Find(genesis.Services);
        await using SensorFleet fleet = new(devices, new ReplayPace(options.Rate, devices.Count, service), statistics, time);
        RunMonitor monitor = new(options, victims, fleet, time);

        long start = time.GetTimestamp();
        await LoadAsync(fleet, () => PlayAsync(new FaultPlan(options.Seed, count, disk is null ? null : count - 1, options.Only), player, monitor, victims));
        double seconds = time.GetElapsedTime(start).TotalSeconds;
        CheckResult checks = await new FinalChecks(validators.Members, genesis.ChainId, time).RunAsync(statistics.AcknowledgedProofs, stop);
        failures.AddRange(checks.Failures);
        failures.AddRange(await validators.StopAsync());
        failures.AddRange(victims.SelectMany(victim => victim.Failures));
        failures.AddRange(await new HomeChecks(directory, options.Devnet.NodeExecutable).RunAsync(stop));
        await SayAsync(Report(seconds, victims, disk, checks, statistics.Snapshot()));
        foreach (Victim victim in victims)
            victim.Dispose();
        return failures;
    }

    private async Task<IReadOnlyList<FleetDevice>> EnrolAsync(Genesis genesis, ValidatorGroup validators)
    {
        ReplayData data = ReplayData.Load(options.Devnet.Repository);
        PlannedDevice[] plans = [.. Enumerable.Range(0, options.Devnet.Devices).Select(number => PlannedDevice.Create(data.Series, number))];
        NodeClient[] nodes = [.. validators.Members.Select(member => member.Client)];
        return (await new Enrolment(genesis.ChainId, AirService.Find(genesis.Services), nodes, time).EnrolAsync(plans, stop)).Devices;
    }

    private async Task LoadAsync(SensorFleet fleet, Func<Task> meanwhile)
    {
        using CancellationTokenSource replaying = CancellationTokenSource.CreateLinkedTokenSource(stop);
        fleet.Start();
        Task replay = fleet.ReplayAsync(replaying.Token);
        try
        {
            await await Task.WhenAny(meanwhile(), fleet.WatchAsync());
        }
        finally
        {
            await replaying.CancelAsync();
            await replay;
        }
        if (!await fleet.DrainAsync(DevnetLimits.DrainMax, stop))
            failures.Add($"{fleet.Pending} proofs had no last word {DevnetLimits.DrainMax.TotalSeconds:0} s after the last one. {fleet.Problem}".TrimEnd());
    }

    // A chain that has not recovered is left alone: further faults would only hide why.
    private async Task PlayAsync(FaultPlan plan, FaultPlayer player, RunMonitor monitor, Victim[] victims)
    {
        (_, string? problem) = await monitor.RecoverAsync(stop); // the beginning counts as one: nothing is troubled before the chain carries its load
        long start = time.GetTimestamp();
        foreach (Bout bout in plan.Bouts())
        {
            if (problem is not null || time.GetElapsedTime(start) > options.For || stop.IsCancellationRequested)
                break;
            using CancellationTokenSource over = new();
            Task<TimeSpan> stalling = monitor.LongestStallAsync(over.Token);
            await player.PlayAsync(bout, stop);
            (TimeSpan took, problem) = await monitor.RecoverAsync(stop);
            await over.CancelAsync();
            BoutResult result = new(bout, took.TotalSeconds, (await stalling).TotalSeconds);
            foreach (Victim victim in victims)
                victim.MayLackSpace = false;
            results.Add(result);
            await output.WriteLineAsync(FormattableString.Invariant($"{time.GetElapsedTime(start).TotalSeconds,6:0.0} s  {result}"));
            if (bout.WithinF && result.StallSeconds > ChaosLimits.StallMax.TotalSeconds)
                failures.Add($"no block for {result.StallSeconds:0} s, though the faults were within f: {bout}");
        }
        if (problem is not null)
            failures.Add($"{(results.Count > 0 ? results[^1].Bout : "before the first bout")}: {problem}");
    }

    private ChaosReport Report(double seconds, Victim[] victims, SmallDisk? disk, CheckResult checks, StatisticsSnapshot proofs)
    {
        double[] recoveries = [.. results.Select(result => result.RecoverySeconds).Order()];
        return new ChaosReport(
            options.Seed, seconds, victims.Length, disk is not null, victims.Sum(victim => victim.Kills),
            results.SelectMany(result => result.Bout.Faults).CountBy(fault => fault.Kind.ToString()).ToDictionary(),
            results.Count(result => result.Bout.WithinF), results.Count(result => !result.Bout.WithinF),
            recoveries.Length == 0 ? null : recoveries[recoveries.Length / 2], recoveries.Length == 0 ? null : recoveries[^1],
            results.Where(result => result.Bout.WithinF).Max(result => (double?)result.StallSeconds),
            checks.Height, proofs.Submitted, proofs.Final, checks.Agreement, checks.SupplyConserved,
            [.. results.Select(result => result.ToString())], failures);
    }

    private async Task SayAsync(ChaosReport report)
    {
        await output.WriteLineAsync(report.Summary);
        if (options.Devnet.Report is { } file)
            await File.WriteAllTextAsync(file, report.ToJson(), CancellationToken.None);
        if (failures.Count > 0)
            await output.WriteLineAsync("repeat it: " + options.RepeatLine);
    }
}
