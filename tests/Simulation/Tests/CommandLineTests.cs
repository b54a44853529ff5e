using AppChain.Simulation.Cli;

namespace AppChain.Simulation.Tests;

public sealed class CommandLineTests
{
    [Fact]
    public void Options_AllGiven_AreUnderstoodAndReplayed()
    {
        var line = CommandLine.Parse(
            ["--seeds", "5", "--from", "7", "--validators", "4", "--views", "9", "--profile", "lossy",
             "--failures", "1", "--report", "r.json"], out _);

        Assert.NotNull(line);
        Assert.Equal(1UL, line.FailuresMax);
        Assert.Equal((5UL, 7UL, 4, 9UL, "lossy", "r.json"), (line.Seeds, line.From, line.Validators, line.Views, line.Profile, line.Report));
        Assert.Equal("tests/simulate --seeds 1 --from 8 --validators 4 --views 9 --profile lossy", line.Replay(8));
    }

    [Theory]
    [InlineData("--seeds", "0")]
    [InlineData("--seeds", "many")]
    [InlineData("--validators", "129")]
    [InlineData("--profile", "unheard-of")]
    [InlineData("--report")]
    [InlineData("--from", "18446744073709551615")]
    [InlineData("--colour", "red")]
    public void Options_Wrong_AreRefused(params string[] args)
    {
        Assert.Null(CommandLine.Parse(args, out var problem));
        Assert.Contains(args[0], problem, StringComparison.Ordinal);
    }
}
