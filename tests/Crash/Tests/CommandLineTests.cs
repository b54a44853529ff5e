using AppChain.Crash.World;

namespace AppChain.Crash.Tests;

public sealed class CommandLineTests
{
    [Fact]
    public void CommandLine_WithAllOptions_IsRead()
    {
        Assert.True(CommandLine.TryParse(["--points", "7", "--seed", "3", "--jobs", "2", "--faults", "any-pages,killed", "--keep", "x"], out CommandLine options));
        Assert.Equal((7, 3, 2, "x"), (options.Points, options.Seed, options.Jobs, options.Keep));
        Assert.Equal([Fault.PowerCutAnyPages, Fault.Killed], options.Faults);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--points")]
    [InlineData("--points 0")]
    [InlineData("--points 1 --faults flood")]
    [InlineData("--points 1 --faults killed,log-not-synced")]
    [InlineData("--points 1 --again x")]
    public void CommandLine_ThatMakesNoSense_IsRefused(string text) => Assert.False(CommandLine.TryParse(text.Split(' ', StringSplitOptions.RemoveEmptyEntries), out _));
}
