using AppChain.Ledger;

namespace AppChain.Node.Pool;

/// <summary>
/// The fees of admitted transactions that are not final yet, by who pays them. Each of them could be paid alone; together they must be too, for a
/// block carries what nobody can pay any more and is paid nothing for it. Not safe for threads: <see cref="FinalityTracker"/> guards it.
/// </summary>
internal sealed class FeesUnderWay
{
    private readonly Dictionary<FeePayer, Credits> byPayer = [];

    /// <summary>True if the payer can pay this fee besides those that are under way.</summary>
    public bool Allows(FeeQuote quote) => byPayer.GetValueOrDefault(quote.Payer) + quote.Fee <= quote.Available;

    public void Add(FeeQuote quote)
    {
        if (quote.Fee != Credits.Zero)
            byPayer[quote.Payer] = byPayer.GetValueOrDefault(quote.Payer) + quote.Fee;
    }

    public void Remove(FeeQuote quote)
    {
        if (quote.Fee == Credits.Zero)
            return;
        Credits left = byPayer[quote.Payer] - quote.Fee;
        if (left == Credits.Zero)
            byPayer.Remove(quote.Payer);
        else
            byPayer[quote.Payer] = left;
    }
}
