namespace AppChain.EndToEnd;

/// <summary>One devnet for all tests that only talk to a chain. It must end well, whatever they sent to it.</summary>
public sealed class RunningDevnet : IAsyncLifetime
{
    private DevnetUnderTest? devnet;

    internal DevnetUnderTest Devnet => devnet ?? throw new InvalidOperationException("not started");

    public async ValueTask InitializeAsync() => devnet = await DevnetUnderTest.StartAsync("--rate", "20", "--no-restart");

    public async ValueTask DisposeAsync()
    {
        if (devnet is null)
            return;
        try
        {
            await Shell.SignalAsync(devnet.Pid, "TERM"); // A shell that starts a job in the background makes it deaf to INT.
            Assert.True(await devnet.WaitForExitAsync(TimeSpan.FromSeconds(60)) == 0, devnet.Output);
        }
        finally
        {
            await devnet.DisposeAsync();
        }
    }
}

[CollectionDefinition(Name)]
public sealed class RunningDevnetTests : ICollectionFixture<RunningDevnet>
{
    public const string Name = "running devnet";
}
