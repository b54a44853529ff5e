using System.Text.Json.Nodes;
using AppChain.Crypto;
using AppChain.Ledger;
using FsCheck;
using FsCheck.Fluent;

namespace AppChain.Tests.Ledger.Model;

/// <summary>
/// The executor against the plain model of identity: the same receipts, devices, manufacturers and balances after every block, whatever is sent. What
/// FsCheck makes and shrinks is a list of numbers: each is one transaction, and some begin a block.
/// </summary>
public class PlainIdentityTests
{
    private static readonly PrivateKey[] People = [Keys.Alice, Keys.Bob, Keys.Carol, Keys.Of("dave")];
    private static readonly PrivateKey[] Sensors =
        [.. Enumerable.Range(0, 4).Select(i => Keys.Of($"identity sensor {i}")), PrivateKey.FromSeed(KeyScheme.P256, "identity sensor 4"), Keys.P256Sensor];

    private static readonly PrivateKey[] LaterKeys = [Keys.Of("later key"), PrivateKey.FromSeed(KeyScheme.P256, "later key")];
    private static readonly PrivateKey[] Makers = [Keys.Maker, Keys.P256Maker, Keys.UnknownMaker];
    private static readonly PrivateKey SecondRoot = PrivateKey.FromSeed(KeyScheme.P256, "second root");

    private static readonly Reason[] Tried =
    [
        Reason.None, Reason.Expired, Reason.SequenceUsed, Reason.UnknownAccount, Reason.UnknownDevice, Reason.UnknownManufacturer, Reason.UnknownService,
        Reason.ManufacturerNotAccepted, Reason.DeviceAlreadyRegistered, Reason.DeviceRevoked, Reason.NotTheDevicesKey, Reason.NoSuchDevice,
        Reason.NotTheOwner, Reason.AttestationNotByRoot, Reason.AttestationRequired, Reason.AttestationOfAnotherBatch, Reason.DeviceKeyInUse,
        Reason.AlreadyEnrolled, Reason.NotEnrolled, Reason.AlreadyLeaving, Reason.DeviceBondNotCovered, Reason.NotTheManufacturer, Reason.AlreadyRevoked,
        Reason.InsufficientBalance, Reason.BuyerCannotPay, Reason.WrongService, Reason.OutOfOrder, Reason.TooSoon, Reason.OutOfBounds,
    ];

    [Fact]
    public void AnyBlocks_GiveWhatTheModelGives() =>
        Prop.ForAll<int[]>(numbers => Compare(numbers)).Check(Config.QuickThrowOnFailure.WithMaxTest(40).WithEndSize(120));

    [Fact]
    public void LongLives_GiveWhatTheModelGives_AndTryEveryReason()
    {
        HashSet<Reason> seen = [];
        for (int seed = 1; seed <= 5; seed++)
        {
            Random random = new(seed);
            seen.UnionWith(Compare([.. Enumerable.Range(0, 1_200).Select(_ => random.Next())]));
        }
        Assert.Empty(Tried.Except(seen));
    }

    private static HashSet<Reason> Compare(int[] numbers)
    {
        World world = new(Json());
        PlainIdentity model = new(world.Genesis);
        HashSet<Reason> seen = [];
        List<Transaction> block = [];
        foreach (int number in numbers)
        {
            Random random = new(number);
            if (random.Next(4) == 0)
            {
                seen.UnionWith(RunBoth(world, model, block));
                block = [];
                world.NowMs += (ulong)(random.Next(12) == 0 ? random.Next(40_000) : random.Next(1_500));
            }
            block.Add(Next(random, world));
        }
        seen.UnionWith(RunBoth(world, model, block));
        return seen;
    }

    private static List<Reason> RunBoth(World world, PlainIdentity model, List<Transaction> transactions)
    {
        List<Reason> expected = model.Execute(world.NowMs, transactions);
        Receipt[] receipts = [.. world.Run(transactions).Receipts.TakeLast(transactions.Count)];
        Assert.Equal(expected, receipts.Select(receipt => receipt.EffectiveReason));
        foreach ((Address address, PlainOwnedDevice device) in model.Devices)
            AssertSame(world, model, address, device);
        foreach ((Address address, PlainManufacturer plain) in model.Manufacturers)
            AssertSame(world, address, plain);
        foreach ((Address address, PlainAccount plain) in model.Accounts)
            Assert.Equal(plain.Balance, AccountRecord.Get(world.State, address).Balance.Grains);
        AssertNothingElse(world, model);
        world.AssertConserved();
        return expected;
    }

