using AppChain.Simulation.Geography;

namespace AppChain.Simulation;

/// <summary>
/// What a message waits for besides its way: the sender's uplink, first come first served; then the receiver's downlink, in the order of
/// arrival; and between two places that are placed on the map, whatever was sent before it, as one connection delivers in order.
/// </summary>
sealed class Links
{
    /// <summary>What the network adds to each message: IPv4 20, TCP 32, TLS record 22, gRPC's and HTTP/2's frames 14.</summary>
    public const int FrameBytes = 88;

    /// <summary>A longer queue drops what comes, as the real outbox does: consensus sends again.</summary>
    public const long QueueUsMax = 2_000_000;

    readonly World world;
    readonly long[] upFreeNs;
    readonly long[] downFreeNs;
    readonly long[,] lastUs;
    Message? measured;
    int measuredBytes;

    public Links(World world)
    {
        this.world = world;
        upFreeNs = new long[world.Places];
        downFreeNs = new long[world.Places];
        lastUs = new long[world.Places, world.Places];
    }

    Placement? Placement => world.Scenario.Placement;

    /// <summary>Bytes that left all uplinks.</summary>
    public long Bytes { get; private set; }

    /// <summary>Sends and, after all waiting, delivers. <paramref name="delayUs"/> is the way itself.</summary>
    public void Carry(int from, int to, Message message, long delayUs, Action deliver)
    {
        var bytes = BytesOf(message);
        if (!TryPass(upFreeNs, from, bytes, out var leftUs))
        {
            return;
        }

        Bytes += bytes;
        var arrivesUs = leftUs + delayUs;
        if (Placement is not null)
        {
            lastUs[from, to] = arrivesUs = long.Max(arrivesUs, lastUs[from, to]);
        }

        world.Agenda.At(arrivesUs, () =>
        {
            if (!TryPass(downFreeNs, to, bytes, out var throughUs))
            {
                return;
            }

            if (throughUs == world.Agenda.NowUs)
            {
                deliver();
            }
            else
            {
                world.Agenda.At(throughUs, deliver);
            }
        });
    }

    bool TryPass(long[] freeNs, int place, int bytes, out long throughUs)
    {
        var nowNs = world.Agenda.NowUs * 1_000;
        throughUs = world.Agenda.NowUs;
        if (RateOf(place) is not { } rate)
        {
            return true;
        }

        var waits = freeNs[place] - nowNs;
        if (waits > QueueUsMax * 1_000)
        {
            world.Coverage.Happened(Fault.QueueOverflow);
            return false;
        }

        if (waits > 0)
        {
            world.Coverage.Happened(Fault.WaitedForBandwidth);
        }

        freeNs[place] = long.Max(freeNs[place], nowNs) + (bytes * 1_000_000_000L / rate);
        throughUs = (freeNs[place] + 999) / 1_000;
        return true;
    }

    long? RateOf(int place) => world.Now.BytesPerSecond.Count == 0 ? null : world.Now.BytesPerSecond[place % world.Now.BytesPerSecond.Count];

    // A broadcast hands over the same message once per receiver.
    int BytesOf(Message message)
    {
        if (!ReferenceEquals(message, measured))
        {
            (measured, measuredBytes) = (message, message.Encode().Length + FrameBytes);
        }

        return measuredBytes;
    }
}
