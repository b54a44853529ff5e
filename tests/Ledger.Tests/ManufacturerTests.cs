using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger;

/// <summary>What a manufacturer may take back, and how it changes its keys.</summary>
public sealed class ManufacturerTests
{
    private static readonly PrivateKey NewRoot = Keys.Of("new root");
    private readonly World world = new();

    private static Address Maker => Keys.Maker.Address;

    [Fact]
    public void RevokedDevice_IsRefused_AndKeepsWhatItEarned()
    {
        world.Registered(Keys.Alice, Keys.Sensor);
        world.Judge(Keys.Sensor);
        world.NextEpoch();
        Amount earned = world.Device(Keys.Sensor).Unsettled.Single();
        world.Expect(Reason.None, new RevokeDevices(Maker, Keys.Sensor.Address, 0), Keys.Maker);

        Assert.Equal(Reason.DeviceRevoked, world.Judge(Keys.Sensor));
        Assert.True(world.Device(Keys.Sensor).Revoked);
        Assert.Equal(earned, world.Device(Keys.Sensor).Unsettled.Single());
        world.Expect(Reason.DeviceRevoked, new EnrollDevice(Keys.Sensor.Address, 2), Keys.Alice);
        world.Expect(Reason.AlreadyRevoked, new RevokeDevices(Maker, Keys.Sensor.Address, 0), Keys.Maker);
        ulong before = world.Balance(Keys.Alice);
        world.Expect(Reason.None, new WithdrawDevice(Keys.Sensor.Address, 1), Keys.Alice);
        Assert.Equal(before + earned.Grains, world.Balance(Keys.Alice));
    }

    [Fact]
    public void RevokedBatch_RefusesItsDevicesAndNoOthers()
    {
        world.Registered(Keys.Alice, Keys.Sensor);
        PrivateKey other = Keys.OtherSensor;
        RegisterDevice later = World.Registration(other) with { Attestation = Attestation.Make(Keys.Maker, World.Batch + 1, other.Scheme, other.PublicKey.Span) };
        world.Expect(Reason.None, later, Keys.Alice, other);
        world.NowMs += 100;
        world.Expect(Reason.None, new RevokeDevices(Maker, null, World.Batch), Keys.Maker);

        Assert.Equal(Reason.DeviceRevoked, world.Judge(Keys.Sensor));
        Assert.Equal(Reason.None, world.Judge(other));
        Assert.Equal((true, false), (world.Device(Keys.Sensor).Revoked, world.Device(other).Revoked));
        world.Expect(Reason.DeviceRevoked, World.Registration(Keys.Of("of the batch")), Keys.Alice, Keys.Of("of the batch"));
        world.Expect(Reason.AlreadyRevoked, new RevokeDevices(Maker, null, World.Batch), Keys.Maker);
    }

    [Fact]
    public void RevokedKey_BeforeItIsRegistered_CannotRegisterNorBeTakenUp()
    {
        world.Registered(Keys.Alice, Keys.OtherSensor);
        PrivateKey stolen = Keys.Sensor;
        world.Expect(Reason.None, new RevokeDevices(Maker, stolen.Address, 0), Keys.Maker);

        world.Expect(Reason.DeviceRevoked, World.Registration(stolen), Keys.Alice, stolen);
        Attestation word = Attestation.Make(Keys.Maker, World.Batch, stolen.Scheme, stolen.PublicKey.Span);
        world.Expect(Reason.DeviceRevoked, new RotateDeviceKey(Keys.OtherSensor.Address, stolen.Scheme, stolen.PublicKey, word), Keys.Alice, stolen);
        world.Expect(Reason.AlreadyRevoked, new RevokeDevices(Maker, stolen.Address, 0), Keys.Maker);
        world.Expect(Reason.None, World.Registration(stolen, 2, Keys.P256Maker), Keys.Alice, stolen); // another manufacturer's word is its own
    }

    [Fact]
    public void Revoke_BySomebodyElse_IsSkipped()
    {
        world.Registered(Keys.Alice, Keys.Sensor);
        world.Expect(Reason.NotTheManufacturer, new RevokeDevices(Maker, null, World.Batch), Keys.Alice);
        world.Expect(Reason.NotTheManufacturer, new RevokeDevices(Keys.P256Maker.Address, Keys.Sensor.Address, 0), Keys.P256Maker);
        world.Expect(Reason.UnknownManufacturer, new RevokeDevices(Keys.UnknownMaker.Address, null, 1), Keys.UnknownMaker);
    }

    [Fact]
    public void NewRoots_AttestNewDevices_AndOldOnesNoMore()
    {
        world.Registered(Keys.Alice, Keys.Sensor);
        world.Expect(Reason.None, new UpdateManufacturer(Maker, Keys.Bob.Address, new ManufacturerRoot(NewRoot.Scheme, NewRoot.PublicKey)), Keys.Maker);

        PrivateKey other = Keys.OtherSensor;
        world.Expect(Reason.AttestationNotByRoot, World.Registration(other), Keys.Alice, other);
        RegisterDevice byNewRoot = World.Registration(other) with { Attestation = Attestation.Make(NewRoot, World.Batch, other.Scheme, other.PublicKey.Span, Maker) };
        world.Expect(Reason.None, byNewRoot, Keys.Alice, other);
        Assert.Equal(Reason.None, world.Judge(Keys.Sensor)); // what was registered stays
        world.Expect(Reason.NotTheManufacturer, new RevokeDevices(Maker, null, World.Batch), Keys.Maker);
        world.Expect(Reason.None, new RevokeDevices(Maker, null, World.Batch), Keys.Bob);
    }

    [Fact]
    public void Update_WithoutRootsOrBySomebodyElse_IsRefused()
    {
        ManufacturerRoot root = new(NewRoot.Scheme, NewRoot.PublicKey);
        world.ExpectRefused(Reason.RootsWrong, new UpdateManufacturer(Maker, Maker), Keys.Maker);
        world.ExpectRefused(Reason.RootsWrong, new UpdateManufacturer(Maker, Maker, root, root), Keys.Maker);
        world.Expect(Reason.NotTheManufacturer, new UpdateManufacturer(Maker, Maker, root), Keys.Alice);
        world.Expect(Reason.UnknownManufacturer, new UpdateManufacturer(Keys.UnknownMaker.Address, Maker, root), Keys.Maker);
    }
}
