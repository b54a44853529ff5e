using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger;

public class RegisterDeviceTests
{
    private readonly World world = new();

    [Fact]
    public void Register_Valid_CreatesTheDevice()
    {
        Assert.Equal(Reason.None, world.RunOne(world.Register(Keys.Alice, Keys.Sensor)).Reason);

        DeviceRecord device = world.Device(Keys.Sensor).Device;
        Assert.Equal(Keys.Alice.Address, device.Owner);
        Assert.Equal(Keys.Maker.Address, device.Manufacturer);
        Assert.Equal(World.Batch, device.Batch);
        Assert.Equal([new Enrollment { Service = 1 }], device.Enrollments);
        Assert.Equal(Keys.Sensor.PublicKey.ToArray(), device.PublicKey.ToArray());
        Assert.Equal((571_100_000, -22_400_000, 2_000), (device.LatitudeE7, device.LongitudeE7, device.AltitudeCm));
        Assert.Equal(world.NowMs, device.RegisteredMs);
        Assert.Equal(1UL, device.Window.Next);
    }

    [Fact]
    public void Register_P256DeviceOfP256Maker_IsAccepted()
    {
        Assert.Equal(Reason.None, world.RunOne(world.Register(Keys.Bob, Keys.P256Sensor, 2, Keys.P256Maker)).Reason);
        Assert.Equal(KeyScheme.P256, world.Device(Keys.P256Sensor).Device.Scheme);
    }

    [Fact]
    public void Register_OwnerWithoutAccount_IsAcceptedAndUsesItsNumber()
    {
        Assert.Equal(Reason.None, world.RunOne(world.Register(Keys.Carol, Keys.Sensor)).Reason);
        Assert.Equal(2UL, LedgerQueries.Account(world.State, Keys.Carol.Address).Window.Next);
    }

    [Fact]
    public void Register_UnknownMaker_IsSkipped() =>
        AssertSkipped(Reason.UnknownManufacturer, World.Registration(Keys.Sensor, 1, Keys.UnknownMaker));

    [Fact]
    public void Register_UnknownService_IsSkipped() => AssertSkipped(Reason.UnknownService, World.Registration(Keys.Sensor, 3));

    [Fact]
    public void Register_ServiceZero_IsSkipped() => AssertSkipped(Reason.UnknownService, World.Registration(Keys.Sensor, 0));

    [Fact]
    public void Register_MakerThatTheServiceDoesNotAccept_IsSkipped() =>
        AssertSkipped(Reason.ManufacturerNotAccepted, World.Registration(Keys.Sensor, 1, Keys.P256Maker));

    [Fact]
    public void Register_Twice_IsSkippedAndKeepsTheOwner()
    {
        world.Registered(Keys.Alice, Keys.Sensor);

        AssertSkipped(Reason.DeviceAlreadyRegistered, World.Registration(Keys.Sensor));
        Assert.Equal(Keys.Alice.Address, world.Device(Keys.Sensor).Device.Owner);
    }

    [Fact]
    public void Register_WithoutTheDevicesSignature_IsRefused() =>
        AssertRefused(Reason.DeviceKeyMismatch, World.Registration(Keys.Sensor), Keys.Alice, Keys.OtherSensor);

    [Fact]
    public void Register_OneSignature_IsRefused() =>
        AssertRefused(Reason.WrongSignatureCount, World.Registration(Keys.Sensor), Keys.Alice);

    [Fact]
    public void Register_AttestationByAnotherKey_IsSkipped() => AssertSkipped(
        Reason.AttestationNotByRoot,
        World.Registration(Keys.Sensor) with
        {
            Attestation = Attestation.Make(Keys.UnknownMaker, World.Batch, Keys.Sensor.Scheme, Keys.Sensor.PublicKey.Span, Keys.Maker.Address),
        });

    [Fact]
    public void Register_WithoutAnAttestationWhereOneIsRequired_IsSkipped() =>
        AssertSkipped(Reason.AttestationRequired, World.Registration(Keys.Sensor) with { Attestation = null });

    [Theory]
    [InlineData(900_000_000, 1_800_000_000, 5_000_000, Reason.None)]
    [InlineData(-900_000_000, -1_800_000_000, -500_000, Reason.None)]
    [InlineData(900_000_001, 0, 0, Reason.LocationOutOfRange)]
    [InlineData(int.MinValue, 0, 0, Reason.LocationOutOfRange)]
    [InlineData(0, 1_800_000_001, 0, Reason.LocationOutOfRange)]
    [InlineData(0, -1_800_000_001, 0, Reason.LocationOutOfRange)]
    [InlineData(0, 0, 5_000_001, Reason.LocationOutOfRange)]
    [InlineData(0, 0, -500_001, Reason.LocationOutOfRange)]
    public void Register_Location_HasBounds(int latitudeE7, int longitudeE7, int altitudeCm, Reason expected) => AssertRefused(
        expected,
        World.Registration(Keys.Sensor) with { LatitudeE7 = latitudeE7, LongitudeE7 = longitudeE7, AltitudeCm = altitudeCm },
        Keys.Alice,
        Keys.Sensor);

    private void AssertSkipped(Reason expected, RegisterDevice message)
    {
        PrivateKey nobody = Keys.Of("nobody");
        string before = world.State.Dump();

        Receipt receipt = world.RunOne(world.Sign(message, nobody, Keys.Sensor));

        Assert.Equal(expected, receipt.Reason);
        Assert.True(receipt.Skipped);
        Assert.Equal(before, world.State.Dump());
    }

    private void AssertRefused(Reason expected, RegisterDevice message, params PrivateKey[] keys)
    {
        byte[] encoded = TransactionBuilder.Sign(world.Genesis.ChainId, new Body(keys[0].Address, 1, world.NowMs, message), keys);

        Assert.Equal(expected, Transaction.TryDecode(encoded, world.Genesis.ChainId, out Transaction? transaction));
        Assert.Equal(expected == Reason.None, transaction is not null);
    }
}
