using System.Net;
using System.Net.Sockets;

namespace AppChain.EndToEnd.Life;

/// <summary>
/// One address with several nodes behind it, in turn: the load balancer that makes two validators of one, by mistake. Bytes pass unread.
/// </summary>
internal sealed class SharedPort : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private readonly List<int> targets = [];
    private readonly HashSet<TcpClient> open = [];
    private readonly Task accepting;
    private int next;

    public SharedPort(int target)
    {
        targets.Add(target);
        listener.Start();
        accepting = AcceptAsync();
    }

    public string Address => listener.LocalEndpoint.ToString()!;

    /// <summary>Puts another node behind the address. Connections that are open are cut, and come again.</summary>
    public void Add(int target)
    {
        lock (gate)
        {
            targets.Add(target);
            foreach (TcpClient client in open)
                client.Close();
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
            while (true)
            {
                TcpClient client = await listener.AcceptTcpClientAsync(stopping.Token);
                passing.RemoveAll(each => each.IsCompleted);
                passing.Add(PassAsync(client));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(passing);
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        using TcpClient node = new();
        int target;
        lock (gate)
        {
            open.Add(client);
            target = targets[next++ % targets.Count];
        }
        try
        {
            await node.ConnectAsync(IPAddress.Loopback, target, stopping.Token);
            using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
            Task first = await Task.WhenAny(
                client.GetStream().CopyToAsync(node.GetStream(), end.Token), node.GetStream().CopyToAsync(client.GetStream(), end.Token));
            await end.CancelAsync();
            await first;
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // One of the two is gone: whoever dials finds out, and dials again.
        }
        finally
        {
            lock (gate)
                open.Remove(client);
            client.Dispose();
        }
    }
}
