namespace AppChain.Devnet.Chaos.Links;

/// <summary>A link from one validator to another.</summary>
internal readonly record struct Link(int From, int To);

/// <summary>All links between the validators of a run. Each validator dials the others through its own.</summary>
internal sealed class LinkFabric : IAsyncDisposable
{
    private readonly Dictionary<Link, LinkProxy> proxies = [];
    private readonly int validators;

    /// <param name="peerPort">A validator's real port.</param>
    public LinkFabric(int validators, Func<int, int> peerPort, int seed, TimeProvider time)
    {
        this.validators = validators;
        foreach (Link link in All)
            proxies.Add(link, new LinkProxy(() => peerPort(link.To), unchecked(seed * 97 + link.From * 11 + link.To), time));
    }

    public IEnumerable<Link> All =>
        from @from in Enumerable.Range(0, validators) from to in Enumerable.Range(0, validators) where @from != to select new Link(@from, to);

    /// <summary>HOST:PORT at which one reaches the other.</summary>
    public string Address(int from, int to) => proxies[new Link(from, to)].Address;

    public LinkConditions this[Link link]
    {
        get => proxies[link].Weather.Now;
        set => proxies[link].Weather.Now = value;
    }

    /// <summary>Ends the connections of a link.</summary>
    public void Reset(Link link) => proxies[link].Reset();

    public async ValueTask DisposeAsync()
    {
        foreach (LinkProxy proxy in proxies.Values)
            await proxy.DisposeAsync();
    }
}
