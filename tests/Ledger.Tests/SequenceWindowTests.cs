using AppChain.Ledger;

namespace AppChain.Tests.Ledger;

public class SequenceWindowTests
{
    [Theory]
    [InlineData(0UL, Reason.SequenceZero)]
    [InlineData(1UL, Reason.None)]
    [InlineData(1024UL, Reason.None)]
    [InlineData(1025UL, Reason.SequenceTooFarAhead)]
    [InlineData(ulong.MaxValue, Reason.SequenceTooFarAhead)]
    public void Check_FreshWindow_TakesUpTo1024(ulong sequence, Reason expected) =>
        Assert.Equal(expected, default(SequenceWindow).Check(sequence));

    [Theory]
    [InlineData(100UL, Reason.SequenceUsed)]
    [InlineData(99UL, Reason.None)]
    [InlineData(98UL, Reason.SequenceUsed)]
    [InlineData(37UL, Reason.None)]
    [InlineData(36UL, Reason.SequenceTooOld)]
    [InlineData(101UL, Reason.None)]
    [InlineData(1124UL, Reason.None)]
    [InlineData(1125UL, Reason.SequenceTooFarAhead)]
    public void Check_Highest100And98Used_KnowsEachNumber(ulong sequence, Reason expected) =>
        Assert.Equal(expected, new SequenceWindow(100, 0b101).Check(sequence));

    [Fact]
    public void Check_NearTheEndOfNumbers_DoesNotOverflow()
    {
        SequenceWindow window = new(ulong.MaxValue - 5, 1);

        Assert.Equal(Reason.None, window.Check(ulong.MaxValue));
        Assert.Equal(Reason.SequenceUsed, window.Check(ulong.MaxValue - 5));
    }

    [Fact]
    public void Window_RandomNumbers_AgreesWithASetOfUsedOnes()
    {
        World world = new();
        Random random = new(7);
        HashSet<ulong> used = [];
        ulong highest = 0;
        for (int i = 0; i < 3_000; i++)
        {
            ulong sequence = (ulong)Math.Max(0, (long)highest + random.Next(-80, 90));
            if (random.Next(100) == 0)
                sequence = highest + (ulong)random.Next(1_000, 1_100);
            Reason expected =
                sequence == 0 ? Reason.SequenceZero
                : sequence > highest + 1_024 ? Reason.SequenceTooFarAhead
                : sequence + 64 <= highest ? Reason.SequenceTooOld
                : used.Contains(sequence) ? Reason.SequenceUsed
                : Reason.None;
            if (expected == Reason.SequenceZero)
                continue; // refused by its bytes already

            Transfer message = new(Keys.Bob.Address, new Amount(1));
            Receipt receipt = world.RunOne(world.Sign(new Body(Keys.Alice.Address, sequence, world.NowMs + 1_000, message), Keys.Alice));

            Assert.Equal(expected, receipt.Reason);
            if (expected == Reason.None && used.Add(sequence))
                highest = Math.Max(highest, sequence);
        }
        Assert.Equal(highest + 1, LedgerQueries.Account(world.State, Keys.Alice.Address).Window.Next);
    }
}
