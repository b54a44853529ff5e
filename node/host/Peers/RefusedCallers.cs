using System.Net;
using Microsoft.Extensions.Logging;

namespace AppChain.Node.Peers;

/// <summary>Logs who was refused on the peer port and why, the same of one address once in a while: no caller fills the log. Any thread.</summary>
public sealed class RefusedCallers(TimeProvider clock, ILogger log)
{
    private readonly Lock gate = new();
    private readonly Dictionary<(IPAddress From, string Problem), long> said = [];

    /// <param name="problem">Why, in one sentence.</param>
    public void Say(EndPoint? from, string problem) => Say((from as IPEndPoint)?.Address ?? IPAddress.None, problem);

    /// <inheritdoc cref="Say(EndPoint?, string)"/>
    public void Say(IPAddress from, string problem)
    {
        long now = clock.GetTimestamp();
        lock (gate)
        {
            if (said.TryGetValue((from, problem), out long last) && clock.GetElapsedTime(last, now) < NodeLimits.RefusalRepeatAfter)
                return;
            if (said.Count >= NodeLimits.RefusalsRememberedMax)
            {
                foreach (((IPAddress, string) key, _) in said.Where(entry => clock.GetElapsedTime(entry.Value, now) >= NodeLimits.RefusalRepeatAfter).ToList())
                    said.Remove(key);
            }
            if (said.Count >= NodeLimits.RefusalsRememberedMax)
                return;
            said[(from, problem)] = now;
        }
        PeerLog.CallerRefused(log, from, problem);
    }
}
