using AppChain.Devnet.Chaos.Plan;

namespace AppChain.Devnet.Chaos.Links;

/// <summary>Which faults trouble which links now: several may hit one link, and each ends by itself. Any thread.</summary>
internal sealed class LinkTroubles(LinkFabric fabric)
{
    private const int SlowBytesPerSecond = 256 << 10;

    private readonly Lock gate = new();
    private readonly List<Fault> active = [];

    public void Begin(Fault fault) => Change(() => active.Add(fault));

    public void End(Fault fault) => Change(() => active.Remove(fault));

    /// <summary>Ends the connections that a fault hits.</summary>
    public void Reset(Fault fault)
    {
        foreach (Link link in fabric.All.Where(link => IsHit(fault, link)))
            fabric.Reset(link);
    }

    private void Change(Action change)
    {
        lock (gate)
        {
            change();
            foreach (Link link in fabric.All)
                fabric[link] = active.Where(fault => IsHit(fault, link)).Aggregate(LinkConditions.Clean, (sum, fault) => sum.And(ConditionsOf(fault)));
        }
    }

    private static bool IsHit(Fault fault, Link link)
    {
        (bool from, bool to) = (fault.Victims.Contains(link.From), fault.Victims.Contains(link.To));
        return fault.Kind switch
        {
            FaultKind.Cut => from != to, // among themselves they talk: two sides
            FaultKind.Mute => from,
            _ => from || to,
        };
    }

    private static LinkConditions ConditionsOf(Fault fault) => fault.Kind switch
    {
        FaultKind.Slow => new LinkConditions(Delay: TimeSpan.FromMilliseconds(fault.Strength), BytesPerSecond: SlowBytesPerSecond),
        FaultKind.Loss => new LinkConditions(LossPpm: fault.Strength),
        FaultKind.Cut or FaultKind.Mute => new LinkConditions(Cut: true),
        _ => LinkConditions.Clean,
    };
}
