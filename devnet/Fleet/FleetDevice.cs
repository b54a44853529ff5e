using AppChain.Client;
using AppChain.Crypto;
using AppChain.Devnet.Chain;
using AppChain.Devnet.Replay;

namespace AppChain.Devnet.Fleet;

/// <summary>A registered device and its agent: replays its series, one reading a turn.</summary>
internal sealed class FleetDevice(PlannedDevice plan, PrivateKey key, DeviceAgent agent, AirService service) : IAsyncDisposable
{
    private int turn;
    private DateTimeOffset lastObserved;

    public DeviceAgent Agent => agent;

    /// <summary>Records the next reading as observed now. False when the outbox is full: the reading stays the next one.</summary>
    public bool TryReplayNext(DateTimeOffset now)
    {
        // Two readings of a device are never closer than its service allows, also when the loop was late for the one before.
        DateTimeOffset observed = lastObserved + service.IntervalMin > now ? lastObserved + service.IntervalMin : now;
        if (!agent.TryRecord(service.Reading(plan.ReadingAt(turn)), observed))
            return false;
        lastObserved = observed;
        turn++;
        return true;
    }

    /// <summary>How long to wait after the reading just recorded, as the sensor did.</summary>
    public TimeSpan RecordedGap => plan.GapAfter(turn - 1);

    public async ValueTask DisposeAsync()
    {
        await agent.DisposeAsync();
        key.Dispose();
    }
}
