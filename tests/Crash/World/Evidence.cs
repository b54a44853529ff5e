using System.Text.Json;

namespace AppChain.Crash.World;

/// <summary>What it takes to judge a crashed data directory again, beside the directory.</summary>
internal sealed record Evidence(int Seed, int Number, Fault Fault, Promise Promise, Attempts Attempts)
{
    private const string FileName = "evidence.json";

    public void Save(string folder) => File.WriteAllText(Path.Combine(folder, FileName), JsonSerializer.Serialize(this));

    public static Evidence Load(string folder) => JsonSerializer.Deserialize<Evidence>(File.ReadAllText(Path.Combine(folder, FileName)))!;
}
