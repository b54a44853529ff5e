using AppChain.Crypto;
using AppChain.Ledger;
using static AppChain.Tests.Ledger.Proofs.EnergyWorld;

namespace AppChain.Tests.Ledger.Proofs;

/// <summary>Neighbours trade what one made and the other took: each Wh once.</summary>
public class EnergyTradeTests
{
    private const ulong Price = 3, Tokens = 5_000;

    private readonly EnergyWorld energy = new((OwnerOf(Home(0)), Tokens), (OwnerOf(Home(1)), Tokens));

    private World World => energy.World;

    [Fact]
    public void Match_PaysTheSellersPayoutAndSpendsTheFeeThroughItsMeter()
    {
        Traded();
        World.RunOne(World.Sign(
            new SetPayout(Roof(0).Address, [new Payee(Keys.Carol.Address, 400_000), new Payee(OwnerOf(Roof(0)).Address, 600_000)]), OwnerOf(Roof(0))));

        Assert.Equal(Reason.None, Match(wh: 1_000));

        Assert.Equal((Tokens - (1_000 * Price), 1_000 - TradeFee), (World.Balance(OwnerOf(Home(0))), Credits(OwnerOf(Home(0)))));
        Assert.Equal((1_200UL, 1_800UL), (World.Balance(Keys.Carol), World.Balance(OwnerOf(Roof(0)))));
        Assert.Equal((0UL, 500UL), (energy.Record(Roof(0)).LeftIn(Noon), energy.Record(Home(0)).LeftIn(Noon)));
        Assert.Equal(new Credits(TradeFee), LedgerQueries.Usage(World.State, Roof(0).Address, Service)!.Credits);
        Assert.Equal(new Credits(TradeFee), ServiceWork.Get(World.State, Service).Burned);
        World.AssertConserved();
    }

    [Fact]
    public void Match_OfMoreThanIsLeft_IsRefused()
    {
        Traded();
        Assert.Equal(Reason.EnergyUsed, Match(wh: 1_001)); // more than was made
        Assert.Equal(Reason.None, Match(wh: 600));
        Assert.Equal(Reason.EnergyUsed, Match(Home(1), wh: 401));
        Assert.Equal(Reason.None, Match(Home(1), wh: 400));
        Offer(Roof(1));
        Assert.Equal(Reason.EnergyUsed, Match(seller: Roof(1), wh: 901)); // more than the home still took
        Assert.Equal(Reason.EnergyUsed, Match(wh: 1, from: Noon + Hour)); // not judged
        World.AssertConserved();
    }

    [Fact]
    public void Match_AgainstTheOffer_IsRefused()
    {
        Traded();
        Assert.Equal(Reason.PriceAboveLimit, Match(wh: 1, priceMax: Price - 1));
        Assert.Equal(Reason.NoEnergyOffer, Match(seller: Roof(1), wh: 1));
        Offer(Roof(1), untilMs: World.NowMs - 1);
        Assert.Equal(Reason.NoEnergyOffer, Match(seller: Roof(1), wh: 1));
        Offer(Roof(0), price: 0);
        Assert.Equal(Reason.NoEnergyOffer, Match(wh: 1));
        Assert.Equal(Reason.NotAMeter, Match(seller: Keys.Sensor, wh: 1));
        Assert.Equal(Reason.NotAMeter, World.RunOne(World.Sign(new OfferEnergy(Home(0).Address, Service, 1, World.NowMs), OwnerOf(Home(0)))).Reason);
    }

    [Fact]
    public void Match_BetweenFeeders_IsRefused()
    {
        PrivateKey other = Meter("other feeder");
        energy.Register(other);
        energy.Connect(other, other, MeterKind.Load, 1_000);
        Traded();
        energy.Connect(Roof(0), other, MeterKind.Solar, 4_000);
        Offer(Roof(0));

        Assert.Equal(Reason.OtherFeeder, Match(wh: 1));
    }

    [Fact]
    public void Match_ThatCannotBePaid_ChangesNothing()
    {
        Traded();
        Offer(Roof(0), price: Tokens);
        Assert.Equal(Reason.InsufficientBalance, Match(wh: 2, priceMax: Tokens));
        Offer(Roof(0), price: ulong.MaxValue);
        Assert.Equal(Reason.InsufficientBalance, Match(wh: 2, priceMax: ulong.MaxValue));
        Offer(Roof(0));
        World.RunOne(World.Sign(new FundSponsor(1, new Credits(1_000 - TradeFee + 1)), OwnerOf(Home(0))));
        Assert.Equal(Reason.TooFewCredits, Match(wh: 1));

        Assert.Equal(Tokens, World.Balance(OwnerOf(Home(0))));
        Assert.Equal(1_000UL, energy.Record(Roof(0)).LeftIn(Noon));
        World.AssertConserved();
    }

    private void Traded()
    {
        energy.Build();
        energy.ReadAll();
        energy.Close();
        Offer(Roof(0));
    }

    private void Offer(PrivateKey seller, ulong price = Price, ulong? untilMs = null) => Assert.Equal(
        Reason.None, World.RunOne(World.Sign(new OfferEnergy(seller.Address, Service, price, untilMs ?? World.NowMs + 1_000_000), OwnerOf(seller))).Reason);

    private Reason Match(PrivateKey? buyer = null, PrivateKey? seller = null, ulong wh = 1, ulong priceMax = Price, ulong? from = null)
    {
        PrivateKey home = buyer ?? Home(0);
        MatchEnergy message = new(Service, (seller ?? Roof(0)).Address, home.Address, from ?? Noon, wh, priceMax);
        return World.RunOne(World.Sign(message, OwnerOf(home))).Reason;
    }

    private ulong Credits(PrivateKey key) => LedgerQueries.Account(World.State, key.Address).Credits.Units;
}
