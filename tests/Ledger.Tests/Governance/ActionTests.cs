using AppChain.Crypto;
using AppChain.Ledger;
using static AppChain.Tests.Ledger.GovernedWorld;

namespace AppChain.Tests.Ledger;

/// <summary>Votes about price reporters, manufacturers and services.</summary>
public class ActionTests
{
    private static readonly PrivateKey NewMaker = Keys.Of("new maker");
    private static readonly ManufacturerRoot NewRoot = new(NewMaker.Scheme, NewMaker.PublicKey);
    private readonly World world = Create();

    [Fact]
    public void SetPriceReporters_ReplacesTheList_AndOnlyThoseOnItCount()
    {
        Executes(new SetPriceReporters(Keys.Alice.Address));
        Assert.Equal(Reason.None, Report(Keys.Alice, 2_000_000));
        Assert.Equal(Reason.NotAPriceReporter, Report(Keys.Bob, 1));
        Assert.Equal(2_000_000ul, Prices.At(world.State, world.NowMs).MicroDollars);

        Executes(new SetPriceReporters(Keys.Bob.Address));
        Assert.Equal(Reason.NotAPriceReporter, Report(Keys.Alice, 3_000_000));
        Assert.Equal(PriceBasis.Stale, Prices.At(world.State, world.NowMs).Basis); // Alice's report is young, and she is gone
        Assert.Equal(Reason.None, Report(Keys.Bob, 1_000_000));
        Assert.Equal(Keys.Bob.Address, Assert.Single(PriceFeed.Get(world.State).Reports).Reporter);
    }

    [Fact]
    public void SetPriceReporters_OfNobody_LeavesNoRecord()
    {
        Executes(new SetPriceReporters());
        Executes(new SetPriceReporters(Keys.Alice.Address));
        Assert.True(world.State.TryGet(StateKey.PriceReporters.Bytes, out _));

        Executes(new SetPriceReporters());

        Assert.False(world.State.TryGet(StateKey.PriceReporters.Bytes, out _));
        Assert.Equal(Reason.NotAPriceReporter, Report(Keys.Alice, 1));
    }

    [Fact]
    public void SetPriceReporters_UnsortedTwiceOrTooMany_IsRefusedByItsBytes()
    {
        Address[] crowd = [.. Enumerable.Range(0, LedgerLimits.PriceReportersMax + 1).Select(i => Keys.Of($"reporter {i}").Address).Order()];

        Refused(Reason.PriceReportersInvalid, new SetPriceReporters(crowd[1], crowd[0]));
        Refused(Reason.PriceReportersInvalid, new SetPriceReporters(crowd[0], crowd[0]));
        Refused(Reason.PriceReportersInvalid, new SetPriceReporters(crowd));
        Executes(new SetPriceReporters(crowd[..^1]));
        Assert.Equal(crowd[..^1], PriceReporters.Get(world.State).Accounts);
    }

    [Fact]
    public void RegisterManufacturer_LetsItsDevicesInWhereAServiceNamesIt()
    {
        Executes(new RegisterManufacturer("New Maker", Keys.Bob.Address, NewRoot));

        ManufacturerRecord registered = ManufacturerRecord.Find(world.State, NewMaker.Address)!;
        Assert.Equal(("New Maker", Keys.Bob.Address, NewRoot), (registered.Name, registered.Admin, registered.Roots.Single()));
        world.Expect(Reason.ManufacturerNotAccepted, World.Registration(Keys.Sensor, 1, NewMaker), Keys.Alice, Keys.Sensor);
        Executes(new SetServiceRules(1, Definition(1) with { Manufacturers = [.. ((Address[])[Keys.Maker.Address, NewMaker.Address]).Order()] }));
        world.NextEpoch();
        world.Expect(Reason.None, World.Registration(Keys.Sensor, 1, NewMaker), Keys.Alice, Keys.Sensor);
        world.Expect(Reason.None, new RevokeDevices(NewMaker.Address, Keys.Sensor.Address, 0), Keys.Bob);
    }

    [Fact]
    public void RegisterManufacturer_OfTheWrongForm_IsRefusedByItsBytes()
    {
        Refused(Reason.ManufacturerNameInvalid, new RegisterManufacturer("", Keys.Bob.Address, NewRoot));
        Refused(Reason.ManufacturerNameInvalid, new RegisterManufacturer("a\u001bb", Keys.Bob.Address, NewRoot));
        Refused(Reason.RootsWrong, new RegisterManufacturer("x", Keys.Bob.Address));
        Refused(Reason.RootsWrong, new RegisterManufacturer("x", Keys.Bob.Address, NewRoot, NewRoot));
    }

    [Fact]
    public void RegisterManufacturer_WhoseAddressIsTaken_IsRefusedAndFailsAtExecution()
    {
        Assert.Equal(Reason.ManufacturerAlreadyRegistered,
            Proposed(new RegisterManufacturer("x", Keys.Bob.Address, new ManufacturerRoot(Keys.Maker.Scheme, Keys.Maker.PublicKey))));

        ulong first = world.Proposed(new RegisterManufacturer("first", Keys.Alice.Address, NewRoot));
        ulong second = world.Proposed(new RegisterManufacturer("second", Keys.Bob.Address, NewRoot));
        world.Vote(Large, first, VoteChoice.Yes);
        world.Vote(Large, second, VoteChoice.Yes);
        world.Pass(VotingMs);
        world.Pass(DelayMs);

        Assert.Equal((ProposalStatus.Failed, Reason.ManufacturerAlreadyRegistered), (world.Proposal(second).Status, world.Proposal(second).Failure));
        Assert.Equal("first", ManufacturerRecord.Find(world.State, NewMaker.Address)!.Name);
    }

