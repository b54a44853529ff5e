using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger.Agreements;

public class StorageDealTests
{
    private readonly DealWorld deals = new();

    [Fact]
    public void Deal_WithEveryDrawnChunkShown_PaysAllOfItsPriceAndEndsByItself()
    {
        Hash256 deal = deals.Open(Keys.Alice);
        Assert.Equal(DealWorld.Credits - 300, deals.World.CreditsOf(Keys.Alice));
        for (uint window = 1; window <= 3; window++)
        {
            Assert.Equal(window, deals.Deal(deal)!.Window);
            // What fits into one proof; the rest in another one.
            uint[] drawn = [.. deals.Deal(deal)!.Drawn(deal).Distinct().Order()];
            ulong units = deals.Show(deal, Keys.Sensor, drawn[..3]).Verdict!.Value.Units + deals.Show(deal, Keys.Sensor, drawn[3..]).Verdict!.Value.Units;
            Assert.Equal(100UL, units);
            deals.Close();
        }

        Assert.Null(deals.Deal(deal));
        Assert.Equal(DealWorld.Credits - 300, deals.World.CreditsOf(Keys.Alice));
        Assert.Equal(300UL, deals.UsageOf(Keys.Sensor));
        Assert.Equal(0u, OpenWorkRecord.Of(deals.World.State, Keys.Sensor.Address, DealWorld.Service));
        deals.World.AssertConserved();
    }

    [Fact]
    public void Window_WithSomeDrawsAnswered_PaysTheirShareAndReturnsTheRest()
    {
        Hash256 deal = deals.Open(Keys.Alice);
        uint first = deals.Deal(deal)!.Drawn(deal)[0];
        int answered = deals.Deal(deal)!.Drawn(deal).Count(index => index == first); // one that was drawn twice is answered twice

        Receipt receipt = deals.Show(deal, Keys.Sensor, [first]);
        deals.Close();

        ulong paid = 100UL * (ulong)answered / DealWorld.Draws;
        Assert.Equal((Reason.None, paid), (receipt.Verdict!.Value.Reason, receipt.Verdict.Value.Units));
        Assert.Equal(paid, deals.UsageOf(Keys.Sensor));
        Assert.Equal(DealWorld.Credits - 200 - paid, deals.World.CreditsOf(Keys.Alice)); // two windows are still locked
        Assert.Equal(0u, deals.Deal(deal)!.Missed);
    }

    [Fact]
    public void MissedWindows_BurnBondAfterTheGrace_AndPayNothing()
    {
        Hash256 deal = deals.Open(Keys.Alice, DealWorld.Terms(Keys.Sensor, windows: 4));
        ulong burned = deals.World.Audit().Burned is var before ? (ulong)before : 0;
        ulong[] bonds = new ulong[4];
        for (int window = 0; window < 4; window++)
        {
            if (window == 2)
                deals.Show(deal, Keys.Sensor, [deals.Deal(deal)!.Drawn(deal)[0]]); // who shows something has not missed it
            deals.Close();
            bonds[window] = deals.BondOf(Keys.Sensor);
        }

        Assert.Equal([1_000UL, 900UL, 900UL, 900UL], bonds);
        Assert.Equal(100UL, (ulong)deals.World.Audit().Burned - burned);
        deals.World.AssertConserved();
    }

    [Fact]
    public void Draws_ComeFromABlockAfterTheDeal_AndDifferFromWindowToWindow()
    {
        Transaction opening = deals.World.Sign(DealWorld.Terms(Keys.Sensor), Keys.Alice, Keys.Sensor);
        Hash256 ofOpening = deals.World.Context.Beacon;
        deals.World.RunOne(opening);
        Assert.Equal((0u, []), (deals.Deal(opening.Id)!.Window, deals.Deal(opening.Id)!.Drawn(opening.Id)));
        Hash256 next = deals.World.Context.Beacon;
        deals.World.Run();

        DealRecord first = deals.Deal(opening.Id)!;
        Assert.NotEqual(ofOpening, first.Entropy);
        Assert.Equal(next, first.Entropy);
        deals.Close();
        Assert.NotEqual(first.Drawn(opening.Id), deals.Deal(opening.Id)!.Drawn(opening.Id));
    }

