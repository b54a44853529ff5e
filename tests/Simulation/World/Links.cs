using AppChain.Simulation.Geography;

namespace AppChain.Simulation;

/// <summary>
/// What a message waits for besides its way: the sender's uplink, first come first served; then the receiver's downlink, in the order of
/// arrival; and between two places that are placed on the map, whatever was sent before it, as one connection delivers in order. With two
/// lanes certificates wait for everything else, and nothing else waits for them.
/// </summary>
sealed class Links
{
    /// <summary>What the network adds to each message: IPv4 20, TCP 32, TLS record 22, gRPC's and HTTP/2's frames 14.</summary>
    public const int FrameBytes = 88;

    /// <summary>A longer queue drops what comes, as the real outbox does: consensus sends again.</summary>
    public const long QueueUsMax = 2_000_000;

    readonly World world;
    readonly Lane urgent;
    readonly Lane bulk;
    Message? measured;
    int measuredBytes;

    public Links(World world)
    {
        this.world = world;
        urgent = new Lane(world.Places);
        bulk = world.Scenario.CertificatesLast ? new Lane(world.Places) : urgent;
    }

    Placement? Placement => world.Scenario.Placement;

    /// <summary>Bytes that left all uplinks.</summary>
    public long Bytes { get; private set; }

    /// <summary>Sends and, after all waiting, delivers. <paramref name="delayUs"/> is the way itself.</summary>
    public void Carry(int from, int to, Message message, long delayUs, Action deliver)
    {
        var bytes = BytesOf(message);
        var lane = message is Message.Proof ? bulk : urgent;
        if (!TryPass(lane.UpFreeNs, bulk.UpFreeNs, from, bytes, out var leftUs))
        {
            return;
        }

        Bytes += bytes;
        var arrivesUs = leftUs + delayUs;
        if (Placement is not null)
        {
            lane.LastUs[from, to] = arrivesUs = long.Max(arrivesUs, lane.LastUs[from, to]);
        }

        world.Agenda.At(arrivesUs, () =>
        {
            if (!TryPass(lane.DownFreeNs, bulk.DownFreeNs, to, bytes, out var throughUs))
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

    // What is urgent takes its time from what is not: from what comes after it, that is; what is under way already stays so.
    bool TryPass(long[] freeNs, long[] bulkFreeNs, int place, int bytes, out long throughUs)
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

        var takesNs = bytes * 1_000_000_000L / rate;
        freeNs[place] = long.Max(freeNs[place], nowNs) + takesNs;
        if (bulkFreeNs != freeNs)
        {
            bulkFreeNs[place] = long.Max(bulkFreeNs[place], nowNs) + takesNs;
        }

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

    /// <summary>When each uplink and downlink is free again, and when the last message arrives on each connection.</summary>
    sealed class Lane(int places)
    {
        public long[] UpFreeNs { get; } = new long[places];
        public long[] DownFreeNs { get; } = new long[places];
        public long[,] LastUs { get; } = new long[places, places];
    }
}
