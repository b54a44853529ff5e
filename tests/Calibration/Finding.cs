namespace AppChain.Tests.Calibration;

/// <summary>What became of one story on one set of data.</summary>
/// <param name="Data">The data.</param>
/// <param name="Story">What the devices did.</param>
/// <param name="Cases">How many windows, receptions or intervals were judged.</param>
/// <param name="Caught">The share of them that was refused or counted as evidence.</param>
/// <param name="Earned">What it earned over a year, relative to honest work on the same data.</param>
/// <param name="Told">False: the chain need not tell it from honest work on these data; what it earns then a bond must answer for.</param>
internal sealed record Finding(string Data, string Story, int Cases, double Caught, double Earned, bool Told = true)
{
    /// <summary>What a fraud may earn of what honest work earns.</summary>
    public const double EarnedMax = 0.10;

    /// <summary>What honest work must keep.</summary>
    public const double KeptMin = 0.98;

    /// <summary>True if it earns more than a fraud may, and nothing on chain shows it.</summary>
    public bool IsUntold => !Told && Earned > EarnedMax;

    public static string TableHead => "| Data | What the device does | Cases | Caught | Earns |\n|---|---|---|---|---|\n";

    public string Row =>
        FormattableString.Invariant($"| {Data} | {Story} | {Cases} | {Caught:P1} | {Earned:P1}{(IsUntold ? " ¹" : "")} |\n");
}

/// <summary>What a part of the calibration gives: honest work, frauds, and its part of the page.</summary>
internal sealed record Findings(IReadOnlyList<Finding> Honest, IReadOnlyList<Finding> Frauds, string Bounds)
{
    public IEnumerable<Finding> Untold => Frauds.Where(finding => finding.IsUntold);
}
