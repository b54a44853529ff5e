using AppChain.Client;
using AppChain.Crypto;
using AppChain.Devnet.Chain;
using AppChain.Devnet.Checks;
using AppChain.Devnet.Fleet;
using AppChain.Devnet.Processes;
using AppChain.Devnet.Replay;
using AppChain.Devnet.Statistics;
using AppChain.Ledger;

namespace AppChain.Devnet.Bench;

/// <summary>
/// One benchmark from beginning to end: a new chain, devices, proofs signed beforehand, full load, half of it, next to none; then all validators
/// must have one chain. Every proof is signed by its device and verified by every validator.
/// </summary>
internal sealed class BenchRun(BenchOptions options, TextWriter output, TimeProvider time, CancellationToken stop)
{
    /// <returns>Sentences on what did not hold; none means that the figures count.</returns>
    public async Task<IReadOnlyList<string>> RunAsync()
    {
        ChainSetup setup = await ChainSetup.OpenAsync(options.Devnet, newFor: "a benchmark", stop);
        Genesis genesis = await setup.CreateAsync(time.GetUtcNow(), stop);

        SignatureClock clock = new();
        clock.Measure();
        await using ValidatorGroup validators = ValidatorGroup.Start(setup.Directory, options.Devnet, setup.Ports, time);
        await validators.WaitUntilReadyAsync(stop);
        (ProofStock[] stocks, int proofBytes) = await PrepareAsync(genesis, validators);

        ResourceMeter meter = new(validators, setup.Directory, time);
        LoadStream[] streams =
        [
            .. validators.Members.Select((member, index) =>
                new LoadStream(member.Client, [.. stocks.Where((_, device) => device % validators.Members.Count == index)], time, stop)),
        ];
        CatchUpMeter catchUp = new(validators, setup.Directory, time);
        (BenchReport report, IReadOnlyList<string> problems) = await MeasureAsync(streams, (meter, catchUp), clock, validators, proofBytes);
        List<string> failures = [.. problems];
        CheckResult checks = await new FinalChecks(validators.Members, genesis.ChainId, time)
            .RunAsync(new Dictionary<Hash256, Acknowledged>(), stop);
        failures.AddRange(checks.Failures);
        failures.AddRange(await validators.StopAsync());

        await output.WriteLineAsync();
        await output.WriteAsync(report.ToTable());
        if (options.Devnet.Report is { } file)
            await File.WriteAllTextAsync(file, report.ToJson(), CancellationToken.None);
        return failures;
    }

    private async Task<(ProofStock[] Stocks, int ProofBytes)> PrepareAsync(Genesis genesis, ValidatorGroup validators)
    {
        AirService service = AirService.Find(genesis.Services);
        ReplayData data = ReplayData.Load(options.Devnet.Repository);
        PlannedDevice[] plans = [.. Enumerable.Range(0, options.Devices).Select(number => PlannedDevice.Create(data.Series, number) with { Scheme = KeyScheme.Secp256k1 })];
        NodeClient[] nodes = [.. validators.Members.Select(member => member.Client)];
        await output.WriteLineAsync($"registering {plans.Length} devices …");
        (IReadOnlyList<FleetDevice> devices, _) = await new Enrolment(genesis.ChainId, service, nodes, time).EnrolAsync(plans, stop);
        foreach (FleetDevice device in devices)
            await device.DisposeAsync(); // they speak through streams of their own here

        int each = options.Phases.ProofsSigned / plans.Length;
        await output.WriteLineAsync($"signing {each * plans.Length} proofs …");
        ProofStock[] stocks = new ProofStock[plans.Length];
        DateTimeOffset now = time.GetUtcNow();
        Parallel.For(0, plans.Length, new ParallelOptions { CancellationToken = stop }, number =>
            stocks[number] = ProofStock.Sign(genesis.ChainId, service, plans[number], each, firstSequence: 1, now));
        return (stocks, stocks[0].ProofBytes);
    }

