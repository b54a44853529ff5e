using System.Net;
using AppChain.Client;
using AppChain.Crypto;
using AppChain.Devnet.Chain;
using AppChain.Devnet.Checks;
using AppChain.Devnet.Fleet;
using AppChain.Devnet.Processes;
using AppChain.Devnet.Replay;
using AppChain.Devnet.Statistics;
using AppChain.Ledger;

namespace AppChain.Devnet.Siege;

/// <summary>
/// One siege from beginning to end: a new chain under honest load, the same load in quiet and then among attackers at every port; then everything that
/// must hold is checked.
/// </summary>
internal sealed class SiegeRun(SiegeOptions options, TextWriter output, TimeProvider time, CancellationToken stop)
{
    private readonly List<string> failures = [];
    private readonly Dictionary<Hash256, Acknowledged> acknowledged = [];

    /// <returns>Sentences on what did not hold; none means that the chain bore it.</returns>
    public async Task<IReadOnlyList<string>> RunAsync()
    {
        ChainSetup setup = await ChainSetup.OpenAsync(options.Devnet, newFor: "a siege", stop);
        Genesis genesis = await setup.CreateAsync(time.GetUtcNow(), stop);
        await using ValidatorGroup validators = ValidatorGroup.Start(setup.Directory, options.Devnet, setup.Ports, time);
        await validators.WaitUntilReadyAsync(stop);

        TimeSpan warmUp = AtMost(SiegeLimits.WarmUp);
        await output.WriteLineAsync($"warming up for {warmUp.TotalSeconds:0} s …");
        await LoadAsync(genesis, validators, warmUp);
        await output.WriteLineAsync($"honest load alone for {options.For.TotalSeconds:0} s …");
        HonestPart quiet = await LoadAsync(genesis, validators, options.For);
        SiegeReport report = await BesiegeAsync(genesis, validators, setup.Ports, quiet);

        CheckResult checks = await new FinalChecks(validators.Members, genesis.ChainId, time).RunAsync(acknowledged, stop);
        failures.AddRange(checks.Failures);
        failures.AddRange(await validators.StopAsync());
        await SayAsync(report with { Height = checks.Height, Agreement = checks.Agreement, Failures = failures });
        return failures;
    }

    // A short siege has short intervals before and after it.
    private TimeSpan AtMost(TimeSpan time) => time < options.For ? time : options.For;

    private async Task<SiegeReport> BesiegeAsync(Genesis genesis, ValidatorGroup validators, PortPlan ports, HonestPart quiet)
    {
        int count = validators.Members.Count;
        IPEndPoint[] open = [.. Enumerable.Range(0, count).Select(i => new IPEndPoint(IPAddress.Loopback, ports.Rpc(i)))];
        IPEndPoint[] all = [.. open, .. Enumerable.Range(0, count).Select(i => new IPEndPoint(IPAddress.Loopback, ports.Peer(i)))];
        await output.WriteLineAsync($"{options.Connections} hostile connections and {options.Frames} frames within {options.For.TotalSeconds:0} s …");
        MemoryWatch memory = new(validators, time);
        long[] before = memory.Now();
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using HostileConnections connections = new(all, time, new Random(1));
        // Frames go where something reads them: the peer ports speak TLS, and see them as garbage, of which there is enough.
        HostileFrames frames = new(open, time);
        // Spread over most of the time, so that what comes last still has some to do harm.
        TimeSpan within = options.For * 0.9;
        Task[] hostile = [connections.RunAsync(options.Connections, within, over.Token), frames.RunAsync(options.Frames, within, over.Token), memory.RunAsync(over.Token)];
        HonestPart besieged = await LoadAsync(genesis, validators, options.For);
        await over.CancelAsync();
        await Task.WhenAll(hostile);
        connections.Dispose();
        await Task.Delay(AtMost(SiegeLimits.Rest), time, stop);
        long[] after = memory.Now();

        MemoryReport[] reports = [.. validators.Members.Select((member, i) => new MemoryReport(member.Process.Plan.Name, before[i], memory.Peaks[i], after[i]))];
        SiegeReport report = new(
            connections.Opened, connections.NotTaken, frames.Sent, frames.Connections, options.For.TotalSeconds, Environment.ProcessorCount,
            quiet, besieged, reports, Height: 0, Agreement: false, failures);
        Judge(report);
        return report;
    }

    private void Judge(SiegeReport report)
    {
        foreach (MemoryReport each in report.Memory.Where(static each => each.Peak - each.Before > SiegeLimits.RssGrowthMax))
            failures.Add($"{each.Name} grew by {(each.Peak - each.Before) >> 20} MiB, more than {SiegeLimits.RssGrowthMax >> 20} MiB.");
        foreach ((string name, double? ratio) in new[] { ("median", report.P50Ratio), ("95th percentile", report.P95Ratio) })
        {
            if (ratio is null || ratio > options.SlowerMax)
                failures.Add(FormattableString.Invariant($"the {name} of honest proofs' times was {ratio:0.00} times as long as in quiet, more than {options.SlowerMax:0.##}."));
        }
        if (report.Connections < options.Connections * 0.95 || report.Frames < options.Frames)
            failures.Add($"only {report.Connections} connections and {report.Frames} frames got out in time: this machine is too slow for so many, or --for too short.");
    }

    /// <summary>The same honest devices, for a while. What they saw counts from here.</summary>
    private async Task<HonestPart> LoadAsync(Genesis genesis, ValidatorGroup validators, TimeSpan duration)
    {
        AirService service = AirService.Find(genesis.Services);
        ReplayData data = ReplayData.Load(options.Devnet.Repository);
        PlannedDevice[] plans = [.. Enumerable.Range(0, options.Devnet.Devices).Select(number => PlannedDevice.Create(data.Series, number))];
        NodeClient[] nodes = [.. validators.Members.Select(member => member.Client)];
        (IReadOnlyList<FleetDevice> devices, _) = await new Enrolment(genesis.ChainId, service, nodes, time).EnrolAsync(plans, stop);
        RunStatistics statistics = new(time);
        await using SensorFleet fleet = new(devices, new ReplayPace(options.Devnet.Rate, devices.Count, service), statistics, time);
        using CancellationTokenSource replaying = CancellationTokenSource.CreateLinkedTokenSource(stop);
        replaying.CancelAfter(duration);
        fleet.Start();
        await await Task.WhenAny(fleet.ReplayAsync(replaying.Token), fleet.WatchAsync());
        stop.ThrowIfCancellationRequested();
        if (!await fleet.DrainAsync(DevnetLimits.DrainMax, stop))
            failures.Add($"{fleet.Pending} proofs had no last word {DevnetLimits.DrainMax.TotalSeconds:0} s after the last one. {fleet.Problem}".TrimEnd());
        foreach ((Hash256 id, Acknowledged told) in statistics.AcknowledgedProofs)
            acknowledged[id] = told;
        return HonestPart.Of(duration, statistics.Snapshot());
    }

    private async Task SayAsync(SiegeReport report)
    {
        await output.WriteLineAsync();
        await output.WriteAsync(report.ToTable());
        if (options.Devnet.Report is { } file)
            await File.WriteAllTextAsync(file, report.ToJson(), CancellationToken.None);
    }
}
