using System.Net;
using System.Net.Sockets;

namespace AppChain.Devnet.Siege;

/// <summary>Opens hostile connections at an even pace, to all ports in turn and in every manner, and holds them until the end.</summary>
internal sealed class HostileConnections(IReadOnlyList<IPEndPoint> ports, TimeProvider time, Random random) : IDisposable
{
    private readonly List<(Socket Socket, HostileManner Manner)> held = [];
    private int dripped;

    /// <summary>Connections that were opened.</summary>
    public int Opened { get; private set; }

    /// <summary>Those that the other side did not take at all.</summary>
    public int NotTaken { get; private set; }

    /// <summary>Opens so many within the time, and lets those drip that do until cancelled.</summary>
    public async Task RunAsync(int count, TimeSpan within, CancellationToken cancellation)
    {
        long start = time.GetTimestamp(), lastDrip = start;
        using PeriodicTimer timer = new(SiegeLimits.Tick, time);
        try
        {
            while (true)
            {
                int due = (int)Math.Min(count, count * (time.GetElapsedTime(start) / within));
                while (Opened + NotTaken < due && !cancellation.IsCancellationRequested)
                    await OpenAsync(Opened + NotTaken, cancellation);
                if (time.GetElapsedTime(lastDrip) > SiegeLimits.DripInterval)
                {
                    lastDrip = time.GetTimestamp();
                    Drip();
                }
                await timer.WaitForNextTickAsync(cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The siege is over.
        }
    }

    public void Dispose()
    {
        foreach ((Socket socket, _) in held)
            socket.Dispose();
    }

    private async Task OpenAsync(int number, CancellationToken cancellation)
    {
        HostileManner manner = HostileManner.All[number % HostileManner.All.Count];
        // Ports and manners have no common factor to hold on to: every manner comes to every port.
        IPEndPoint port = ports[number / HostileManner.All.Count % ports.Count];
        using CancellationTokenSource bound = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bound.CancelAfter(SiegeLimits.OpenTimeout);
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(SiegeLimits.Attacker(number), 0));
            await socket.ConnectAsync(port, bound.Token);
            Opened++;
            byte[] opening = manner.Opening(random);
            if (opening.Length > 0)
                await socket.SendAsync(opening, bound.Token);
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            // Closed at once, which is its right; or not even taken.
            if (!socket.Connected)
                NotTaken++;
            socket.Dispose();
            return;
        }
        if (manner.IsReset)
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
            socket.Dispose();
            return;
        }
        held.Add((socket, manner));
    }

    private void Drip()
    {
        dripped++;
        foreach ((Socket socket, HostileManner manner) in held)
        {
            if (manner.Drip.Length == 0 || !socket.Connected)
                continue;
            socket.Blocking = false;
            // What the other side has closed takes no more.
            socket.Send(manner.Drip.AsSpan(dripped % manner.Drip.Length, 1), SocketFlags.None, out _);
        }
    }
}
