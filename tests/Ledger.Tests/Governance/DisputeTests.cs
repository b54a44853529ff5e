using System.Text.Json.Nodes;
using AppChain.Crypto;
using AppChain.Ledger;
using static AppChain.Tests.Ledger.GovernedWorld;

namespace AppChain.Tests.Ledger;

/// <summary>Who may accuse whom, what is held meanwhile, and who gets what in the end. Alice owns the device, Bob accuses.</summary>
public class DisputeTests
{
    private static readonly Subject Device = new(SubjectKind.Device, Keys.Sensor.Address);
    private static readonly Exhibit Document = new(Hashing.Sha256([1]), IsTransaction: false);

    [Fact]
    public void Accuse_HoldsTheAccusersBondAndTheDevicesRewards()
    {
        World world = Accused();
        ulong owner = world.Balance(Keys.Alice);
        ulong reward = EarnHeld(world);

        Assert.Equal(owner, world.Balance(Keys.Alice));
        Assert.Equal(reward, AccusedRecord.Find(world.State, Device)!.Held.Grains);
        Assert.Equal(Amount.FromTokens(1_000) - Bond, new Amount(world.Balance(Keys.Bob)));
        Assert.Equal(Bond.Grains + reward, (ulong)world.Audit().Deposits);
        world.AssertConserved();
    }

    [Fact]
    public void Dispute_AtItsDeadline_ReleasesEverything()
    {
        World world = Accused();
        (ulong owner, ulong reward) = (world.Balance(Keys.Alice), EarnHeld(world));

        world.NowMs = DisputeRecord.Find(world.State, 1)!.DeadlineMs - 1;
        world.Pass(0);
        Assert.Equal(DisputeStatus.Open, DisputeRecord.Find(world.State, 1)!.Status);
        world.Pass(1);

        Assert.Equal(DisputeStatus.Released, DisputeRecord.Find(world.State, 1)!.Status);
        Assert.Equal(owner + reward, world.Balance(Keys.Alice));
        Assert.Equal(Amount.FromTokens(1_000).Grains, world.Balance(Keys.Bob));
        Assert.Null(AccusedRecord.Find(world.State, Device));
    }

    [Theory]
    [InlineData(Ruling.Guilty, 250_000, DisputeStatus.Guilty)]
    [InlineData(Ruling.Guilty, 1_000_000, DisputeStatus.Guilty)]
    [InlineData(Ruling.NotGuilty, 0, DisputeStatus.NotGuilty)]
    [InlineData(Ruling.Abuse, 0, DisputeStatus.Abuse)]
    public void Ruling_GivesEachWhatIsTheirs(Ruling ruling, uint sharePpm, DisputeStatus status)
    {
        World world = Accused();
        (ulong owner, ulong reward) = (world.Balance(Keys.Alice), EarnHeld(world));
        ulong treasury = TreasuryRecord.Get(world.State).Balance.Grains;
        Amount taken = new Amount(reward).Share(sharePpm, Parameters.Million);

        Assert.Equal(ProposalStatus.Executed, world.Decided(new RuleDispute(1, ruling, sharePpm)).Status);

        DisputeRecord dispute = DisputeRecord.Find(world.State, 1)!;
        Assert.Equal((status, taken), (dispute.Status, dispute.Slashed));
        ulong bondToOwner = ruling == Ruling.Abuse ? Bond.Grains : 0;
        Assert.Equal(owner + reward - taken.Grains + bondToOwner, world.Balance(Keys.Alice));
        Assert.Equal(Amount.FromTokens(1_000).Grains - bondToOwner, world.Balance(Keys.Bob));
        Assert.Equal(treasury + taken.Grains, TreasuryRecord.Get(world.State).Balance.Grains);
        world.AssertConserved();
    }

