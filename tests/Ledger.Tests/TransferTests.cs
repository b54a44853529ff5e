using AppChain.Ledger;

namespace AppChain.Tests.Ledger;

public class TransferTests
{
    private readonly World world = new();

    [Fact]
    public void Transfer_WithinBalance_Moves()
    {
        Receipt receipt = world.RunOne(world.Transfer(Keys.Alice, Keys.Bob, 400));

        Assert.Equal(Reason.None, receipt.Reason);
        Assert.Equal(999_600UL, world.Balance(Keys.Alice));
        Assert.Equal(900UL, world.Balance(Keys.Bob));
        world.AssertConserved();
    }

    [Fact]
    public void Transfer_WholeBalanceToNewAccount_LeavesZero()
    {
        world.RunOne(world.Transfer(Keys.Bob, Keys.Carol, 500));

        Assert.Equal(0UL, world.Balance(Keys.Bob));
        Assert.Equal(500UL, world.Balance(Keys.Carol));
    }

    [Theory]
    [InlineData(501UL)]
    [InlineData(ulong.MaxValue)]
    public void Transfer_AboveBalance_FailsAndUsesTheSequenceOnly(ulong grains)
    {
        Transaction transaction = world.Transfer(Keys.Bob, Keys.Alice, grains);

        Assert.Equal(Reason.InsufficientBalance, world.RunOne(transaction).Reason);
        Assert.Equal(500UL, world.Balance(Keys.Bob));
        Assert.Equal(2UL, LedgerQueries.Account(world.State, Keys.Bob.Address).Window.Next);
        Assert.Equal(Reason.SequenceUsed, world.RunOne(transaction).Reason);
    }

    [Fact]
    public void Transfer_FromUnknownAccount_IsSkippedAndLeavesNoTrace()
    {
        string before = world.State.Dump();

        Receipt receipt = world.RunOne(world.Transfer(Keys.Carol, Keys.Bob, 1));

        Assert.Equal(Reason.UnknownAccount, receipt.Reason);
        Assert.True(receipt.Skipped);
        Assert.Equal(before, world.State.Dump());
    }

    [Fact]
    public void Transfer_SpendsWhatTheSameBlockBrought()
    {
        BlockResult result = world.Run(world.Transfer(Keys.Alice, Keys.Carol, 50), world.Transfer(Keys.Carol, Keys.Bob, 50));

        Assert.All(result.Receipts, receipt => Assert.Equal(Reason.None, receipt.Reason));
        Assert.Equal(550UL, world.Balance(Keys.Bob));
    }

    [Fact]
    public void Transfer_SameTransactionInTwoBatches_IsAppliedOnce()
    {
        Transaction transaction = world.Transfer(Keys.Alice, Keys.Bob, 10);

        BlockResult result = world.Run(transaction, transaction);

        Assert.Equal(Reason.None, result.Receipts[0].Reason);
        Assert.Equal(Reason.SequenceUsed, result.Receipts[1].Reason);
        Assert.Equal(510UL, world.Balance(Keys.Bob));
    }
}
