using AppChain.Ledger;

namespace AppChain.Node.Pool;

/// <summary>
/// What the admitted transactions that are not final yet may take, together. Each of them could have what it needs alone; together they must be
/// able to as well, for a block skips what it finds nothing left for, and is paid nothing for it. Not safe for threads:
/// <see cref="FinalityTracker"/> guards it.
/// </summary>
internal sealed class ClaimsUnderWay
{
    private readonly Dictionary<PurseKey, UInt128> taken = [];

    /// <summary>The first of these that cannot be had besides what is under way; null: all can.</summary>
    public Claim? FindUncovered(List<Claim> claims)
    {
        foreach (Claim claim in claims)
        {
            if (claim.Needs != 0 && taken.GetValueOrDefault(claim.Key) + claim.Needs > claim.Available)
                return claim;
        }
        return null;
    }

    public void Add(List<Claim> claims)
    {
        foreach (Claim claim in claims)
            taken[claim.Key] = taken.GetValueOrDefault(claim.Key) + claim.Takes;
    }

    public void Remove(List<Claim> claims)
    {
        foreach (Claim claim in claims)
        {
            UInt128 left = taken[claim.Key] - claim.Takes;
            if (left == 0)
                taken.Remove(claim.Key);
            else
                taken[claim.Key] = left;
        }
    }
}