    [Fact]
    public void Ruling_OfGuilt_ReachesWhatIsNotSettledYet()
    {
        World world = Accused();
        world.RunOne(world.Proof(Keys.Sensor, 1_000));
        world.Pass(5_000); // minted, and never touched since

        world.Decided(new RuleDispute(1, Ruling.Guilty, 1_000_000));

        Assert.True(DisputeRecord.Find(world.State, 1)!.Slashed > Amount.Zero);
        Assert.All(world.Device(Keys.Sensor).Unsettled, unsettled => Assert.Equal(Amount.Zero, unsettled));
    }

    [Fact]
    public void Device_AccusedTwice_StaysHeldUntilBothAreClosed()
    {
        World world = Accused();
        Assert.Equal(Reason.None, Accuse(world, Small, Device));
        (ulong owner, ulong reward) = (world.Balance(Keys.Alice), EarnHeld(world));

        world.Decided(new RuleDispute(1, Ruling.Guilty, 500_000));
        Amount left = new Amount(reward) - new Amount(reward).Share(500_000, Parameters.Million);
        Assert.Equal(left, AccusedRecord.Find(world.State, Device)!.Held);
        Assert.Equal(owner, world.Balance(Keys.Alice));
        world.Decided(new RuleDispute(2, Ruling.NotGuilty, 0));

        Assert.Equal(owner + left.Grains, world.Balance(Keys.Alice));
        world.AssertConserved();
    }

    [Fact]
    public void Ruling_OfGuilt_TakesWhatIsHeldFirstAndThenOfTheBonds()
    {
        World world = Bonded();
        Assert.Equal(Reason.None, Accuse(world, Keys.Bob, Device));
        ulong reward = EarnHeld(world);
        (ulong owner, ulong treasury) = (world.Balance(Keys.Alice), TreasuryRecord.Get(world.State).Balance.Grains);
        Amount taken = new Amount(reward + (2 * DeviceBond)).Share(900_000, Parameters.Million);
        ulong ofBonds = taken.Grains - reward;
        Assert.True(ofBonds > DeviceBond); // all of the first service's, and some of the second's

        world.Decided(new RuleDispute(1, Ruling.Guilty, 900_000));

        Assert.Equal(taken, DisputeRecord.Find(world.State, 1)!.Slashed);
        Assert.Equal([Amount.Zero, new Amount((2 * DeviceBond) - ofBonds)], BondsOf(world));
        Assert.Equal(owner, world.Balance(Keys.Alice)); // nothing was left of what was held
        Assert.Equal(treasury + taken.Grains, TreasuryRecord.Get(world.State).Balance.Grains);
        world.AssertConserved();
    }

    [Fact]
    public void Ruling_OfGuilt_ThatTheHeldRewardsCover_LeavesTheBonds()
    {
        World world = Bonded();
        Assert.Equal(Reason.None, Accuse(world, Keys.Bob, Device));
        ulong reward = EarnHeld(world);
        ulong owner = world.Balance(Keys.Alice);
        Amount taken = new Amount(reward + (2 * DeviceBond)).Share(1_000, Parameters.Million);

        world.Decided(new RuleDispute(1, Ruling.Guilty, 1_000));

        Assert.Equal([new Amount(DeviceBond), new Amount(DeviceBond)], BondsOf(world));
        Assert.Equal(owner + reward - taken.Grains, world.Balance(Keys.Alice));
        world.AssertConserved();
    }

