using AppChain.Client;
using AppChain.Crypto;
using AppChain.Devnet.Chain;
using AppChain.Devnet.Checks;
using AppChain.Devnet.Fleet;
using AppChain.Devnet.Processes;
using AppChain.Devnet.Replay;
using AppChain.Devnet.Statistics;
using AppChain.Devnet.View;
using AppChain.Devnet.Watch;
using AppChain.Ledger;
using AppChain.Protos.V1;

namespace AppChain.Devnet;

/// <summary>
/// One run from beginning to end: lay out or continue a chain, start its validators, register the sensors, replay, wait until all is
/// resolved, check, stop, report.
/// </summary>
/// <param name="stop">Ends the replay; the checks follow.</param>
/// <param name="abort">Ends everything; the validators are still stopped.</param>
internal sealed class DevnetRun(
    DevnetOptions options, TextWriter output, TimeProvider time, CancellationToken stop, CancellationToken abort)
{
    /// <returns>Sentences on what did not hold; none means that the run is good.</returns>
    public async Task<IReadOnlyList<string>> RunAsync()
    {
        ChainSetup setup = await ChainSetup.OpenAsync(options, newFor: null, stop);
        ReplayData data = ReplayData.Load(options.Repository);
        Genesis genesis = await setup.CreateAsync(time.GetUtcNow(), stop);
        AirService service = AirService.Find(genesis.Services);

        await using ValidatorGroup validators = ValidatorGroup.Start(setup.Directory, options, setup.Ports, time);
        await validators.WaitUntilReadyAsync(stop);
        await output.WriteLineAsync(data.Origin);
        (IReadOnlyList<FleetDevice> devices, int registered) = await EnrolAsync(genesis.ChainId, service, validators, data.Series);
        RunStatistics statistics = new(time);
        ReplayPace pace = new(options.Rate, devices.Count, service);
        await using SensorFleet fleet = new(devices, pace, statistics, time);
        await IntroduceAsync(setup.Directory, setup.Ports, service, data, registered, pace);

        List<string> failures = [];
        if (!await ReplayAsync(validators, fleet, statistics))
        {
            string unresolved = $"{fleet.Pending} proofs had no last word {DevnetLimits.DrainMax.TotalSeconds:0} s after the last one.";
            failures.Add($"{unresolved} {fleet.Problem}".TrimEnd());
        }
        await output.WriteLineAsync("checking all blocks, state roots, supply and acknowledged proofs …");
        CheckResult checks = await new FinalChecks(validators.Members, genesis.ChainId, time).RunAsync(
            statistics.AcknowledgedProofs, abort);
        failures.AddRange(checks.Failures);

        RunReport report = Summarise(validators, statistics.Snapshot(), checks);
        failures.AddRange(await validators.StopAsync());
        if (options.Report is { } file)
            await File.WriteAllTextAsync(file, report.ToJson(), CancellationToken.None);
        await RunSummary.WriteAsync(output, report, options.Report, failures);
        return failures;
    }

    private async Task<(IReadOnlyList<FleetDevice> Devices, int Registered)> EnrolAsync(
        ChainId chain, AirService service, ValidatorGroup validators, IReadOnlyList<AirSeries> series)
    {
        PlannedDevice[] plans = [.. Enumerable.Range(0, options.Devices).Select(number => PlannedDevice.Create(series, number))];
        NodeClient[] nodes = [.. validators.Members.Select(member => member.Client)];
        return await new Enrolment(chain, service, nodes, time).EnrolAsync(plans, stop);
    }

    private async Task IntroduceAsync(
        DevnetDirectory directory, PortPlan ports, AirService service, ReplayData data, int registered, ReplayPace pace)
    {
        int validators = directory.Layout.Validators;
        string addresses = string.Join(' ', Enumerable.Range(0, validators).Select(ports.RpcAddress));
        await output.WriteLineAsync($"{validators} validators, gRPC on {addresses}");
        string chain = directory.IsContinued ? "continuing the chain in" : "a new chain in";
        await output.WriteLineAsync($"{chain} {directory.Path}, logs beside it (v0.log …)");
        await output.WriteLineAsync($"{options.Devices} devices for service {service.Id} ({service.Name}), {registered} of them new");
        int copies = options.Devices - data.Series.Count;
        if (copies > 0)
            await output.WriteLineAsync($"{copies} of them replay another sensor's series under a key of their own, with slight offsets");
        if (pace.Warning is { } warning)
            await output.WriteLineAsync(warning);
        await output.WriteLineAsync($"look at it:  {options.NodeExecutable} status --node {ports.RpcAddress(0)}");
        await output.WriteLineAsync($"             {options.NodeExecutable} query service {service.Id} --node {ports.RpcAddress(0)}");
        await output.WriteLineAsync();
    }

    /// <returns>False when proofs were left without a last word.</returns>
    private async Task<bool> ReplayAsync(ValidatorGroup validators, SensorFleet fleet, RunStatistics statistics)
    {
        using CancellationTokenSource watching = CancellationTokenSource.CreateLinkedTokenSource(abort);
        using CancellationTokenSource replaying = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (options.For is { } duration)
            replaying.CancelAfter(duration);
        ChainWatch watch = new(validators.Members, time);
        RunProgress progress = new(watch, statistics, fleet, options.For, time);
        Task watcher = watch.RunAsync(watching.Token);
        Task view = options.NoUi || Console.IsOutputRedirected
            ? PlainView.RunAsync(progress, output, time, watching.Token)
            : LiveView.RunAsync(progress, time, watching.Token);

        try
        {
            fleet.Start();
            await await Task.WhenAny(fleet.ReplayAsync(replaying.Token), fleet.WatchAsync());
            progress.Phase = "waiting for the last proofs";
            return await fleet.DrainAsync(DevnetLimits.DrainMax, abort);
        }
        finally
        {
            await watching.CancelAsync();
            await Task.WhenAll(watcher, view);
        }
    }

    private static RunReport Summarise(ValidatorGroup validators, StatisticsSnapshot proofs, CheckResult checks)
    {
        ValidatorReport Describe(RunningValidator validator, int index)
        {
            (double cpu, long rss, _) = validator.Process.Usage;
            string name = validator.Process.Plan.Name;
            return checks.Marks[index] is { } mark
                ? new ValidatorReport(name, checks.Height, mark.Hash.ToString(), mark.StateRoot.ToString(), cpu, rss)
                : new ValidatorReport(name, 0, "", "", cpu, rss);
        }
        Supply? supply = checks.Supply;
        return new RunReport(
            [.. validators.Members.Select(Describe)],
            checks.Agreement,
            new ProofReport(proofs.Submitted, proofs.Final, proofs.Accepted, proofs.Rejected),
            new LatencyReport(
                proofs.Latency.P50?.TotalMilliseconds, proofs.Latency.P95?.TotalMilliseconds, proofs.Latency.P99?.TotalMilliseconds),
            supply?.EpochsMinted ?? 0, supply?.Minted ?? 0, supply?.Burned ?? 0, checks.SupplyConserved, validators.Restarts);
    }
}