    private static void AssertSame(World world, PlainIdentity model, Address address, PlainOwnedDevice plain)
    {
        DeviceView view = LedgerQueries.Device(world.State, address)!;
        DeviceRecord device = view.Device;
        Assert.Equal((plain.Owner, plain.Manufacturer, plain.Batch), (device.Owner, device.Manufacturer, device.Batch));
        Assert.Equal((plain.Scheme, plain.Key), (device.Scheme, Address.Of(device.Scheme, device.PublicKey.Span)));
        Assert.Equal(plain.Place, (device.LatitudeE7, device.LongitudeE7, device.AltitudeCm));
        Assert.Equal((plain.RegisteredMs, plain.MovedMs, plain.RevokedMs), (device.RegisteredMs, device.MovedMs, device.RevokedMs));
        Assert.Equal(model.IsRevoked(plain), view.Revoked);
        Assert.Equal(plain.Payees, device.Payees);
        for (ulong number = 1; number < 100; number++)
            Assert.Equal(plain.Numbers.Check(number), device.Window.Check(number));

        Assert.Equal(plain.Enrolments.Keys, device.Enrollments.Select(enrollment => enrollment.Service));
        ulong openEpoch = LedgerQueries.Supply(world.State).Epochs.Open;
        foreach ((PlainEnrolment expected, Enrollment found, Amount unsettled) in plain.Enrolments.Values.Zip(device.Enrollments, view.Unsettled))
        {
            Assert.Equal((expected.NotBeforeMs, expected.LeavesMs is not null, expected.Bond), (found.NotBeforeMs, found.Leaving, found.Bond.Grains));
            Assert.Equal((expected.Accepted, expected.Rejected), (found.Accepted, found.Rejected));
            Assert.Equal(expected.Units, found.UnitsEpoch == openEpoch ? found.Units : 0);
            Assert.Equal((expected.Unsettled, expected.Settled), (unsettled.Grains, found.Settled.Grains));
        }
    }

    private static void AssertSame(World world, Address address, PlainManufacturer plain)
    {
        ManufacturerRecord maker = LedgerQueries.Manufacturer(world.State, address)!;
        Assert.Equal(plain.Admin, maker.Admin);
        Assert.Equal(plain.Roots.Order(), maker.Roots.Select(root => Address.Of(root.Scheme, root.PublicKey.Span)).Order());
        Assert.All(plain.RevokedBatches, batch => Assert.NotNull(RevocationRecord.FindBatch(world.State, address, batch)));
        Assert.All(plain.RevokedKeys, key => Assert.NotNull(RevocationRecord.FindKey(world.State, address, key)));
    }

    // What the model does not have, the state has not either.
    private static void AssertNothingElse(World world, PlainIdentity model)
    {
        ILookup<StateKind, ReadOnlyMemory<byte>> keys = world.State.Entries.ToLookup(entry => (StateKind)entry.Key.Span[0], entry => entry.Key);
        Assert.Equal(model.Devices.Count, keys[StateKind.Device].Count());
        Assert.Equal(model.LaterKeys.Count, keys[StateKind.DeviceKey].Count());
        Assert.Equal(model.Manufacturers.Values.Sum(maker => maker.RevokedBatches.Count), keys[StateKind.RevokedBatch].Count());
        Assert.Equal(model.Manufacturers.Values.Sum(maker => maker.RevokedKeys.Count), keys[StateKind.RevokedKey].Count());
        Assert.Equal(model.Accounts.Count, keys[StateKind.Account].Count());
    }

    // Two services as in the other tests, the second with a bond, and one that takes devices of anybody.
    private static JsonObject Json()
    {
        JsonObject json = TestGenesis.Json();
        json["accounts"]![1]!["balance"] = 20_000;
        json["services"]![1]!["deviceBond"] = 5_000;
        JsonObject open = (JsonObject)json["services"]![0]!.DeepClone();
        (open["id"], open["name"], open["rewardWeight"], open["attestationRequired"], open["manufacturers"]) = (3, "open", 1, false, new JsonArray());
        json["services"]!.AsArray().Add(open);
        return json;
    }

