using AppChain.Client;
using AppChain.Client.Explain;
using AppChain.Crypto;
using AppChain.Devnet.Chain;
using AppChain.Devnet.Checks;
using AppChain.Devnet.Fleet;
using AppChain.Devnet.Processes;
using AppChain.Devnet.Replay;
using AppChain.Devnet.Statistics;
using AppChain.Ledger;

namespace AppChain.Devnet.Audit;

/// <summary>
/// One audit from beginning to end: a new chain with short reward epochs, devices that work and users who pay them; then every epoch of every device is
/// explained, verified, and added up against what was paid and minted.
/// </summary>
internal sealed class AuditRun(AuditOptions options, TextWriter output, TimeProvider time, CancellationToken stop)
{
    private readonly List<string> failures = [];

    /// <returns>Sentences on what did not hold; none means that everything adds up.</returns>
    public async Task<IReadOnlyList<string>> RunAsync()
    {
        ChainSetup setup = await ChainSetup.OpenAsync(options.Devnet, newFor: "an audit", stop);
        Dictionary<string, long> parameters = new() { ["epochMs"] = (long)options.Epoch.TotalMilliseconds, ["restEpochs"] = AuditLimits.RestEpochs };
        Genesis genesis = await setup.CreateAsync(time.GetUtcNow(), stop, peerAddress: null, parameters);
        await using ValidatorGroup validators = ValidatorGroup.Start(setup.Directory, options.Devnet, setup.Ports, time);
        await validators.WaitUntilReadyAsync(stop);
        NodeClient[] nodes = [.. validators.Members.Select(static member => member.Client)];

        using AuditedFleet fleet = await AuditedFleet.EnrolAsync(options, genesis, nodes, time, stop);
        await output.WriteLineAsync($"{fleet.Devices.Length} devices; replaying for {options.For.TotalSeconds:0} s …");
        (long proofs, long vouchers) = await fleet.WorkAsync(stop);
        ulong closed = await ClosedEpochsAsync(nodes);
        await output.WriteLineAsync($"explaining {closed} reward epochs of {fleet.Devices.Length} devices …");
        AuditReport report = await ExplainAsync(genesis, nodes, fleet, closed);

        CheckResult checks = await new FinalChecks(validators.Members, genesis.ChainId, time).RunAsync(new Dictionary<Hash256, Acknowledged>(), stop);
        failures.AddRange(checks.Failures);
        failures.AddRange(await validators.StopAsync());
        await SayAsync(report with { Proofs = proofs, Vouchers = vouchers, Failures = failures });
        return failures;
    }

    /// <summary>Waits until the epoch in which the last work may have been done is minted for, and proven, everywhere.</summary>
    /// <returns>How many epochs are closed.</returns>
    private async Task<ulong> ClosedEpochsAsync(NodeClient[] nodes)
    {
        ulong open = 0;
        foreach (NodeClient node in nodes)
            open = Math.Max(open, (await node.GetStatusAsync(cancellation: stop)).RewardEpoch);
        foreach (NodeClient node in nodes)
        {
            // One more than the next: the block that mints is proven by the one after it.
            while ((await node.GetStatusAsync(cancellation: stop)).RewardEpoch < open + 2)
                await Task.Delay(AuditLimits.AttemptPause, time, stop);
        }
        return open + 1;
    }

    private async Task<AuditReport> ExplainAsync(Genesis genesis, NodeClient[] nodes, AuditedFleet fleet, ulong closed)
    {
        if ((ulong)fleet.Devices.Length * closed > AuditLimits.ExplanationsMax)
            throw new DevnetException($"{fleet.Devices.Length} devices and {closed} epochs are more than {AuditLimits.ExplanationsMax} explanations.");
        using HeaderReader headers = new(genesis, nodes[0]);
        Auditor auditor = new(nodes, genesis.ChainId, headers, time);
        AuditBook book = new();
        Amount[,] earned = new Amount[fleet.Devices.Length, (int)closed];
        ParallelOptions few = new() { MaxDegreeOfParallelism = AuditLimits.AskedAtOnce, CancellationToken = stop };
        await Parallel.ForAsync(0, fleet.Devices.Length, few, async (device, cancel) =>
        {
            for (int epoch = 0; epoch < (int)closed; epoch++)
            {
                VerifiedExplanation explained = await auditor.ExplainAsync(device % nodes.Length, fleet.Devices[device], (ulong)epoch, cancel);
                earned[device, epoch] = explained.Earned;
                lock (book)
                    book.Enter(explained);
            }
        });
        int pairsNotEmpty = await ExplainPairsAsync(auditor, nodes.Length, fleet, earned);

        Dictionary<Address, UInt128> paid = [];
        UInt128 resting = 0;
        for (int device = 0; device < fleet.Devices.Length; device++)
        {
            (ulong balance, ulong rests) = await auditor.AccountAsync(device % nodes.Length, fleet.Payees[device], stop);
            paid[fleet.Devices[device]] = (UInt128)balance + rests;
            resting += rests;
        }
        failures.AddRange(book.Failures(paid));
        if (book.Minted.Usage == 0 || book.Settled == 0)
            failures.Add("nothing was earned, by proofs or by payments: the audit shows nothing.");
        UInt128 sum = paid.Values.Aggregate(UInt128.Zero, static (all, each) => all + each);
        return new AuditReport(
            fleet.Devices.Length, book.Epochs, fleet.Devices.Length * (int)closed, book.NotEmpty, options.Pairs, pairsNotEmpty, headers.Height,
            Proofs: 0, Vouchers: 0, (ulong)sum, (ulong)resting, (ulong)book.Settled, (ulong)book.Unsettled,
            (ulong)book.Minted.Coverage, (ulong)book.Minted.Usage, (ulong)book.Remainder, failures);
    }

    // Whichever node is asked, the answer holds, and is the same.
    private async Task<int> ExplainPairsAsync(Auditor auditor, int nodes, AuditedFleet fleet, Amount[,] earned)
    {
        Random random = new(options.Seed);
        int notEmpty = 0;
        for (int pair = 0; pair < options.Pairs; pair++)
        {
            (int device, int epoch, int node) = (random.Next(earned.GetLength(0)), random.Next(earned.GetLength(1)), random.Next(nodes));
            VerifiedExplanation explained = await auditor.ExplainAsync(node, fleet.Devices[device], (ulong)epoch, stop);
            if (!explained.Services.IsEmpty)
                notEmpty++;
            if (explained.Earned != earned[device, epoch])
                failures.Add($"device {device}, epoch {epoch}: two nodes explain {explained.Earned} and {earned[device, epoch]} tokens.");
        }
        return notEmpty;
    }

    private async Task SayAsync(AuditReport report)
    {
        await output.WriteLineAsync();
        await output.WriteAsync(report.ToTable());
        if (options.Devnet.Report is { } file)
            await File.WriteAllTextAsync(file, report.ToJson(), CancellationToken.None);
    }
}