    [Fact]
    public void Proof_OfTheWrongKind_IsRefusedInOrder()
    {
        Hash256 deal = deals.Open(Keys.Alice);
        uint[] drawn = [.. deals.Deal(deal)!.Drawn(deal).Distinct()];
        uint other = Enumerable.Range(0, DealWorld.Chunks).Select(i => (uint)i).Except(drawn).First();

        Assert.Equal(Reason.NoOpenDeal, deals.Show(Hash256.Zero, Keys.Sensor, drawn).EffectiveReason);
        Assert.Equal(Reason.NoOpenDeal, deals.Show(deal, Keys.OtherSensor, drawn).EffectiveReason); // its neighbour keeps nothing
        Assert.Equal(Reason.WindowNotOpen, deals.Show(deal, Keys.Sensor, drawn, window: 2).EffectiveReason);
        Assert.Equal(Reason.ChunkNotDrawn, deals.Show(deal, Keys.Sensor, [.. drawn[..2], other]).EffectiveReason);
        Assert.Equal(Reason.ChunkDiffers, deals.Show(deal, Keys.Sensor, drawn[..1], file: 2).EffectiveReason);
        Assert.Equal(Reason.ChunkDiffers, deals.Show(deal, Keys.Sensor, drawn[..1], change: chunk => chunk with { Path = [] }).EffectiveReason);
        Assert.Equal(Reason.None, deals.Show(deal, Keys.Sensor, drawn[..2]).EffectiveReason);
        Assert.Equal(Reason.ChunksShownBefore, deals.Show(deal, Keys.Sensor, drawn[..1]).EffectiveReason);
        Assert.Equal(Reason.None, deals.Show(deal, Keys.Sensor, drawn[1..3]).EffectiveReason); // one of them is new
        deals.Close();
        Assert.Equal(Reason.WindowNotOpen, deals.Show(deal, Keys.Sensor, drawn, window: 1).EffectiveReason);
    }

    [Fact]
    public void Proof_InTheBlockThatClosesTheWindow_ComesTooLate()
    {
        Hash256 deal = deals.Open(Keys.Alice, DealWorld.Terms(Keys.Sensor, windows: 1));
        uint[] drawn = [.. deals.Deal(deal)!.Drawn(deal)];
        deals.World.NowMs += DealWorld.WindowMs;

        Assert.Equal(Reason.NoOpenDeal, deals.Show(deal, Keys.Sensor, drawn).EffectiveReason);
        Assert.Equal(DealWorld.Credits, deals.World.CreditsOf(Keys.Alice));
    }

    [Fact]
    public void CancelByClient_LetsThePresentWindowRun_AndReturnsTheOthers()
    {
        Hash256 deal = deals.Open(Keys.Alice);
        Assert.Equal(Reason.NotAPartyOfDeal, deals.World.Do(Keys.Bob, new CancelDeal(deal)));
        Assert.Equal(Reason.None, deals.World.Do(Keys.Alice, new CancelDeal(deal)));
        Assert.Equal(DealWorld.Credits - 100, deals.World.CreditsOf(Keys.Alice));
        Assert.Equal(Reason.DealEndsAlready, deals.World.Do(Keys.Alice, new CancelDeal(deal)));

        deals.Show(deal, Keys.Sensor, deals.Deal(deal)!.Drawn(deal));
        deals.Close();

        Assert.Null(deals.Deal(deal));
        Assert.Equal(100UL, deals.UsageOf(Keys.Sensor));
        Assert.Equal(Reason.UnknownDeal, deals.World.Do(Keys.Alice, new CancelDeal(deal)));
    }

    [Fact]
    public void CancelByClient_InTheBlockOfTheDeal_ReturnsEverything()
    {
        Transaction opening = deals.World.Sign(DealWorld.Terms(Keys.Sensor), Keys.Alice, Keys.Sensor);
        deals.World.Run(opening, deals.World.Sign(new CancelDeal(opening.Id), Keys.Alice));
        deals.World.Run();

        Assert.Null(deals.Deal(opening.Id));
        Assert.Equal(DealWorld.Credits, deals.World.CreditsOf(Keys.Alice));
    }

    [Fact]
    public void CancelByOwner_PaysWhatWasShown_AndBurnsOfTheBond()
    {
        Hash256 deal = deals.Open(Keys.Alice);
        deals.Show(deal, Keys.Sensor, deals.Deal(deal)!.Drawn(deal));

        Assert.Equal(Reason.None, deals.World.Do(Keys.Carol, new CancelDeal(deal)));

        Assert.Null(deals.Deal(deal));
        Assert.Equal((100UL, DealWorld.Credits - 100), (deals.UsageOf(Keys.Sensor), deals.World.CreditsOf(Keys.Alice)));
        Assert.Equal(900UL, deals.BondOf(Keys.Sensor));
        deals.Close(); // what waited finds nothing
        deals.World.AssertConserved();
    }

