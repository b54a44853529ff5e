using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger;

/// <summary>What an owner may do with a device: say where it stands, sell it, share what it earns, give it another key.</summary>
public sealed class DeviceOwnershipTests
{
    private static readonly PrivateKey NewKey = Keys.Of("new key");
    private readonly World world = new();

    public DeviceOwnershipTests() => world.Registered(Keys.Alice, Keys.Sensor);

    private static Address Device => Keys.Sensor.Address;

    [Fact]
    public void AssertLocation_MovesTheDeviceAndResetsTrust()
    {
        ulong registered = world.Device(Keys.Sensor).Device.MovedMs;
        world.Expect(Reason.None, new AssertLocation(Device, 1, -2, 3), Keys.Alice);

        DeviceRecord device = world.Device(Keys.Sensor).Device;
        Assert.Equal((1, -2, 3), (device.LatitudeE7, device.LongitudeE7, device.AltitudeCm));
        Assert.Equal(world.NowMs, device.MovedMs);
        Assert.True(device.MovedMs > registered);
    }

    [Fact]
    public void AssertLocation_WhatCannotBe_IsRefused()
    {
        world.ExpectRefused(Reason.LocationOutOfRange, new AssertLocation(Device, 900_000_001, 0, 0), Keys.Alice);
        world.Expect(Reason.NotTheOwner, new AssertLocation(Device, 1, 2, 3), Keys.Bob);
        world.Expect(Reason.NoSuchDevice, new AssertLocation(Keys.OtherSensor.Address, 1, 2, 3), Keys.Bob);
    }

    [Fact]
    public void Transfer_PaysTheSellerWhatWasEarned_AndThePrice()
    {
        world.Judge(Keys.Sensor);
        world.NextEpoch();
        ulong earned = world.Device(Keys.Sensor).Unsettled.Single().Grains, before = world.Balance(Keys.Alice);

        world.Expect(Reason.None, new TransferDevice(Device, Keys.Bob.Address, new Amount(500)), Keys.Alice, Keys.Bob);

        Assert.Equal((before + earned + 500, 0UL), (world.Balance(Keys.Alice), world.Balance(Keys.Bob)));
        Assert.Equal(Keys.Bob.Address, world.Device(Keys.Sensor).Device.Owner);
        Assert.Equal(Reason.None, world.Judge(Keys.Sensor));
        world.NextEpoch();
        world.Judge(Keys.Sensor);
        Assert.NotEqual(0UL, world.Balance(Keys.Bob)); // what it earned since is the buyer's
    }

    [Fact]
    public void Transfer_ForgetsThePayees_AndMovesTheDeviceBetweenOwners()
    {
        world.Expect(Reason.None, new SetPayout(Device, new Payee(Keys.Alice.Address, 1_000_000)), Keys.Alice);
        BlockResult result = world.Run(world.Sign(new TransferDevice(Device, Keys.Carol.Address, Amount.Zero), Keys.Alice, Keys.Carol));

        Assert.Equal(Reason.None, result.Receipts.Single().Reason);
        Assert.Empty(world.Device(Keys.Sensor).Device.Payees);
        DeviceMove move = Assert.Single(result.Moves);
        Assert.Equal((Keys.Alice.Address, Keys.Carol.Address), (move.Before!.Owner, move.After.Owner));
    }

    [Fact]
    public void Transfer_WithoutTheBuyersSignature_IsRefused()
    {
        TransferDevice sale = new(Device, Keys.Bob.Address, new Amount(1));
        world.ExpectRefused(Reason.WrongSignatureCount, sale, Keys.Alice);
        world.ExpectRefused(Reason.BuyerMismatch, sale, Keys.Alice, Keys.Carol);
        world.ExpectRefused(Reason.SelfTransfer, sale with { Buyer = Keys.Alice.Address }, Keys.Alice, Keys.Alice);
        world.Expect(Reason.NotTheOwner, sale, Keys.Carol, Keys.Bob);
        world.Expect(Reason.NoSuchDevice, sale with { Device = Keys.OtherSensor.Address }, Keys.Alice, Keys.Bob);
    }

    [Fact]
    public void Transfer_BuyerCannotPay_FailsAndChangesNothing()
    {
        world.Judge(Keys.Sensor);
        world.NextEpoch();
        DeviceRecord before = world.Device(Keys.Sensor).Device;
        world.Expect(Reason.BuyerCannotPay, new TransferDevice(Device, Keys.Bob.Address, new Amount(501)), Keys.Alice, Keys.Bob);
        Assert.Equal(before.Encode(), world.Device(Keys.Sensor).Device.Encode());
    }

    [Fact]
    public void Payout_SharesAreFloored_AndTheRestIsTheOwners()
    {
        Payee[] payees = [new(Keys.Carol.Address, 333_333), new(Keys.Bob.Address, 333_333), new(Keys.Alice.Address, 333_334)];
        world.Expect(Reason.None, new SetPayout(Device, payees), Keys.Alice);
        world.Judge(Keys.Sensor);
        world.NextEpoch();
        ulong earned = world.Device(Keys.Sensor).Unsettled.Single().Grains;
        (ulong alice, ulong bob) = (world.Balance(Keys.Alice), world.Balance(Keys.Bob));

        world.Judge(Keys.Sensor);

        ulong third = (ulong)((UInt128)earned * 333_333 / 1_000_000);
        Assert.Equal((third, bob + third), (world.Balance(Keys.Carol), world.Balance(Keys.Bob)));
        Assert.Equal(alice + earned - (2 * third), world.Balance(Keys.Alice));
        world.AssertConserved();
    }