    private async Task<(BenchReport Report, IReadOnlyList<string> Problems)> MeasureAsync(
        LoadStream[] streams, (ResourceMeter Usage, CatchUpMeter CatchUp) meters, SignatureClock clock, ValidatorGroup validators, int proofBytes)
    {
        ResourceMeter meter = meters.Usage;
        BenchPhases phases = options.Phases;
        int count = validators.Members.Count;
        await output.WriteLineAsync($"warming up for {phases.WarmUp.TotalSeconds:0} s …");
        await SendAllAsync(streams, phases.WarmUp, null);
        await output.WriteLineAsync($"full load for {phases.Full.TotalSeconds:0} s …");
        Part full = await MeasureAsync(streams, meter, phases.Full, null);
        double rate = full.Load.Accepted / full.Seconds / 2;
        await DrainAsync(streams);
        await output.WriteLineAsync(FormattableString.Invariant($"{2 * rate:0} final proofs a second; half of it for {phases.Half.TotalSeconds:0} s …"));
        Part half = await MeasureAsync(streams, meter, phases.Half, rate);
        await DrainAsync(streams);
        await output.WriteLineAsync($"next to nothing for {phases.Idle.TotalSeconds:0} s …");
        Part idle = await MeasureAsync(streams, meter, phases.Idle, 1 / BenchLimits.IdleInterval.TotalSeconds);
        clock.Measure();
        await Task.WhenAll(streams.Select(stream => stream.CompleteAsync()));
        foreach (LoadStream stream in streams)
            await stream.DisposeAsync();
        await output.WriteLineAsync("a validator catches up with nothing in its data directory …");
        CatchUpReport caughtUp = await meters.CatchUp.MeasureAsync(streams.Sum(static stream => stream.Final), stop);

        double cpuMicros = full.CpuSeconds * 1e6 / count / full.Load.Accepted;
        BenchReport report = new(
            count, options.Devices, Environment.ProcessorCount, clock.Microseconds, cpuMicros, cpuMicros / clock.Microseconds, proofBytes,
            (double)full.DiskBytes / count / full.Load.Accepted, full.RssBytesWorst, full.Report(count), half.Report(count), idle.Report(count), caughtUp);
        List<string> problems = [];
        foreach ((string name, Part part) in new[] { ("full", full), ("half", half), ("idle", idle) })
        {
            if (part.Load.Rejected + part.Load.Refused > 0)
                problems.Add($"{part.Load.Rejected + part.Load.Refused} proofs were not accepted at {name} load, the first for {part.Load.Problem}.");
            if (part.UsedUp)
                problems.Add($"the proofs signed beforehand were used up at {name} load: its time is shorter than asked for.");
        }
        return (report, problems);
    }

    private async Task<Part> MeasureAsync(LoadStream[] streams, ResourceMeter meter, TimeSpan duration, double? rate)
    {
        Usage before = await meter.ReadAsync(stop);
        foreach (LoadStream stream in streams)
            stream.Restart();
        bool usedUp = !await SendAllAsync(streams, duration, rate);
        Usage after = await meter.ReadAsync(stop);
        return new Part(before, after, LoadCount.Sum(streams.Select(stream => stream.Restart())), usedUp, time);
    }

    // Every stream its share of the rate; without a rate as much as there is room for.
    private async Task<bool> SendAllAsync(LoadStream[] streams, TimeSpan duration, double? rate)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        end.CancelAfter(duration);
        bool[] lasted = await Task.WhenAll(streams.Select(stream => Task.Run(() => rate is { } all
            ? SendSteadilyAsync(stream, all / streams.Length, end.Token)
            : SendAsMuchAsPossibleAsync(stream, end.Token))));
        stop.ThrowIfCancellationRequested();
        return lasted.All(each => each);
    }

    private async Task<bool> SendAsMuchAsPossibleAsync(LoadStream stream, CancellationToken end)
    {
        while (await HasRoomAsync(stream, end))
        {
            if (!await stream.SendAsync(stop))
                return false;
        }
        return true;
    }

    private async Task<bool> SendSteadilyAsync(LoadStream stream, double rate, CancellationToken end)
    {
        long start = time.GetTimestamp();
        for (long sent = 0; !end.IsCancellationRequested;)
        {
            for (long due = (long)(time.GetElapsedTime(start).TotalSeconds * rate); sent < due; sent++)
            {
                if (!await HasRoomAsync(stream, end))
                    return true;
                if (!await stream.SendAsync(stop))
                    return false;
            }
            await Task.Delay(BenchLimits.Tick, time, CancellationToken.None);
        }
        return true;
    }

    private static async Task<bool> HasRoomAsync(LoadStream stream, CancellationToken end)
    {
        try
        {
            await stream.WaitForRoomAsync(end);
            return !end.IsCancellationRequested;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task DrainAsync(LoadStream[] streams)
    {
        long start = time.GetTimestamp();
        while (streams.Any(stream => stream.UnderWay > 0))
        {
            if (time.GetElapsedTime(start) > DevnetLimits.DrainMax)
                throw new DevnetException($"{streams.Sum(stream => stream.UnderWay)} proofs had no last word {DevnetLimits.DrainMax.TotalSeconds:0} s after the last one.");
            await Task.Delay(BenchLimits.Tick, time, stop);
        }
    }

    private sealed record Part(Usage Before, Usage After, LoadCount Load, bool UsedUp, TimeProvider Time)
    {
        public double Seconds => Time.GetElapsedTime(Before.Timestamp, After.Timestamp).TotalSeconds;

        public double CpuSeconds => After.CpuSeconds - Before.CpuSeconds;

        public long DiskBytes => After.DiskBytes - Before.DiskBytes;

        public long RssBytesWorst => After.RssBytesWorst;

        public LoadReport Report(int validators)
        {
            double blocks = Math.Max(1, After.Height - Before.Height);
            double? Ms(double quantile) => Load.Latency.Quantile(quantile)?.TotalMilliseconds;
            return new LoadReport(
                Seconds, Load.Accepted, Load.Rejected, Load.Refused, Load.Accepted / Seconds, Ms(0.50), Ms(0.95), Ms(0.99),
                Seconds * 1_000 / blocks, Load.Accepted / blocks, CpuSeconds / Seconds / validators);
        }
    }
}
