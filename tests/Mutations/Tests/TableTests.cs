namespace AppChain.Mutations.Tests;

public sealed class TableTests
{
    static readonly Mutation Harmful = new("harmful", "3", "It harms.", null, false, []);
    static readonly Mutation Harmless = new("harmless", "3", "It seems to harm.", "It does not.", false, []);

    [Theory]
    [InlineData(Fate.Caught, true, false)]
    [InlineData(Fate.Survived, false, true)]
    [InlineData(Fate.Broken, false, false)]
    public void Fate_OfHarmfulAndHarmless_IsGoodOrNot(object fate, bool goodIfHarmful, bool goodIfHarmless)
    {
        Assert.Equal(goodIfHarmful, Of(Harmful, (Fate)fate).Good);
        Assert.Equal(goodIfHarmless, Of(Harmless, (Fate)fate).Good);
    }

    [Fact]
    public void Table_CaughtAndHarmless_AreApart()
    {
        var table = Table.Markdown(Room.Consensus, [Of(Harmful, Fate.Caught), Of(Harmless, Fate.Survived)], seeds: 9);

        Assert.Contains("Caught: 1 of 1, within 9 seeds", table, StringComparison.Ordinal);
        Assert.Contains("| `harmful` | 3 | It harms. | agreement | 4 | 2 |", table, StringComparison.Ordinal);
        Assert.Contains("`harmless` (rule 3). It seems to harm. It does not.", table, StringComparison.Ordinal);
    }

    [Fact]
    public void Table_Survivor_IsNamed()
    {
        Assert.Contains("**SURVIVED**", Table.Markdown(Room.Consensus, [Of(Harmful, Fate.Survived)], seeds: 9), StringComparison.Ordinal);
        Assert.Contains("1 not as they should be", Table.Text([Of(Harmful, Fate.Survived)]), StringComparison.Ordinal);
    }

    [Fact]
    public void Table_OfTheLedger_HasNoSeeds()
    {
        var table = Table.Markdown(Room.Ledger, [Of(Harmful, Fate.Caught)], seeds: 9);

        Assert.Contains("Caught: 1 of 1\n", table.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("| `harmful` | 3 | It harms. | agreement | 2 |", table, StringComparison.Ordinal);
    }

    static Verdict Of(Mutation mutation, Fate fate) =>
        new(mutation, fate, fate == Fate.Caught ? "agreement" : "", fate == Fate.Caught ? 4 : null, TimeSpan.FromSeconds(2));
}
