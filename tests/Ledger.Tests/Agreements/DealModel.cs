using AppChain.Crypto;

namespace AppChain.Tests.Ledger.Agreements;

/// <summary>
/// The money of deals, told once more in the plainest way: lists and numbers, no records, no queues. What was drawn and shown it is told; who gets what follows.
/// </summary>
internal sealed class DealModel(IEnumerable<Address> clients, IEnumerable<Address> devices)
{
    private readonly List<Deal> deals = [];

    public Dictionary<Address, ulong> Credits { get; } = clients.ToDictionary(client => client, _ => DealWorld.Credits);

    public Dictionary<Address, ulong> Bonds { get; } = devices.ToDictionary(device => device, _ => DealWorld.Bond);

    public Dictionary<Address, ulong> Usage { get; } = devices.ToDictionary(device => device, _ => 0UL);

    public ulong Spent { get; private set; }

    public ulong Burned { get; private set; }

    /// <summary>A block of this time: new deals begin, what is over is paid, and what goes on begins anew.</summary>
    public void Tick(ulong nowMs)
    {
        foreach (Deal deal in deals.ToList())
        {
            if (deal.Begun && nowMs >= deal.ClosesMs)
                Close(deal);
            if (!deal.Begun)
                (deal.Begun, deal.ClosesMs, deal.Window) = (true, nowMs + DealWorld.WindowMs, deal.Window + 1);
        }
        deals.RemoveAll(deal => deal.Left == 0);
    }

    public bool TryOpen(Hash256 id, Address client, Address device, ulong price, uint windows)
    {
        if (Bonds[device] < DealWorld.Bond || Credits[client] < price * windows)
            return false;
        Credits[client] -= price * windows;
        deals.Add(new Deal(id, client, device, price) { Left = windows });
        return true;
    }

    /// <summary>Draws of the present window were answered, these many for the first time.</summary>
    public ulong Answer(Hash256 id, uint answered)
    {
        Deal deal = deals.Single(one => one.Id == id);
        ulong before = deal.Earned;
        deal.Answered += answered;
        return deal.Earned - before;
    }

    public bool TryCancelByClient(Hash256 id)
    {
        Deal deal = deals.Single(one => one.Id == id);
        if (deal is { Begun: true, Left: 1 })
            return false;
        uint kept = deal.Begun ? 1u : 0;
        Credits[deal.Client] += deal.Price * (deal.Left - kept);
        deal.Left = kept;
        deals.RemoveAll(one => one.Left == 0);
        return true;
    }

    public void CancelByOwner(Hash256 id)
    {
        Deal deal = deals.Single(one => one.Id == id);
        Credits[deal.Client] += deal.Price * deal.Left - deal.Earned;
        Spend(deal);
        Burn(deal);
        deals.Remove(deal);
    }

    public (uint Window, uint Left, uint Missed)? Find(Hash256 id) =>
        deals.SingleOrDefault(one => one.Id == id) is { } deal ? (deal.Window, deal.Left, deal.Missed) : null;

    public uint OpenOf(Address device) => (uint)deals.Count(deal => deal.Device == device);

    private void Close(Deal deal)
    {
        Credits[deal.Client] += deal.Price - deal.Earned;
        Spend(deal);
        deal.Missed = deal.Answered == 0 ? deal.Missed + 1 : 0;
        if (deal.Missed > DealWorld.Grace)
            Burn(deal);
        (deal.Answered, deal.Begun, deal.Left) = (0, deal.Left == 1, deal.Left - 1);
    }

    private void Spend(Deal deal)
    {
        Spent += deal.Earned;
        Usage[deal.Device] += deal.Earned;
    }

    private void Burn(Deal deal)
    {
        ulong burned = Math.Min(Bonds[deal.Device], DealWorld.Bond * DealWorld.BurnPpm / 1_000_000);
        Bonds[deal.Device] -= burned;
        Burned += burned;
    }

    private sealed class Deal(Hash256 id, Address client, Address device, ulong price)
    {
        public Hash256 Id => id;

        public Address Client => client;

        public Address Device => device;

        public ulong Price => price;

        public uint Left { get; set; }

        public uint Window { get; set; }

        public bool Begun { get; set; }

        public ulong ClosesMs { get; set; }

        public uint Answered { get; set; }

        public uint Missed { get; set; }

        public ulong Earned => price * Answered / DealWorld.Draws;
    }
}
