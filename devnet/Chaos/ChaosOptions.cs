using AppChain.Devnet.Chaos.Plan;

namespace AppChain.Devnet.Chaos;

/// <summary>What the command line asked of a chaos run, checked.</summary>
/// <param name="Seed">Of the schedule.</param>
/// <param name="For">Bouts begin until this time has passed.</param>
/// <param name="Rate">Proofs per second of all devices.</param>
/// <param name="Only">The kinds of faults to choose from; empty: all.</param>
/// <param name="RecoveryMax">How long the chain may take after a bout until it carries its load again.</param>
internal sealed record ChaosOptions(DevnetOptions Devnet, int Seed, TimeSpan For, double Rate, IReadOnlyList<FaultKind> Only, TimeSpan RecoveryMax)
{
    /// <summary>The line that repeats the run.</summary>
    public string RepeatLine
    {
        get
        {
            string validators = Devnet.Validators is { } number ? FormattableString.Invariant($" --validators {number}") : "";
            string only = Only.Count == 0 ? "" : " --faults " + string.Join(',', Only);
            return FormattableString.Invariant($"devnet/chaos --for {For.TotalSeconds:0}s --seed {Seed}{only}{validators}");
        }
    }
}