    [Fact]
    public void Withdrawal_OfAnAccusedDevice_WaitsForTheEndAndReturnsWhatIsLeftOfTheBond()
    {
        World world = Bonded();
        world.RunOne(world.Proof(Keys.Sensor, 1_000));
        Assert.Equal(Reason.None, Accuse(world, Keys.Bob, Device));
        ulong number = world.Proposed(new RuleDispute(1, Ruling.Guilty, 1_000_000));
        world.Vote(Large, number, VoteChoice.Yes);
        world.Expect(Reason.None, new WithdrawDevice(Keys.Sensor.Address, 1), Keys.Alice);

        world.Pass(WithdrawalMs); // over, and nobody has touched what it earned
        Amount held = AccusedRecord.Find(world.State, Device)!.Held;
        Assert.True(held > Amount.Zero);
        Assert.Equal(DeviceBond, world.Work(Keys.Sensor).Bond.Grains);
        world.Pass(WithdrawalMs);
        Assert.Equal(held, AccusedRecord.Find(world.State, Device)!.Held); // it was settled once
        Assert.Equal(DeviceBond, world.Work(Keys.Sensor).Bond.Grains);
        world.Pass(VotingMs);
        world.Pass(DelayMs);

        Assert.Equal(held + new Amount(2 * DeviceBond), DisputeRecord.Find(world.State, 1)!.Slashed);
        ulong owner = world.Balance(Keys.Alice);
        world.Pass(WithdrawalMs);
        Assert.Null(world.Device(Keys.Sensor).Device.In(1));
        Assert.Equal(owner, world.Balance(Keys.Alice));
    }

    [Fact]
    public void Withdrawal_OfADeviceWhoseDisputeWasReleased_ReturnsItsBond()
    {
        World world = Bonded();
        Assert.Equal(Reason.None, Accuse(world, Keys.Bob, Device));
        world.Expect(Reason.None, new WithdrawDevice(Keys.Sensor.Address, 1), Keys.Alice);
        world.Pass(DisputeMs);
        Assert.Equal(DisputeStatus.Released, DisputeRecord.Find(world.State, 1)!.Status);
        ulong owner = world.Balance(Keys.Alice) - (world.Device(Keys.Sensor).Device.In(1) is null ? DeviceBond : 0);

        world.Pass(WithdrawalMs);

        Assert.Null(world.Device(Keys.Sensor).Device.In(1));
        Assert.Equal(owner + DeviceBond, world.Balance(Keys.Alice));
    }

    [Fact]
    public void Accuse_WhatIsNotThereOrByNobody_IsRefused()
    {
        World world = Accused();

        foreach (SubjectKind kind in Enum.GetValues<SubjectKind>())
            Assert.Equal(Reason.UnknownSubject, Accuse(world, Keys.Bob, new Subject(kind, Keys.Carol.Address)));
        Assert.Equal(Reason.UnknownAccount, Accuse(world, Keys.Carol, Device));
    }

    [Fact]
    public void Accuse_ASubjectWithManyShamAccusations_IsHeardAtTheSameBond()
    {
        const int shams = 20;
        PrivateKey[] crowd = [.. Enumerable.Range(0, shams).Select(i => Keys.Of($"accuser {i}"))];
        World world = Create(crowd);
        world.Registered(Keys.Alice, Keys.Sensor);
        Assert.All(crowd, accuser => Assert.Equal(Reason.None, Accuse(world, accuser, Device)));
        ulong before = world.Balance(Keys.Bob);

        Assert.Equal(Reason.None, Accuse(world, Keys.Bob, Device));

        Assert.Equal(before - Bond.Grains, world.Balance(Keys.Bob));
        Assert.Equal((shams + 1UL, shams + 1UL), (AccusedRecord.Find(world.State, Device)!.Open, AccusedRecord.Find(world.State, Device)!.Last));
        Assert.Equal((ulong)shams, DisputeRecord.Find(world.State, shams + 1)!.Previous);
        ulong reward = EarnHeld(world);
        world.Decided(new RuleDispute(shams + 1, Ruling.Guilty, 1_000_000));
        Assert.Equal(reward, DisputeRecord.Find(world.State, shams + 1)!.Slashed.Grains);
        Assert.Equal((ulong)shams, AccusedRecord.Find(world.State, Device)!.Open);
        world.Pass(DisputeMs);
        Assert.Null(AccusedRecord.Find(world.State, Device));
        world.AssertConserved();
    }

