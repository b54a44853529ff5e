using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace AppChain.EndToEnd;

/// <summary>Ports for one devnet, which no other test of this machine takes before it listens on them.</summary>
internal sealed class PortSlice : IDisposable
{
    // Below the range that the system hands out by itself, so that no outgoing connection takes one of them in the meantime,
    // and below the ports of the networks in Node.Tests.
    private const int From = 12_000, Count = 80, Size = 100;

    private readonly TcpListener held;

    private PortSlice(int first, TcpListener held) => (First, this.held) = (first, held);

    /// <summary>The first of the ports. All but the slice's last one are free.</summary>
    public int First { get; }

    /// <summary>Takes a slice. Who listens on its last port has it: other processes see that, and take another.</summary>
    public static PortSlice Take()
    {
        int start = Random.Shared.Next(Count);
        for (int i = 0; i < Count; i++)
        {
            int first = From + (start + i) % Count * Size;
            TcpListener held = new(IPAddress.Loopback, first + Size - 1);
            try
            {
                held.Start();
            }
            catch (SocketException)
            {
                held.Dispose(); // somebody else's
                continue;
            }
            if (IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Count(other => other.Port >= first && other.Port < first + Size) == 1)
                return new PortSlice(first, held);
            held.Dispose();
        }
        throw new InvalidOperationException("no free slice of ports");
    }

    public void Dispose() => held.Dispose();
}