    [Fact]
    public void Payout_Change_PaysWhatWasEarnedAsItWasAgreedThen()
    {
        world.Judge(Keys.Sensor);
        world.NextEpoch();
        ulong earned = world.Device(Keys.Sensor).Unsettled.Single().Grains, before = world.Balance(Keys.Alice);

        world.Expect(Reason.None, new SetPayout(Device, new Payee(Keys.Carol.Address, 1_000_000)), Keys.Alice);

        Assert.Equal((before + earned, 0UL), (world.Balance(Keys.Alice), world.Balance(Keys.Carol)));
        world.Expect(Reason.None, new SetPayout(Device), Keys.Alice);
        Assert.Empty(world.Device(Keys.Sensor).Device.Payees);
    }

    [Fact]
    public void Payout_SharesThatDoNotAddUp_AreRefused()
    {
        Payee half = new(Keys.Alice.Address, 500_000);
        world.ExpectRefused(Reason.SharesWrong, new SetPayout(Device, half), Keys.Alice);
        world.ExpectRefused(Reason.SharesWrong, new SetPayout(Device, half, half), Keys.Alice);
        world.ExpectRefused(Reason.SharesWrong, new SetPayout(Device, half, half with { Account = Keys.Bob.Address, SharePpm = 500_001 }), Keys.Alice);
        world.ExpectRefused(Reason.SharesWrong, new SetPayout(Device, new Payee(Keys.Bob.Address, 1_000_000), new Payee(Keys.Carol.Address, 0)), Keys.Alice);
        world.ExpectRefused(Reason.SharesWrong, new SetPayout(Device, Enumerable.Range(0, 5).Select(i => new Payee(Keys.Of($"payee {i}").Address, 200_000))), Keys.Alice);
        world.Expect(Reason.NotTheOwner, new SetPayout(Device), Keys.Bob);
        world.Expect(Reason.NoSuchDevice, new SetPayout(Keys.OtherSensor.Address), Keys.Bob);
    }

    [Fact]
    public void RotatedKey_SignsForTheSameDevice_AndTheOldOneIsDead()
    {
        world.Judge(Keys.Sensor);
        world.NowMs += 100;
        world.Expect(Reason.None, Rotation(NewKey), Keys.Alice, NewKey);

        Assert.Equal(Reason.NotTheDevicesKey, world.Judge(Keys.Sensor));
        Body body = new(Device, 9, world.NowMs + 1_000, new SubmitProof(1, world.NowMs, new SensorReading(new Measurement(1, 10_000), new Measurement(2, 0))));
        Receipt receipt = world.RunOne(world.Sign(body, NewKey));

        Assert.Equal(Reason.None, receipt.EffectiveReason);
        Assert.Equal(2UL, world.Work(Keys.Sensor).Accepted);
        Assert.Equal(Reason.UnknownDevice, world.Judge(NewKey)); // its own address is no device's
    }

    [Fact]
    public void Key_ThatIsOrWasADevices_IsNeverTakenAgain()
    {
        world.Registered(Keys.Alice, Keys.OtherSensor);
        world.Expect(Reason.None, Rotation(NewKey), Keys.Alice, NewKey);
        PrivateKey third = Keys.Of("third key");
        world.Expect(Reason.None, Rotation(third), Keys.Alice, third);

        world.Expect(Reason.DeviceKeyInUse, Rotation(NewKey), Keys.Alice, NewKey);
        world.Expect(Reason.DeviceKeyInUse, Rotation(Keys.Sensor), Keys.Alice, Keys.Sensor);
        world.Expect(Reason.DeviceKeyInUse, Rotation(Keys.OtherSensor), Keys.Alice, Keys.OtherSensor);
        world.Expect(Reason.DeviceKeyInUse, World.Registration(NewKey), Keys.Bob, NewKey);
        world.Expect(Reason.DeviceAlreadyRegistered, World.Registration(Keys.Sensor), Keys.Bob, Keys.Sensor);
    }

    [Fact]
    public void Rotate_WithoutTheManufacturersWordOrTheNewKeysSignature_IsRefused()
    {
        RotateDeviceKey rotation = Rotation(NewKey);
        world.ExpectRefused(Reason.DeviceKeyMismatch, rotation, Keys.Alice, Keys.OtherSensor);
        world.Expect(Reason.NotTheOwner, rotation, Keys.Bob, NewKey);
        world.Expect(Reason.NoSuchDevice, rotation with { Device = Keys.OtherSensor.Address }, Keys.Alice, NewKey);
        world.Expect(Reason.AttestationRequired, rotation with { Attestation = null }, Keys.Alice, NewKey);
        world.Expect(Reason.AttestationOfAnotherBatch, rotation with { Attestation = Word(World.Batch + 1) }, Keys.Alice, NewKey);
        world.Expect(Reason.AttestationNotByRoot, rotation with { Attestation = Word(World.Batch, Keys.UnknownMaker) }, Keys.Alice, NewKey);

        static Attestation Word(uint batch, PrivateKey? root = null) =>
            Attestation.Make(root ?? Keys.Maker, batch, NewKey.Scheme, NewKey.PublicKey.Span, Keys.Maker.Address);
    }

    private static RotateDeviceKey Rotation(PrivateKey key) =>
        new(Device, key.Scheme, key.PublicKey, Attestation.Make(Keys.Maker, World.Batch, key.Scheme, key.PublicKey.Span));
}