    [Fact]
    public void Accuse_WithoutTheBond_FailsAndHoldsNothing()
    {
        World world = Create();
        world.Registered(Keys.Alice, Keys.Sensor);
        world.RunOne(world.Transfer(Keys.Bob, Keys.Carol, Bond.Grains - 1));

        Assert.Equal(Reason.InsufficientBalance, Accuse(world, Keys.Carol, Device));
        Assert.Null(AccusedRecord.Find(world.State, Device));
    }

    [Fact]
    public void Answer_OfTheOwner_IsTakenOnceAndInTime()
    {
        World world = Accused();
        world.NowMs += AnswerMs;
        Assert.Equal(Reason.NotTheAccused, Answer(world, Keys.Bob));
        Assert.Equal(Reason.UnknownDispute, world.RunOne(world.Sign(new AnswerAccusation(2, null), Keys.Alice)).Reason);

        Transaction answer = world.Sign(new AnswerAccusation(1, null, "It is calibrated."), Keys.Alice);
        Assert.Equal(Reason.None, world.RunOne(answer).Reason);

        Assert.Equal(answer.Id, DisputeRecord.Find(world.State, 1)!.Answer);
        Assert.Equal(Reason.AlreadyAnswered, Answer(world, Keys.Alice));
    }

    [Fact]
    public void Answer_TooLateOrAfterTheEnd_IsRefused()
    {
        World world = Accused();
        world.NowMs += AnswerMs + 1;
        Assert.Equal(Reason.AnswerTooLate, Answer(world, Keys.Alice));

        world.Pass(DisputeMs);
        Assert.Equal(Reason.DisputeClosed, Answer(world, Keys.Alice));
        Assert.Equal(Reason.DisputeClosed, world.RunOne(world.Sign(new Propose("x", new RuleDispute(1, Ruling.NotGuilty, 0)), Keys.Alice)).Reason);
        Assert.Equal(Reason.UnknownDispute, world.RunOne(world.Sign(new Propose("x", new RuleDispute(9, Ruling.NotGuilty, 0)), Keys.Alice)).Reason);
    }

    [Fact]
    public void Ruling_OnADisputeThatWasReleasedMeanwhile_Fails()
    {
        World world = Accused();
        world.NowMs += DisputeMs - VotingMs - 1_000;
        ulong number = world.Proposed(new RuleDispute(1, Ruling.Guilty, 500_000));
        world.Vote(Large, number, VoteChoice.Yes);
        world.Pass(VotingMs);
        world.Pass(1_000); // the deadline
        world.Pass(DelayMs - 1_000);

        Assert.Equal((ProposalStatus.Failed, Reason.DisputeClosed), (world.Proposal(number).Status, world.Proposal(number).Failure));
    }

    [Fact]
    public void Validator_FoundGuilty_LosesStakeAndIsOutForGood()
    {
        World world = Create();
        Assert.Equal(Reason.None, Accuse(world, Keys.Bob, new Subject(SubjectKind.Validator, Small.Address)));
        Assert.Equal(Reason.None, world.RunOne(world.Sign(new AnswerAccusation(1, null, "No."), Small)).Reason);

        world.Decided(new RuleDispute(1, Ruling.Guilty, 100_000));

        Assert.Equal(Amount.FromTokens(10), DisputeRecord.Find(world.State, 1)!.Slashed);
        Assert.Equal(Amount.FromTokens(90), Stake.VotingPower(world.State, Small.Address));
        Assert.Equal(ValidatorStanding.Tombstoned, ValidatorRecord.Find(world.State, Small.Address)!.Standing);
        world.AssertConserved();
    }

    [Fact]
    public void Manufacturer_MayBeAccusedAndAnswer()
    {
        World world = Create(Keys.Maker);
        Assert.Equal(Reason.None, Accuse(world, Keys.Bob, new Subject(SubjectKind.Manufacturer, Keys.Maker.Address)));
        Assert.Equal(Reason.None, world.RunOne(world.Sign(new AnswerAccusation(1, Hashing.Sha256([2])), Keys.Maker)).Reason);

        world.Decided(new RuleDispute(1, Ruling.Guilty, 1_000_000));

        Assert.Equal((DisputeStatus.Guilty, Amount.Zero), (DisputeRecord.Find(world.State, 1)!.Status, DisputeRecord.Find(world.State, 1)!.Slashed));
    }

