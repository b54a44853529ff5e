namespace AppChain.Ledger;

/// <summary>What was burned for an account's credits that are not spent yet: bought:8 ‖ burned:8. Credits of genesis cost nothing, and are not in it.</summary>
/// <remarks>So a payer's credits never earn anybody more tokens than were burned for them, whatever the price does between burning and spending.</remarks>
/// <param name="Bought">Credits that were made by burning, wherever they are now: with the account, or locked by it.</param>
/// <param name="Burned">The tokens that were burned for them.</param>
public readonly record struct CreditCost(Credits Bought, Amount Burned)
{
    /// <summary>After a burn.</summary>
    public CreditCost With(Credits credits, Amount burned) => new(Bought + credits, Burned + burned);

    /// <summary>
    /// After some were spent, the bought ones first. Each cost the average, rounded down: what the roundings leave over stays with the last one.
    /// </summary>
    /// <param name="cost">What was burned for those that were spent.</param>
    public CreditCost Spend(Credits spent, out Amount cost)
    {
        Credits counted = spent < Bought ? spent : Bought;
        cost = counted == Credits.Zero ? Amount.Zero : Burned.Share(counted.Units, Bought.Units);
        return new CreditCost(Bought - counted, Burned - cost);
    }

    internal void Write(RecordWriter writer)
    {
        writer.Credits(Bought);
        writer.Amount(Burned);
    }

    internal static CreditCost Read(ref RecordReader reader) => new(reader.Credits(), reader.Amount());
}
