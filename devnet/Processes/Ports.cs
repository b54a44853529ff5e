using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace AppChain.Devnet.Processes;

/// <summary>Where validators listen on loopback: validator i takes base + 10·i for clients and the next one for peers.</summary>
internal readonly record struct PortPlan(int Base)
{
    public const int Default = 26_600;
    private const int Stride = 10;

    public int Rpc(int validator) => Base + Stride * validator;

    public int Peer(int validator) => Rpc(validator) + 1;

    public string RpcAddress(int validator) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"127.0.0.1:{Rpc(validator)}");

    public string PeerAddress(int validator) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"127.0.0.1:{Peer(validator)}");

    /// <summary>A sentence when a port of the plan cannot be had, else null.</summary>
    public string? FindConflict(int validators)
    {
        if (Base < 1_024 || Peer(validators - 1) > IPEndPoint.MaxPort)
            return $"ports {Base} to {Peer(validators - 1)} are out of range: choose another --port-base from 1024.";
        for (int validator = 0; validator < validators; validator++)
        {
            foreach (int port in (int[])[Rpc(validator), Peer(validator)])
            {
                if (!IsFree(port))
                    return $"port {port} (validator {validator}) is taken: "
                        + "end what uses it (devnet/down, if an earlier devnet), or choose another --port-base.";
            }
        }
        return null;
    }

    private static bool IsFree(int port)
    {
        if (IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(listener => listener.Port == port))
            return false;
        try
        {
            // As the validator itself will: closed connections of an earlier run that still linger do not count as taken.
            using TcpListener probe = new(IPAddress.Loopback, port);
            probe.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
