using AppChain.Client;
using AppChain.Crypto;
using AppChain.Devnet.Statistics;
using AppChain.Devnet.Watch;
using AppChain.Ledger;
using AppChain.Protos.V1;
using Grpc.Core;
using SupplyAudit = AppChain.Protos.V1.SupplyAudit;

namespace AppChain.Devnet.Checks;

/// <summary>What the final checks found.</summary>
/// <param name="Marks">Each validator's block at the common height; null where it could not be read.</param>
internal sealed record CheckResult(
    ulong Height, IReadOnlyList<BlockMark?> Marks, bool Agreement, bool SupplyConserved, Supply? Supply, IReadOnlyList<string> Failures);

/// <summary>
/// After a run: all validators have one chain with one state at every height, no grain appeared or vanished, and every proof called final
/// is in it.
/// </summary>
internal sealed class FinalChecks(IReadOnlyList<RunningValidator> validators, ChainId chain, TimeProvider time)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    public async Task<CheckResult> RunAsync(IReadOnlyDictionary<Hash256, Acknowledged> acknowledged, CancellationToken cancellation)
    {
        List<string> failures = [];
        ulong height = await ConvergeAsync(acknowledged, failures, cancellation);

        AcknowledgedCheck proofs = new(chain, acknowledged);
        ChainScan[] scans = await Task.WhenAll(validators.Select((validator, index) =>
            ChainScan.ReadAsync(validator.Process.Plan.Name, validator.Client, height, index == 0 ? proofs.OnBlock : null, cancellation)));
        int failuresBefore = failures.Count;
        failures.AddRange(scans.Select(scan => scan.Failure).OfType<string>());
        failures.AddRange(Disagreements(scans));
        bool agreement = failures.Count == failuresBefore;
        failures.AddRange(proofs.Failures());

        string?[] audits = await Task.WhenAll(validators.Select(validator => AuditAsync(validator, cancellation)));
        failures.AddRange(audits.OfType<string>());
        Supply? supply = await SupplyAsync(failures, cancellation);
        return new CheckResult(
            height, [.. scans.Select(scan => MarkAt(scan, height))],
            agreement, audits.All(audit => audit is null), supply, failures);
    }

    /// <summary>Waits until every validator has the highest block that any of them, or any acknowledgement, knows now.</summary>
    private async Task<ulong> ConvergeAsync(
        IReadOnlyDictionary<Hash256, Acknowledged> acknowledged, List<string> failures, CancellationToken cancellation)
    {
        ulong?[] heights = await HeightsAsync(cancellation);
        ulong target = Math.Max(heights.Max() ?? 0, acknowledged.Count > 0 ? acknowledged.Values.Max(each => each.Height) : 0);
        long start = time.GetTimestamp();
        while (heights.Any(height => height is null || height < target))
        {
            if (time.GetElapsedTime(start) > DevnetLimits.ConvergeMax)
            {
                failures.AddRange(Laggards(heights, target));
                break;
            }
            await Task.Delay(Poll, time, cancellation);
            heights = await HeightsAsync(cancellation);
        }
        return target;
    }

    private IEnumerable<string> Laggards(ulong?[] heights, ulong target)
    {
        for (int i = 0; i < heights.Length; i++)
        {
            if (heights[i] >= target)
                continue;
            string where = heights[i] is { } height ? $"it is at {height}" : "it does not answer";
            yield return $"{validators[i].Process.Plan.Name} did not reach height {target} "
                + $"within {DevnetLimits.ConvergeMax.TotalSeconds:0} s: {where}.";
        }
    }

    private Task<ulong?[]> HeightsAsync(CancellationToken cancellation) => Task.WhenAll(validators.Select(async validator =>
    {
        try
        {
            return (await validator.Client.GetStatusAsync(DevnetLimits.StatusDeadline, cancellation)).Height;
        }
        catch (RpcException) when (!cancellation.IsCancellationRequested)
        {
            return (ulong?)null;
        }
    }));

    private static BlockMark? MarkAt(ChainScan scan, ulong height) =>
        height > 0 && (ulong)scan.Blocks.Count >= height ? scan.Blocks[(int)height - 1] : null;

    private static IEnumerable<string> Disagreements(ChainScan[] scans)
    {
        ChainScan reference = scans[0];
        foreach (ChainScan scan in scans.Skip(1))
        {
            for (int i = 0; i < Math.Min(scan.Blocks.Count, reference.Blocks.Count); i++)
            {
                if (scan.Blocks[i] == reference.Blocks[i])
                    continue;
                yield return $"{scan.Validator} and {reference.Validator} differ at height {i + 1}: "
                    + $"{scan.Blocks[i]} and {reference.Blocks[i]}.";
                break;
            }
        }
    }

    private static async Task<string?> AuditAsync(RunningValidator validator, CancellationToken cancellation)
    {
        try
        {
            SupplyAudit audit = await validator.Client.AuditSupplyAsync(cancellation);
            // Added up here once more, in a wider type: the node's own word is not taken for it.
            UInt128 held = (UInt128)audit.Balances + audit.Pools + audit.Treasury + audit.Staked + audit.Deposits;
            UInt128 issued = (UInt128)audit.Genesis + audit.Minted - audit.Burned;
            bool creditsAddUp = (UInt128)audit.Credits + audit.CreditsSpent == audit.CreditsIssued;
            return audit.Conserved && held == issued && creditsAddUp
                ? null
                : $"{validator.Process.Plan.Name}: supply is not conserved at height {audit.Height}: "
                    + $"{held} grains are held, {issued} were issued; "
                    + $"{audit.Credits} credits are held, {audit.CreditsIssued} were issued, {audit.CreditsSpent} spent.";
        }
        catch (RpcException e) when (!cancellation.IsCancellationRequested)
        {
            return $"{validator.Process.Plan.Name}: its supply could not be audited: {e.StatusCode} {e.Status.Detail}";
        }
    }

    private async Task<Supply?> SupplyAsync(List<string> failures, CancellationToken cancellation)
    {
        try
        {
            return await validators[0].Client.GetSupplyAsync(cancellation);
        }
        catch (RpcException e) when (!cancellation.IsCancellationRequested)
        {
            failures.Add($"{validators[0].Process.Plan.Name}: its supply could not be read: {e.StatusCode} {e.Status.Detail}");
            return null;
        }
    }
}