    [Fact]
    public void Accuse_OfTheWrongForm_IsRefusedByItsBytes()
    {
        Assert.Equal(Reason.UnknownSubjectKind, Decoded(new Accuse(new Subject((SubjectKind)4, Keys.Sensor.Address), Document)));
        Assert.Equal(Reason.StatementTooLong, Decoded(new Accuse(Device, Document, new string('x', 513))));
        Assert.Equal(Reason.StatementTooLong, Decoded(new AnswerAccusation(1, null, new string('x', 513))));
        Assert.Equal(Reason.None, Decoded(new Accuse(Device, Document, new string('x', 512))));
    }

    private const ulong DeviceBond = 4_000_000_000;
    private const ulong WithdrawalMs = 6_000;

    // A device with a bond in each of two services.
    private static World Bonded()
    {
        JsonObject json = Json();
        foreach (JsonNode? service in json["services"]!.AsArray())
            service!["deviceBond"] = DeviceBond;
        json["parameters"]!["withdrawalDelayMs"] = WithdrawalMs;
        World world = new(json);
        world.Registered(Keys.Alice, Keys.Sensor);
        world.Expect(Reason.None, new EnrollDevice(Keys.Sensor.Address, 2), Keys.Alice);
        world.NowMs += 100;
        return world;
    }

    private static Amount[] BondsOf(World world) => [.. world.Device(Keys.Sensor).Device.Enrollments.Select(enrollment => enrollment.Bond)];

    [Fact]
    public void AccusedDevice_NeitherChangesItsPayeesNorItsOwner()
    {
        World world = Accused();

        Assert.Equal(Reason.DeviceAccused, world.RunOne(world.Sign(new SetPayout(Keys.Sensor.Address), Keys.Alice)).Reason);
        Assert.Equal(
            Reason.DeviceAccused,
            world.RunOne(world.Sign(new TransferDevice(Keys.Sensor.Address, Keys.Bob.Address, Amount.Zero), Keys.Alice, Keys.Bob)).Reason);
    }

    private static World Accused()
    {
        World world = Create();
        world.Registered(Keys.Alice, Keys.Sensor);
        Assert.Equal(Reason.None, Accuse(world, Keys.Bob, Device));
        return world;
    }

    private static Reason Accuse(World world, PrivateKey accuser, Subject subject)
    {
        if (accuser == Small) // it has stake, and no tokens to bond
            world.RunOne(world.Transfer(Keys.Bob, Small, Bond.Grains));
        return world.RunOne(world.Sign(new Accuse(subject, Document, "It stands indoors."), accuser)).Reason;
    }

    private static Reason Answer(World world, PrivateKey by) => world.RunOne(world.Sign(new AnswerAccusation(1, null), by)).Reason;

    // Works for an epoch and is touched in the next one.
    private static ulong EarnHeld(World world)
    {
        world.NowMs += 100;
        world.RunOne(world.Proof(Keys.Sensor, 1_000));
        world.Pass(5_000);
        ulong reward = world.Device(Keys.Sensor).Unsettled[0].Grains;
        Assert.True(reward > 0);
        world.RunOne(world.Proof(Keys.Sensor, 1_000_000)); // out of bounds: it earns nothing more
        return reward;
    }

    private static Reason Decoded(Message message)
    {
        World world = Create();
        Body body = new(Keys.Alice.Address, 1, world.NowMs, message);
        return Transaction.TryDecode(TransactionBuilder.Sign(world.Genesis.ChainId, body, Keys.Alice), world.Genesis.ChainId, out _);
    }
}
