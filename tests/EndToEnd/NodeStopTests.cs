using AppChain.EndToEnd.Life;

namespace AppChain.EndToEnd;

/// <summary>A node that is told to stop.</summary>
public sealed class NodeStopTests : IDisposable
{
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);

    private readonly string directory = Directory.CreateTempSubdirectory("appchain-stop-").FullName;

    private readonly PortSlice ports = PortSlice.Take();

    public void Dispose()
    {
        ports.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Stop_ThatTakesLong_IsStillOrderly()
    {
        string home = Path.Combine(directory, "home"), key = Path.Combine(directory, "key.json");
        int port = ports.First;
        await AppChainCommand.RunAsync(0, "keygen", "--out", key, "--seed", "appchain-devnet/validator/0");
        await AppChainCommand.RunAsync(
            0, "init", "--home", home, "--genesis", Path.Combine(Repository.Root, "genesis.json"), "--validator-key", key,
            "--rpc", $"127.0.0.1:{port}", "--peer", $"127.0.0.1:{port + 1}");
        await using ExtraNode node = new(home, $"127.0.0.1:{port}");
        node.Start();
        await Until.HoldsAsync("it answers", StartMax, async () => await node.StatusAsync() is not null);

        // A machine that is busy with other things, as the node sees it: it is asked to stop, and gets little time to do it.
        await Shell.SignalAsync(node.Pid, "TERM");
        for (int turn = 0; turn < 12; turn++)
            await node.StarveAsync(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(400));

        await node.EndAsync();
        Assert.Contains("everything final is on disk", await File.ReadAllTextAsync(node.LogFile), StringComparison.Ordinal);
    }
}
