namespace AppChain.Devnet.Replay;

/// <summary>The series that the fleet replays, and one sentence on where they come from.</summary>
internal sealed record ReplayData(IReadOnlyList<AirSeries> Series, string Origin)
{
    private const string FolderVariable = "DEVNET_DATA";
    private const int GeneratedSensors = 23;

    /// <summary>
    /// The real sensors of <c>$DEVNET_DATA/air</c>, or of <c>../shared/data/air</c> beside the repository; a small generated set when
    /// neither is there.
    /// </summary>
    public static ReplayData Load(string repository)
    {
        string root = Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } given
            ? given
            : Path.Combine(repository, "..", "shared", "data");
        string folder = Path.GetFullPath(Path.Combine(root, "air"));
        IReadOnlyList<AirSeries> real = Directory.Exists(folder) ? AirCsv.Load(folder) : [];
        return real.Count > 0
            ? new ReplayData(real, $"{real.Count} real sensors, {real.Sum(series => series.Readings.Count):N0} readings from {folder}")
            : new ReplayData(GeneratedAir.Create(GeneratedSensors),
                $"no sensor data in {folder} (set {FolderVariable}): replaying a small GENERATED set of {GeneratedSensors} sensors");
    }
}