    [Fact]
    public void Device_WithAnOpenDeal_CannotTakeItsBondAway()
    {
        Hash256 deal = deals.Open(Keys.Alice, DealWorld.Terms(Keys.Sensor, windows: 1));
        WithdrawDevice leave = new(Keys.Sensor.Address, DealWorld.Service);

        Assert.Equal(Reason.WorkIsOpen, deals.World.Do(Keys.Carol, leave));
        deals.Close();
        Assert.Null(deals.Deal(deal));
        Assert.Equal(Reason.None, deals.World.Do(Keys.Carol, leave));
        Assert.Equal(Reason.NotEnrolled, deals.World.RunOne(deals.World.Sign(DealWorld.Terms(Keys.Sensor), Keys.Alice, Keys.Sensor)).Reason);
    }

    [Fact]
    public void Device_WhoseBondHasBurned_TakesNoNewDeal()
    {
        Hash256 deal = deals.Open(Keys.Alice);
        Assert.Equal(Reason.None, deals.World.Do(Keys.Carol, new CancelDeal(deal)));

        Assert.Equal(Reason.BondTooSmall, Opened(DealWorld.Terms(Keys.Sensor)));
    }

    [Fact]
    public void Deal_OutsideItsBounds_IsRefused()
    {
        Assert.Equal(Reason.DealOutsideTerms, Opened(DealWorld.Terms(Keys.Sensor, windows: DealWorld.WindowsMax + 1)));
        Assert.Equal(Reason.DealOutsideTerms, Opened(DealWorld.Terms(Keys.Sensor) with { ChunkBytes = 65 }));
        Assert.Equal(Reason.NotOfThisKind, Opened(DealWorld.Terms(Keys.Sensor) with { Service = 1 }));
        Assert.Equal(Reason.UnknownService, Opened(DealWorld.Terms(Keys.Sensor) with { Service = 9 }));
        Assert.Equal(Reason.UnknownDevice, Opened(DealWorld.Terms(Keys.Alice)));
        Assert.Equal(Reason.TooFewCredits, Opened(DealWorld.Terms(Keys.Sensor, price: DealWorld.Credits)));
        Assert.Equal(Reason.NotSignedByDevice, Opened(DealWorld.Terms(Keys.OtherSensor)));
    }

    [Theory]
    [InlineData(0u, 32u, 1UL, 1u)]
    [InlineData(0x8000_0000u, 32u, 1UL, 1u)]
    [InlineData(1u, 0u, 1UL, 1u)]
    [InlineData(1u, 1_025u, 1UL, 1u)]
    [InlineData(1u, 32u, 0UL, 1u)]
    [InlineData(1u, 32u, 1UL, 0u)]
    [InlineData(1u, 32u, ulong.MaxValue, uint.MaxValue)]
    [InlineData(1u, 32u, 5_000_000_000_000_000_001UL, 2u)]
    public void Deal_OfImpossibleSize_IsNotDecoded(uint chunks, uint chunkBytes, ulong price, uint windows)
    {
        OpenDeal deal = new(DealWorld.Service, Keys.Sensor.Address, Hash256.Zero, chunks, chunkBytes, new Credits(price), windows);
        byte[] encoded = TransactionBuilder.Sign(
            deals.World.Genesis.ChainId, new Body(Keys.Alice.Address, 1, deals.World.NowMs + 1, deal), Keys.Alice, Keys.Sensor);

        Assert.Equal(Reason.DealOutOfBounds, Transaction.TryDecode(encoded, deals.World.Genesis.ChainId, out _));
    }

    [Fact]
    public void LargestProof_OfTheLargestFile_FitsIntoATransaction()
    {
        ShownChunk chunk = new(int.MaxValue, new byte[LedgerLimits.ChunkBytesMax], [.. Enumerable.Repeat(Hash256.Zero, MerkleList.PathLengthMax)]);
        SubmitProof proof = new(uint.MaxValue, ulong.MaxValue, new StorageProof(Hash256.Zero, uint.MaxValue, [chunk]));
        Body body = new(Keys.P256Sensor.Address, ulong.MaxValue, ulong.MaxValue, proof, Keys.Alice.Address);

        Assert.InRange(TransactionBuilder.Sign(deals.World.Genesis.ChainId, body, Keys.P256Sensor, Keys.Alice).Length, 1, LedgerLimits.TransactionBytesMax);
    }

    private Reason Opened(OpenDeal terms) => deals.World.RunOne(deals.World.Sign(terms, Keys.Alice, Keys.Sensor)).Reason;
}
