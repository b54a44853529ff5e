using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger;

/// <summary>Random transactions about devices, manufacturers and services, good and bad, for the property tests.</summary>
internal static class IdentityTransactions
{
    public static Transaction Random(Random random, World world, PrivateKey[] people, PrivateKey[] sensors)
    {
        PrivateKey person = people[random.Next(people.Length)];
        int kind = random.Next(14);
        // One device loses its key and another is revoked: the others stay at work.
        Address device = (kind switch { 7 => sensors[^2], 8 => sensors[^1], _ => sensors[random.Next(sensors.Length)] }).Address;
        // Mostly by the owner: else little would ever be executed.
        PrivateKey owner = DeviceRecord.Find(world.State, device) is { } found && random.Next(4) > 0
            ? people.FirstOrDefault(key => key.Address == found.Owner, person)
            : person;
        PrivateKey maker = DeviceRecord.Find(world.State, device)?.Manufacturer == Keys.P256Maker.Address ? Keys.P256Maker : Keys.Maker;
        PrivateKey other = people[random.Next(people.Length)];
        switch (kind)
        {
            case 0 or 1 or 2:
                return world.Sign(new EnrollDevice(device, (uint)random.Next(1, 6)), owner);
            case 3:
                return world.Sign(new WithdrawDevice(device, (uint)random.Next(1, 5)), owner);
            case 4:
                return world.Sign(new AssertLocation(device, random.Next(-900_000_000, 900_000_000), random.Next(1_800_000_000), 0), owner);
            case 5:
                PrivateKey buyer = other == owner ? Keys.Maker : other;
                return world.Sign(new TransferDevice(device, buyer.Address, new Amount((ulong)random.Next(300))), owner, buyer);
            case 6:
                uint share = (uint)random.Next(1, 1_000_000);
                return world.Sign(new SetPayout(device, new Payee(people[0].Address, share), new Payee(people[2].Address, 1_000_000 - share)), owner);
            case 7:
                PrivateKey key = Keys.Of($"key {random.Next(3)}");
                Attestation word = Attestation.Make(maker, World.Batch, key.Scheme, key.PublicKey.Span);
                return world.Sign(new RotateDeviceKey(device, key.Scheme, key.PublicKey, word), owner, key);
            case 8:
                return world.Sign(new RevokeDevices(maker.Address, device, 0), random.Next(2) == 0 ? maker : person);
            case 10:
                // Not the batch of the devices that work here: a revoked one is for good.
                return world.Sign(new RevokeDevices(Keys.Maker.Address, null, (uint)random.Next(100, 105)), random.Next(3) == 0 ? person : Keys.Maker);
            case 11:
                // The admin stays, and its first key: else soon nobody could register a device.
                ManufacturerRoot[] roots = [Root(Keys.Maker), Root(Keys.Of($"root {random.Next(3)}"))];
                return world.Sign(new UpdateManufacturer(Keys.Maker.Address, Keys.Maker.Address, roots[..random.Next(1, 3)]), random.Next(3) == 0 ? person : Keys.Maker);
            case 12:
                PrivateKey fresh = Keys.Of($"sensor of a batch {random.Next(50)}");
                RegisterDevice registration = World.Registration(fresh) with
                {
                    Attestation = Attestation.Make(Keys.Maker, (uint)random.Next(100, 105), fresh.Scheme, fresh.PublicKey.Span),
                };
                return world.Sign(registration, person, fresh);
            case 9 when random.Next(4) == 0:
                ServiceDefinition created = IdentityWorld.Definition(Keys.Maker) with { DeviceBond = new Amount((ulong)random.Next(200)) };
                return world.Sign(new CreateService(created, Credits.Zero), person);
            default:
                ServiceDefinition changed = IdentityWorld.Definition(Keys.Maker) with { DeviceBond = new Amount((ulong)random.Next(200)) };
                return world.Sign(new UpdateService((uint)random.Next(1, 5), changed, new Credits((ulong)random.Next(3))), person);
        }
    }

    private static ManufacturerRoot Root(PrivateKey key) => new(key.Scheme, key.PublicKey);
}
