using System.Net;

namespace AppChain.Grpc.Server;

/// <summary>How many connections each remote address has, and may have.</summary>
sealed class AddressQuota(int connectionsMax)
{
    readonly Dictionary<IPAddress, int> open = [];
    readonly Lock gate = new();

    /// <summary>Takes one connection of an address's quota, to be given back with <see cref="Leave"/>. False if it has no more.</summary>
    public bool TryEnter(IPAddress address)
    {
        var key = AddressKey.Of(address);
        lock (gate)
        {
            var count = open.GetValueOrDefault(key);
            if (count >= connectionsMax) return false;
            open[key] = count + 1;
            return true;
        }
    }

    public void Leave(IPAddress address)
    {
        var key = AddressKey.Of(address);
        lock (gate)
        {
            // Addresses without a connection are forgotten: the table is no larger than the number of connections.
            if (open[key] == 1) open.Remove(key);
            else open[key]--;
        }
    }
}
