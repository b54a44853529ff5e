namespace AppChain.Devnet.Chaos;

/// <summary>What the command line asked of a chaos run, checked.</summary>
/// <param name="Seed">Of the schedule.</param>
/// <param name="For">Bouts begin until this time has passed.</param>
/// <param name="Rate">Proofs per second of all devices.</param>
/// <param name="RecoveryMax">How long the chain may take after a bout until it carries its load again.</param>
internal sealed record ChaosOptions(DevnetOptions Devnet, int Seed, TimeSpan For, double Rate, TimeSpan RecoveryMax)
{
    /// <summary>The line that repeats the run.</summary>
    public string RepeatLine
    {
        get
        {
            string validators = Devnet.Validators is { } number ? FormattableString.Invariant($" --validators {number}") : "";
            return FormattableString.Invariant($"devnet/chaos --for {For.TotalSeconds:0}s --seed {Seed}{validators}");
        }
    }
}
