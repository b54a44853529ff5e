using System.Text.Json.Nodes;

namespace AppChain.EndToEnd;

/// <summary>`appchain net doctor` at the home of a validator of a running devnet.</summary>
[Collection(RunningDevnetTests.Name)]
public sealed class DoctorCommandTests(RunningDevnet running)
{
    [Fact]
    public async Task Doctor_OfARunningValidator_SeesEveryPeerAndNothingWrong()
    {
        JsonNode? seen = null;
        await Until.HoldsAsync("all peers are connected both ways", TimeSpan.FromSeconds(30), async () =>
        {
            Finished doctor = await Shell.RunAsync(
                Repository.Node,
                ["net", "doctor", "--home", Path.Combine(running.Devnet.DataDirectory, "v0"), "--json"],
                TimeSpan.FromSeconds(30));
            seen = JsonNode.Parse(doctor.Output)!;
            Assert.Equal((bool)seen["healthy"]!, doctor.ExitCode == 0);
            return seen["peers"]!.AsArray().All(peer => (bool?)peer!["connectedToUs"] == true);
        });
        Assert.Equal(["validator 1", "validator 2", "validator 3"], seen!["peers"]!.AsArray().Select(peer => (string)peer!["name"]!));
        Assert.All(seen["peers"]!.AsArray(), peer => Assert.Equal((string)peer!["expectedKey"]!, (string)peer["key"]!));
        Assert.All(seen["peers"]!.AsArray(), peer => Assert.InRange((double)peer!["clockAheadMs"]!, -(double)peer["latencyMs"]! - 1, (double)peer["latencyMs"]! + 1));
        // One machine that runs all of it may be slow to answer; nothing else may be wrong.
        Assert.All(seen["problems"]!.AsArray(), problem => Assert.Equal("latency", (string)problem!["kind"]!));
    }
}
