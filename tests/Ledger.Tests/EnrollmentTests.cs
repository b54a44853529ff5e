using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger;

/// <summary>Devices that serve several services, and leave them.</summary>
public sealed class EnrollmentTests
{
    private const ulong DelayMs = TestGenesis.WithdrawalDelayMs;

    private readonly World world = new();

    public EnrollmentTests() => world.Registered(Keys.Alice, Keys.Sensor);

    private static Address Device => Keys.Sensor.Address;

    [Fact]
    public void Enrolled_InTwoServices_EarnsInBoth()
    {
        world.Expect(Reason.None, new EnrollDevice(Device, 2), Keys.Alice);
        world.NowMs += 100;

        Assert.Equal(Reason.None, world.Judge(Keys.Sensor));
        Assert.Equal(Reason.None, world.Judge(Keys.Sensor, service: 2));

        Assert.Equal([1UL, 2UL], world.Device(Keys.Sensor).Device.Enrollments.Select(enrollment => (ulong)enrollment.Service));
        Assert.All(world.Device(Keys.Sensor).Device.Enrollments, enrollment => Assert.Equal(1UL, enrollment.Accepted));
        world.NextEpoch();
        ulong[] unsettled = [.. world.Device(Keys.Sensor).Unsettled.Select(amount => amount.Grains)];
        Assert.Equal(2 * unsettled[0], unsettled[1]); // by the services' weights
    }

    [Fact]
    public void Proof_OfOneService_SettlesThatOneOnly()
    {
        world.Expect(Reason.None, new EnrollDevice(Device, 2), Keys.Alice);
        world.NowMs += 100;
        world.Judge(Keys.Sensor);
        world.Judge(Keys.Sensor, service: 2);
        world.NextEpoch();
        Amount waiting = world.Device(Keys.Sensor).Unsettled[1];

        Assert.Equal(Reason.None, world.Judge(Keys.Sensor));

        Assert.NotEqual(Amount.Zero, world.Work(Keys.Sensor).Settled);
        Assert.Equal([Amount.Zero, waiting], world.Device(Keys.Sensor).Unsettled);
    }

    [Fact]
    public void Enroll_MovesTheDeviceIntoTheServicesList()
    {
        BlockResult result = world.Run(world.Sign(new EnrollDevice(Device, 2), Keys.Alice));
        DeviceMove move = Assert.Single(result.Moves);
        Assert.Equal((1, 2), (move.Before!.Enrollments.Length, move.After.Enrollments.Length));
    }

    [Fact]
    public void Enroll_WhatCannotBe_IsSkippedWithItsReason()
    {
        world.Expect(Reason.NoSuchDevice, new EnrollDevice(Keys.OtherSensor.Address, 2), Keys.Alice);
        world.Expect(Reason.NotTheOwner, new EnrollDevice(Device, 2), Keys.Bob);
        world.Expect(Reason.UnknownService, new EnrollDevice(Device, 9), Keys.Alice);
        world.Expect(Reason.AlreadyEnrolled, new EnrollDevice(Device, 1), Keys.Alice);
        uint others = world.Created(IdentityWorld.Definition(Keys.P256Maker));
        world.Expect(Reason.ManufacturerNotAccepted, new EnrollDevice(Device, others), Keys.Alice);
        uint dear = world.Created(IdentityWorld.Definition(Keys.Maker) with { DeviceBond = new Amount(900_000_000) });
        world.Expect(Reason.DeviceBondNotCovered, new EnrollDevice(Device, dear), Keys.Alice);
    }

    [Fact]
    public void Enroll_NinthService_IsSkipped()
    {
        for (int i = 1; i < LedgerLimits.EnrollmentsMax; i++)
            world.Expect(Reason.None, new EnrollDevice(Device, world.Created(IdentityWorld.Definition(Keys.Maker))), Keys.Alice);
        world.Expect(Reason.TooManyEnrollments, new EnrollDevice(Device, world.Created(IdentityWorld.Definition(Keys.Maker))), Keys.Alice);
    }

    [Fact]
    public void Bond_IsPledgedAndReturnsAfterTheDelay()
    {
        uint bonded = world.Created(IdentityWorld.Definition(Keys.Maker) with { DeviceBond = new Amount(700) });
        ulong before = world.Balance(Keys.Alice);
        UInt128 bonds = world.Audit().Bonds; // the service's own
        world.Expect(Reason.None, new EnrollDevice(Device, bonded), Keys.Alice);
        Assert.Equal(before - 700, world.Balance(Keys.Alice));
        Assert.Equal(bonds + 700, world.Audit().Bonds);

        world.Expect(Reason.None, new WithdrawDevice(Device, bonded), Keys.Alice);
        Assert.Equal(Reason.WrongService, world.Judge(Keys.Sensor, bonded));
        world.Expect(Reason.AlreadyLeaving, new WithdrawDevice(Device, bonded), Keys.Alice);
        world.Expect(Reason.AlreadyEnrolled, new EnrollDevice(Device, bonded), Keys.Alice);
        world.NowMs += DelayMs - 1;
        world.Run();
        Assert.NotNull(world.Device(Keys.Sensor).Device.In(bonded));

        world.NowMs++;
        world.Run();

        Assert.Null(world.Device(Keys.Sensor).Device.In(bonded));
        Assert.Equal(before, world.Balance(Keys.Alice));
        Assert.Equal(bonds, world.Audit().Bonds);
        world.AssertConserved();
    }

    [Fact]
    public void Withdraw_WhatIsNotEnrolled_IsSkipped()
    {
        world.Expect(Reason.NotEnrolled, new WithdrawDevice(Device, 2), Keys.Alice);
        world.Expect(Reason.NotTheOwner, new WithdrawDevice(Device, 1), Keys.Bob);
        world.Expect(Reason.NoSuchDevice, new WithdrawDevice(Keys.OtherSensor.Address, 1), Keys.Bob);
    }

    [Fact]
    public void Withdraw_WithWorkOfTheOpenEpoch_IsPaidForItInTheEnd()
    {
        Assert.Equal(Reason.None, world.Judge(Keys.Sensor));
        world.Expect(Reason.None, new WithdrawDevice(Device, 1), Keys.Alice);
        ulong before = world.Balance(Keys.Alice);
        world.NowMs += DelayMs;

        world.Run(); // mints for the epoch, then ends the enrolment

        Assert.Empty(world.Device(Keys.Sensor).Device.Enrollments);
        Assert.Equal(before + TestGenesis.RewardPerEpoch - TestGenesis.RewardPerEpoch / 10, world.Balance(Keys.Alice));
        Assert.Null(PoolRecord.Find(world.State, 1, 0));
    }

    [Fact]
    public void EnrolledAgain_ObservationsFromBefore_DoNotCountTwice()
    {
        world.Expect(Reason.None, new WithdrawDevice(Device, 1), Keys.Alice);
        world.NowMs += DelayMs;
        world.Run();
        world.Expect(Reason.None, new EnrollDevice(Device, 1), Keys.Alice);

        Assert.Equal(Reason.OutOfOrder, world.Judge(Keys.Sensor, observedMs: world.NowMs));
        Assert.Equal(Reason.OutOfOrder, world.Judge(Keys.Sensor, observedMs: world.NowMs - 10_000));
        world.NowMs += 100;
        Assert.Equal(Reason.None, world.Judge(Keys.Sensor));
    }
}
