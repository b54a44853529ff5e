using System.Text.Json;
using AppChain.Devnet.Chaos.Plan;

namespace AppChain.Devnet.Chaos;

/// <summary>What became of one bout.</summary>
/// <param name="RecoverySeconds">From its last fault's end until the chain carried its load again.</param>
/// <param name="StallSeconds">The longest time without a block from its beginning until then.</param>
internal sealed record BoutResult(Bout Bout, double RecoverySeconds, double StallSeconds)
{
    public override string ToString() => FormattableString.Invariant($"{Bout}  recovered in {RecoverySeconds:0.0} s, longest stall {StallSeconds:0.0} s");
}

/// <summary>What <c>--report</c> of a chaos run writes.</summary>
internal sealed record ChaosReport(
    int Seed, double Seconds, int Validators, bool FullDiskPossible, int Kills, IReadOnlyDictionary<string, int> Faults,
    int BoutsWithinF, int BoutsBeyondF, double? RecoverySecondsMedian, double? RecoverySecondsWorst, double? StallSecondsWorstWithinF,
    ulong Height, long ProofsSubmitted, long ProofsFinal, bool Agreement, bool SupplyConserved,
    IReadOnlyList<string> Schedule, IReadOnlyList<string> Failures)
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public string ToJson() => JsonSerializer.Serialize(this, Options) + "\n";

    public string Summary => FormattableString.Invariant(
        $"{BoutsWithinF} bouts within f, {BoutsBeyondF} beyond; {Kills} kills; recovered in {RecoverySecondsMedian:0.0} s (median), {RecoverySecondsWorst:0.0} s (worst); ")
        + FormattableString.Invariant($"longest stall within f {StallSecondsWorstWithinF:0.0} s; {ProofsFinal} of {ProofsSubmitted} proofs final, {Height} blocks");
}