    [Fact]
    public void ReplaceManufacturer_GivesItOtherKeysWithoutItsWord()
    {
        world.Registered(Keys.Alice, Keys.Sensor);

        Executes(new ReplaceManufacturer(new UpdateManufacturer(Keys.Maker.Address, Keys.Bob.Address, NewRoot)));

        world.Expect(Reason.AttestationNotByRoot, World.Registration(Keys.OtherSensor), Keys.Alice, Keys.OtherSensor);
        Assert.Equal(Reason.None, world.Judge(Keys.Sensor)); // what was registered stays
        world.Expect(Reason.None, new RevokeDevices(Keys.Maker.Address, null, World.Batch), Keys.Bob);
        Assert.Equal("Maker", ManufacturerRecord.Find(world.State, Keys.Maker.Address)!.Name);
    }

    [Fact]
    public void ReplaceManufacturer_UnknownOrWithoutKeys_IsRefused()
    {
        Assert.Equal(Reason.UnknownManufacturer, Proposed(new ReplaceManufacturer(new UpdateManufacturer(NewMaker.Address, Keys.Bob.Address, NewRoot))));
        Refused(Reason.RootsWrong, new ReplaceManufacturer(new UpdateManufacturer(Keys.Maker.Address, Keys.Bob.Address)));
    }

    [Fact]
    public void SetRewardWeight_OfACreatedService_LetsItShareInRewards()
    {
        uint service = world.Created(IdentityWorld.Definition(Keys.Maker));
        world.Registered(Keys.Alice, Keys.Sensor, service);
        Assert.Equal(Amount.Zero, EarnedIn(service));

        Executes(new SetRewardWeight(service, 3));

        Assert.True(EarnedIn(service) > Amount.Zero);
        Executes(new SetRewardWeight(service, 0));
        Assert.Equal(Amount.Zero, EarnedIn(service));
    }

    [Fact]
    public void SetRewardWeight_UnknownOrTooHigh_IsRefused()
    {
        Assert.Equal(Reason.UnknownService, Proposed(new SetRewardWeight(9, 1)));
        Refused(Reason.RewardWeightTooHigh, new SetRewardWeight(1, 1_000_001));
        Executes(new SetRewardWeight(1, 1_000_000));
        Assert.Equal(1_000_000u, ServiceRecord.Find(world.State, 1)!.RewardWeight);
    }

    [Fact]
    public void SetServiceRules_HoldFromTheNextRewardEpochOn()
    {
        ServiceDefinition tighter = Definition(1) with { MaxAgeMs = 1 };

        Executes(new SetServiceRules(1, tighter));

        Assert.NotEqual(tighter, Definition(1));
        Assert.Equal(tighter, PendingServiceRecord.Find(world.State, 1)!.Definition);
        world.NextEpoch();
        Assert.Equal(tighter, Definition(1));
        Assert.Null(PendingServiceRecord.Find(world.State, 1));
    }

    [Fact]
    public void SetServiceRules_OfAnOwnedUnknownOrImpossibleService_IsRefused()
    {
        ServiceDefinition definition = IdentityWorld.Definition(Keys.Maker);
        uint owned = world.Created(definition);

        Assert.Equal(Reason.ServiceHasOwner, Proposed(new SetServiceRules(owned, definition)));
        Assert.Equal(Reason.UnknownService, Proposed(new SetServiceRules(9, definition)));
        Assert.Equal(Reason.UnknownManufacturer, Proposed(new SetServiceRules(1, definition with { Manufacturers = [NewMaker.Address] })));
        Refused(Reason.ServiceOutOfBounds, new SetServiceRules(1, definition with { IntervalMinMs = 0 }));
    }

    private void Executes(ProposalAction action) =>
        Assert.Equal((ProposalStatus.Executed, Reason.None), world.Decided(action) is var decided ? (decided.Status, decided.Failure) : default);

    private Reason Proposed(ProposalAction action) => world.RunOne(world.Sign(new Propose("x", action), Keys.Alice)).Reason;

    private void Refused(Reason expected, ProposalAction action) => world.ExpectRefused(expected, new Propose("x", action), Keys.Alice);

    private Reason Report(PrivateKey reporter, ulong price) => world.RunOne(world.Sign(new SubmitPrice(price, world.NowMs), reporter)).Reason;

    private ServiceDefinition Definition(uint service) => ServiceRecord.Find(world.State, service)!.Definition;

    // What a proof earns in its epoch, seen in the next one.
    private Amount EarnedIn(uint service)
    {
        world.NextEpoch();
        world.NowMs += 100;
        Assert.Equal(Reason.None, world.Judge(Keys.Sensor, service));
        world.Pass(5_000);
        return world.Device(Keys.Sensor).Unsettled.Single();
    }
}