    private static Transaction Next(Random random, World world)
    {
        PrivateKey person = People[random.Next(People.Length)], other = People[random.Next(People.Length)];
        PrivateKey sensor = Sensors[random.Next(Sensors.Length)];
        uint service = (uint)random.Next(1, random.Next(8) == 0 ? 5 : 4);
        PrivateKey owner = random.Next(5) > 0 && DeviceRecord.Find(world.State, sensor.Address) is { } device
            ? People.FirstOrDefault(key => key.Address == device.Owner, person)
            : person;
        switch (random.Next(26))
        {
            case 0 or 1 or 2:
                return world.Sign(Registration(random, sensor, service), person, sensor);
            case 3 or 4:
                return world.Sign(new EnrollDevice(sensor.Address, service), owner);
            case 5:
                return world.Sign(new WithdrawDevice(sensor.Address, service), owner);
            case 6:
                (int latitude, int longitude) = (random.Next(-900_000_000, 900_000_000), random.Next(1_800_000_000));
                return world.Sign(new AssertLocation(sensor.Address, latitude, longitude, random.Next(9_000)), owner);
            case 7 when other != owner:
                Amount price = new((ulong)random.Next(random.Next(4) == 0 ? 9_000_000 : 300));
                return world.Sign(new TransferDevice(sensor.Address, other.Address, price), owner, other);
            case 8:
                uint share = (uint)random.Next(1, 1_000_000);
                Payee[] payees = random.Next(4) == 0 ? [] : [new(Keys.Of($"payee {random.Next(3)}").Address, share), new(other.Address, 1_000_000 - share)];
                return world.Sign(new SetPayout(sensor.Address, payees), owner);
            case 9 when random.Next(3) == 0:
                PrivateKey key = random.Next(6) == 0 ? Sensors[random.Next(Sensors.Length)] : LaterKeys[random.Next(LaterKeys.Length)];
                Attestation? word = random.Next(4) == 0 ? null : Word(random, key);
                return world.Sign(new RotateDeviceKey(sensor.Address, key.Scheme, key.PublicKey, word), owner, key);
            case 10 when random.Next(3) == 0:
                return Revocation(random, world, person);
            case 11:
                return Update(random, world, person);
            case 12 or 13:
                return world.Transfer(person, Keys.Of($"payee {random.Next(3)}"), (ulong)random.NextInt64(1, random.Next(3) == 0 ? 2_000_000 : 300));
            case 14:
                Body odd = new(
                    person.Address,
                    (ulong)random.Next(1, 60),
                    (ulong)((long)world.NowMs + random.Next(-9_000, 90_000)),
                    new Transfer(Keys.Maker.Address, new Amount(1)));
                return world.Sign(odd, person);
            case 15:
                PrivateKey signs = LaterKeys[random.Next(LaterKeys.Length)];
                Body later = new(sensor.Address, world.NextSequence(sensor, asDevice: true), world.NowMs + 60_000, Proof(random, world, service));
                return world.Sign(later, signs);
            default:
                return world.Sign(Proof(random, world, service), sensor);
        }
    }

    private static RegisterDevice Registration(Random random, PrivateKey sensor, uint service) => new(
        sensor.Scheme,
        sensor.PublicKey,
        service,
        random.Next(5) == 0 ? null : Word(random, sensor),
        random.Next(9_000),
        random.Next(9_000),
        random.Next(9_000));

    // By the right root of the right manufacturer mostly.
    private static Attestation Word(Random random, PrivateKey device)
    {
        PrivateKey maker = Makers[random.Next(8) switch { 0 => 2, 1 or 2 => 1, _ => 0 }];
        PrivateKey root = random.Next(6) == 0 ? SecondRoot : maker;
        return Attestation.Make(root, (uint)random.Next(1, 3), device.Scheme, device.PublicKey.Span, maker.Address);
    }

    private static SubmitProof Proof(Random random, World world, uint service)
    {
        ulong observed = world.NowMs - (ulong)random.Next(random.Next(4) == 0 ? 3_000 : 20);
        Measurement coarse = new(1, random.Next(10) == 0 ? 200_000 : random.Next(5_000)), fine = new(2, random.Next(50_000));
        return new SubmitProof(service, observed, new SensorReading(coarse, fine));
    }

    private static Transaction Revocation(Random random, World world, PrivateKey person)
    {
        PrivateKey maker = Makers[random.Next(2)];
        PrivateKey[] known = [.. Sensors, .. LaterKeys, Keys.Of("no device"), Keys.Of("no device")];
        // Batches that devices come from are revoked rarely: it is for good.
        RevokeDevices message = random.Next(3) == 0
            ? new RevokeDevices(maker.Address, null, (uint)random.Next(random.Next(6) == 0 ? 1 : 3, 5))
            : new RevokeDevices(maker.Address, known[random.Next(known.Length)].Address, 0);
        return world.Sign(message, random.Next(4) == 0 ? person : maker);
    }

    private static Transaction Update(Random random, World world, PrivateKey person)
    {
        PrivateKey maker = Makers[random.Next(Makers.Length)];
        ManufacturerRoot[] roots = [new(maker.Scheme, maker.PublicKey), new(SecondRoot.Scheme, SecondRoot.PublicKey)];
        UpdateManufacturer message = new(maker.Address, random.Next(20) == 0 ? person.Address : maker.Address, roots[..random.Next(1, 3)]);
        return world.Sign(message, random.Next(4) == 0 ? person : maker);
    }
}
