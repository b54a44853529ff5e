using AppChain.Client;
using AppChain.Devnet.Processes;
using AppChain.Protos.V1;
using Grpc.Core;

namespace AppChain.EndToEnd.Life;

/// <summary>A node beside the devnet's own, as a process. Disposing it leaves none behind.</summary>
/// <param name="home">Its directory; a log is written beside it.</param>
/// <param name="rpc">HOST:PORT for clients.</param>
internal sealed class ExtraNode(string home, string rpc) : IAsyncDisposable
{
    private readonly NodeClient client = NodeClient.Connect("http://" + rpc);
    private ValidatorProcess? process;

    private static readonly TimeSpan EndMax = TimeSpan.FromSeconds(30);

    public string Home => home;

    public string LogFile => home + ".log";

    public int Pid => PidFile.Read(home + ".pids").Single().Pid;

    public void Start()
    {
        ValidatorPlan plan = new(0, Repository.Node, home, LogFile, rpc);
        process = new ValidatorProcess(plan, new PidFile(home + ".pids"), restart: false, TimeProvider.System);
        process.Start();
    }

    /// <summary>Stops it in an orderly way; fails if it does not end well.</summary>
    public async Task StopAsync()
    {
        string? failure = await process!.StopAsync();
        process = null;
        Assert.True(failure is null, failure + "\n" + await File.ReadAllTextAsync(LogFile));
    }

    /// <summary>Lets it run for a moment, and then not for some time.</summary>
    public async Task StarveAsync(TimeSpan running, TimeSpan paused)
    {
        await Task.Delay(running);
        process!.Pause();
        await Task.Delay(paused);
        process.Resume();
    }

    /// <summary>Waits until it has ended; fails if it does not end well.</summary>
    public async Task EndAsync()
    {
        await Until.HoldsAsync($"{home} ends", EndMax, () => Task.FromResult(process!.ExitCode is not null));
        Assert.Equal(0, process!.ExitCode);
    }

    /// <summary>Its status, or null when it does not answer.</summary>
    public async Task<Protos.V1.Status?> StatusAsync()
    {
        try
        {
            return await client.GetStatusAsync(TimeSpan.FromSeconds(1));
        }
        catch (RpcException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
            await process.StopAsync();
        await client.DisposeAsync();
    }
}
