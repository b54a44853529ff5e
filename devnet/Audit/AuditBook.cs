using AppChain.Client.Explain;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Devnet.Audit;

/// <summary>
/// Adds up what was explained, in 128 bits and with no rule of the ledger's: it must be what devices were paid, and all that services were minted for.
/// </summary>
internal sealed class AuditBook
{
    private readonly Dictionary<Address, (UInt128 Settled, UInt128 Unsettled)> earned = [];
    private readonly Dictionary<(ulong Epoch, uint Service), Shared> shared = [];
    private readonly HashSet<ulong> minted = [];

    /// <summary>Epochs for which a mint was proven.</summary>
    public int Epochs => minted.Count;

    /// <summary>Explanations in which somebody did something.</summary>
    public int NotEmpty { get; private set; }

    /// <summary>What devices earned and were paid, grains.</summary>
    public UInt128 Settled => Sum(static each => each.Settled);

    /// <summary>What devices earned and are paid at their next touch, grains.</summary>
    public UInt128 Unsettled => Sum(static each => each.Unsettled);

    /// <summary>What was minted for coverage and for usage, grains.</summary>
    public (UInt128 Coverage, UInt128 Usage) Minted => shared.Values.Aggregate(
        (Coverage: UInt128.Zero, Usage: UInt128.Zero), static (sum, each) => (sum.Coverage + each.Pool.Coverage.Grains, sum.Usage + each.Pool.Usage.Grains));

    /// <summary>What divisions left over, grains.</summary>
    public UInt128 Remainder => Minted.Coverage + Minted.Usage - Settled - Unsettled;

    /// <summary>Enters what a device did in an epoch. Each pair once.</summary>
    public void Enter(VerifiedExplanation explained)
    {
        (UInt128 settled, UInt128 unsettled) = earned.GetValueOrDefault(explained.Device);
        if (!explained.Services.IsEmpty)
            NotEmpty++;
        if (explained.Mint is { } mint && minted.Add(mint.Epoch))
        {
            foreach (PoolMint pool in mint.Pools)
                Of(mint.Epoch, pool.Service).Pool = pool.Shares;
        }
        foreach (VerifiedService service in explained.Services)
        {
            Statement statement = service.Explanation.Statement;
            if (service.IsSettled)
                settled += statement.Earned.Grains;
            else
                unsettled += statement.Earned.Grains;
            if (explained.Mint is null)
                continue;
            Shared each = Of(explained.Epoch, statement.Service);
            each.Units += statement.Work.Units;
            each.Used += statement.Work.Usage.Grains;
            each.Earned += statement.Earned.Grains;
            each.Divisions += (statement.Work.Units > 0 ? 1U : 0) + (statement.Work.Usage > Amount.Zero ? 1U : 0);
        }
        earned[explained.Device] = (settled, unsettled);
    }

    /// <summary>Sentences on what does not add up.</summary>
    /// <param name="paid">What each device's own payee has, and what of it still rests; nobody else has given or taken anything.</param>
    public IEnumerable<string> Failures(IReadOnlyDictionary<Address, UInt128> paid)
    {
        foreach ((Address device, UInt128 got) in paid)
        {
            UInt128 told = earned.GetValueOrDefault(device).Settled;
            if (told != got)
                yield return $"{AddressText.Format(device, AddressKind.Device)}: {told} grains were explained, and {got} were paid.";
        }
        foreach (((ulong epoch, uint service), Shared each) in shared.OrderBy(static entry => entry.Key))
        {
            if (each.Problem() is { } problem)
                yield return $"epoch {epoch}, service {service}: {problem}.";
        }
    }

    private UInt128 Sum(Func<(UInt128 Settled, UInt128 Unsettled), UInt128> part) =>
        earned.Values.Aggregate(UInt128.Zero, (sum, each) => sum + part(each));

    private Shared Of(ulong epoch, uint service)
    {
        if (!shared.TryGetValue((epoch, service), out Shared? each))
            shared.Add((epoch, service), each = new Shared());
        return each;
    }

    /// <summary>One service's pool of an epoch, and what its devices did and had of it.</summary>
    private sealed class Shared
    {
        public PoolShares Pool { get; set; }

        public UInt128 Units { get; set; }

        public UInt128 Used { get; set; }

        public UInt128 Earned { get; set; }

        public uint Divisions { get; set; }

        public string? Problem()
        {
            UInt128 total = (UInt128)Pool.Coverage.Grains + Pool.Usage.Grains;
            if (Pool.Units != Units || Pool.Used.Grains != Used)
                return $"the pool is shared by {Pool.Units} units and {Pool.Used.Grains} burned grains; devices had {Units} and {Used}";
            if (Earned > total)
                return $"{Earned} grains were earned of {total} that were minted";
            // Each division rounds down, and loses less than a grain.
            return total - Earned < Divisions || total == Earned ? null : $"{total - Earned} grains of {total} were nobody's, after {Divisions} divisions";
        }
    }
}
