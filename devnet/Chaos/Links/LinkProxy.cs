using System.Net;
using System.Net.Sockets;

namespace AppChain.Devnet.Chaos.Links;

/// <summary>
/// The way from one validator to another: what the one dials on a port of the proxy comes to the other's peer port, under the link's conditions. It knows
/// nothing of what the bytes mean.
/// </summary>
internal sealed class LinkProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly Func<int> targetPort;
    private readonly int seed;
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private readonly HashSet<CancellationTokenSource> open = [];
    private readonly Task accepting;

    /// <param name="targetPort">Where the next connection leads.</param>
    /// <param name="seed">Of the losses.</param>
    public LinkProxy(Func<int> targetPort, int seed, TimeProvider time)
    {
        (this.targetPort, this.seed, this.time) = (targetPort, seed, time);
        listener.Start();
        accepting = AcceptAsync();
    }

    public LinkWeather Weather { get; } = new();

    /// <summary>HOST:PORT to dial.</summary>
    public string Address => listener.LocalEndpoint.ToString()!;

    /// <summary>Ends every connection now; the dialler may come again.</summary>
    public void Reset()
    {
        lock (gate)
        {
            foreach (CancellationTokenSource connection in open)
                connection.Cancel();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await accepting;
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> passing = [];
        try
        {
            for (int number = 0; ; number++)
            {
                Socket dialled = await listener.AcceptSocketAsync(stopping.Token);
                passing.RemoveAll(each => each.IsCompleted);
                if (passing.Count < ChaosLimits.ConnectionsPerLinkMax)
                    passing.Add(PassAsync(dialled, number));
                else
                    dialled.Dispose();
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(passing);
        }
    }

    private async Task PassAsync(Socket dialled, int number)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
        using Socket target = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        dialled.NoDelay = true;
        lock (gate)
            open.Add(end);
        try
        {
            await Weather.WaitUntilWholeAsync(end.Token);
            await target.ConnectAsync(IPAddress.Loopback, targetPort(), end.Token);
            LinkPump there = new(dialled, target, Weather, new Random(HashCode(number, 0)), time), back = new(target, dialled, Weather, new Random(HashCode(number, 1)), time);
            Task[] ways = [there.RunAsync(end.Token), back.RunAsync(end.Token)];
            Task first = await Task.WhenAny(ways);
            await end.CancelAsync();
            await Task.WhenAll(ways).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await first;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side is gone, or the link lost the connection: the dialler finds out by the closed socket.
        }
        finally
        {
            lock (gate)
                open.Remove(end);
            dialled.Close(timeout: 0); // a reset, not an orderly end: nobody may take it for one
        }
    }

    private int HashCode(int number, int way) => unchecked((seed * 31 + number) * 31 + way);
}
