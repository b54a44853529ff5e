namespace AppChain.Devnet;

/// <summary>What the command line asked for, checked.</summary>
/// <param name="Validators">Null: what the chain in the directory has, or <see cref="DevnetLimits.ValidatorsDefault"/>.</param>
/// <param name="Rate">Proofs per second of the whole fleet; null replays the readings' own times, compressed.</param>
/// <param name="For">How long to submit; null until Ctrl-C.</param>
/// <param name="Data">The run's directory; null is <c>.devnet</c> in the repository, made anew each run.</param>
/// <param name="Genesis">The genesis file that a new chain is made from; null is the repository's.</param>
/// <param name="PortBase">Null: what the chain in the directory was made with, or <see cref="Processes.PortPlan.Default"/>.</param>
internal sealed record DevnetOptions(
    string Repository, int? Validators, int Devices, double? Rate, TimeSpan? For, string? Data, string? Genesis,
    string? Report, bool NoUi, int? PortBase, bool NoRestart, string NodeExecutable);
