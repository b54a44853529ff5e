using System.Net;
using System.Net.Sockets;

namespace Node.Tests;

/// <summary>Stands between two nodes, passes on what the one sends to the other and back, and counts the bytes of the way there.</summary>
internal sealed class CountingLink : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly IPEndPoint target;
    private readonly Task accepting;
    private long sent;

    /// <param name="target">HOST:PORT of the node that is called.</param>
    public CountingLink(string target)
    {
        this.target = IPEndPoint.Parse(target);
        listener.Start();
        accepting = AcceptAsync();
    }

    /// <summary>Where the caller finds it.</summary>
    public string Address => listener.LocalEndpoint.ToString()!;

    /// <summary>Bytes of TCP's stream from the caller to the called node.</summary>
    public long Sent => Interlocked.Read(ref sent);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
                connections.Add(ServeAsync(await listener.AcceptTcpClientAsync(stop.Token)));
        }
        finally
        {
            await Task.WhenAll(connections).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ServeAsync(TcpClient caller)
    {
        using (caller)
        using (TcpClient called = new())
        {
            caller.NoDelay = called.NoDelay = true;
            await called.ConnectAsync(target, stop.Token);
            using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
            Task there = PumpAsync(caller, called, count: true, ended.Token), back = PumpAsync(called, caller, count: false, ended.Token);
            await Task.WhenAny(there, back);
            await ended.CancelAsync();
            await Task.WhenAll(there, back).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, bool count, CancellationToken cancellation)
    {
        byte[] buffer = new byte[64 << 10];
        for (int read; (read = await from.GetStream().ReadAsync(buffer, cancellation)) > 0;)
        {
            if (count)
                Interlocked.Add(ref sent, read);
            await to.GetStream().WriteAsync(buffer.AsMemory(0, read), cancellation);
        }
    }
}
