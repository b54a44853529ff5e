using AppChain.Devnet;

namespace AppChain.EndToEnd.Devnet;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("90", 90)]
    [InlineData("0.5", 0.5)]
    [InlineData("60s", 60)]
    [InlineData("5m", 300)]
    [InlineData("1h30m", 5_400)]
    public void TryParseDuration_KnownForm_ReadsIt(string text, double seconds)
    {
        Assert.True(AppChain.Devnet.CommandLine.TryParseDuration(text, out TimeSpan duration));
        Assert.Equal(TimeSpan.FromSeconds(seconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("0s")]
    [InlineData("-5s")]
    [InlineData("m")]
    [InlineData("5 m")]
    [InlineData("5d")]
    [InlineData("5m3")]
    [InlineData("99999999999s")]
    [InlineData("NaN")]
    public void TryParseDuration_AnythingElse_IsRefused(string text) =>
        Assert.False(AppChain.Devnet.CommandLine.TryParseDuration(text, out _));
}
