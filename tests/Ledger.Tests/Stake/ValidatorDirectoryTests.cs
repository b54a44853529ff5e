using System.Text.Json.Nodes;
using AppChain.Crypto;
using AppChain.Ledger;
using static AppChain.Tests.Ledger.StakeWorld;

namespace AppChain.Tests.Ledger;

/// <summary>A directory of validators that is full: who gets a place in it, and what becomes of who loses one.</summary>
public sealed class ValidatorDirectoryTests
{
    private static readonly PrivateKey[] Small = [.. Enumerable.Range(0, LedgerLimits.CandidatesMax).Select(i => Keys.Of($"small {i}"))];

    // Two of genesis's large ones and 298 of a token each.
    private readonly World world = Full();

    private static ValidatorDirectory Directory(World world) => ValidatorDirectory.Get(world.State);

    private Address Weakest => Directory(world).Validators.Where(one => ValidatorRecord.Find(world.State, one)!.Stake.Grains == Token).Max();

    [Fact]
    public void Newcomer_WithNoMoreThanTheSmallest_IsRefused()
    {
        Assert.Equal(LedgerLimits.CandidatesMax, Directory(world).Validators.Length);
        Assert.Equal(Reason.NoRoomForValidator, Found(Keys.Alice, Token));
    }

    [Fact]
    public void Newcomer_WithMoreThanTheSmallest_TakesItsPlace()
    {
        Address weakest = Weakest;

        Assert.Equal(Reason.None, Found(Keys.Alice, Token + 1));

        Assert.Contains(Keys.Alice.Address, Directory(world).Validators);
        Assert.DoesNotContain(weakest, Directory(world).Validators);
        Assert.Equal(LedgerLimits.CandidatesMax, Directory(world).Validators.Length);
        world.AssertConserved();
    }

    [Fact]
    public void Newcomer_ThatLetsItsStakeGo_IsTheFirstToYield()
    {
        Found(Keys.Alice, 2 * Token);
        world.Do(new UnbondStake(Keys.Alice.Address, new Amount((2 * Token) - 1)), Keys.Alice);

        Assert.Equal(Reason.None, Found(Keys.Bob, 2 * Token));

        Assert.DoesNotContain(Keys.Alice.Address, Directory(world).Validators);
        Assert.Contains(Keys.Bob.Address, Directory(world).Validators);
    }

    [Fact]
    public void WhoLostItsPlace_KeepsItsStakeAndCanTakeItOut()
    {
        PrivateKey weakest = Small.Single(key => key.Address == Weakest);
        Found(Keys.Alice, 2 * Token);
        Assert.Equal(Token, world.Power(weakest).Grains);

        Assert.Equal(Reason.None, world.Do(new UnbondStake(weakest.Address, Amount.Zero), weakest));
        world.NowMs += UnbondingMs;
        world.Run();

        Assert.Equal(Token, world.Balance(weakest));
        Assert.Null(ValidatorRecord.Find(world.State, weakest.Address));
        Assert.Equal(LedgerLimits.CandidatesMax, Directory(world).Validators.Length);
        world.AssertConserved();
    }

    [Fact]
    public void WhoLostItsPlace_GetsOneAgainWithMoreStake()
    {
        PrivateKey lost = Small.Single(key => key.Address == Weakest);
        Found(Keys.Alice, 2 * Token);

        Assert.Equal(Reason.None, world.Do(new DelegateStake(lost.Address, new Amount(1)), Keys.Bob));

        Assert.Contains(lost.Address, Directory(world).Validators);
        Assert.Equal(LedgerLimits.CandidatesMax, Directory(world).Validators.Length);
    }

    [Fact]
    public void Tombstoned_YieldsToAnybody()
    {
        world.Do(world.Contradiction(V1), V0);

        Assert.Equal(Reason.None, Found(Keys.Alice, Token));

        Assert.DoesNotContain(V1.Address, Directory(world).Validators);
        Assert.Equal(ValidatorStanding.Tombstoned, world.Validator(V1).Standing);
        Assert.Equal(Reason.None, world.Do(new UnbondStake(V1.Address, Amount.Zero), V1));
    }

    private Reason Found(PrivateKey person, ulong grains)
    {
        PrivateKey key = Keys.Of($"consensus of {person.Address}");
        return world.Do(new BondStake(new Amount(grains), key.PublicKey, ValidatorProfile.Empty), person, key);
    }

    private static World Full()
    {
        const int ofGenesis = 100;
        PrivateKey[] later = Small[ofGenesis..^2];
        World world = Create(json =>
        {
            json["parameters"]!["supplyMax"] = 10_000 * Token;
            json["validators"]!.AsArray().RemoveAt(2);
            foreach (PrivateKey key in Small[..ofGenesis])
                json["validators"]!.AsArray().Add(StakeWorld.Validator(key, power: 1));
            foreach (PrivateKey key in Small)
                json["accounts"]!.AsArray().Add(TestGenesis.Account(key, later.Contains(key) ? Token : 0));
        });
        BondStake bond = new(new Amount(Token), default, ValidatorProfile.Empty);
        BlockResult filled = world.Run([.. later.Select(key => world.Sign(bond with { ConsensusKey = key.PublicKey }, key, key))]);
        Assert.All(filled.Receipts, receipt => Assert.Equal(Reason.None, receipt.Reason));
        return world;
    }
}
