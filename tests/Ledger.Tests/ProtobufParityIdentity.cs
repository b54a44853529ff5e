using AppChain.Crypto;
using AppChain.Ledger;
using Google.Protobuf;
using static AppChain.Tests.Ledger.ProtobufParityTests;
using Pb = AppChain.Protos.V1;

namespace AppChain.Tests.Ledger;

/// <summary>Random messages about devices, manufacturers and services, in both forms.</summary>
internal static class ProtobufParityIdentity
{
    public static Message RandomMessage(Random random, Pb.Body theirs)
    {
        Address device = RandomAddress(random);
        ByteString bytes = ByteString.CopyFrom(device.Bytes);
        uint service = Small(random);
        switch (random.Next(10))
        {
            case 0:
                theirs.EnrollDevice = new Pb.EnrollDevice { Device = bytes, Service = service };
                return new EnrollDevice(device, service);
            case 1:
                theirs.WithdrawDevice = new Pb.WithdrawDevice { Device = bytes, Service = service };
                return new WithdrawDevice(device, service);
            case 2:
                AssertLocation place = new(device, Signed(random), Signed(random), Signed(random));
                theirs.AssertLocation = new Pb.AssertLocation
                {
                    Device = bytes,
                    LatitudeE7 = place.LatitudeE7,
                    LongitudeE7 = place.LongitudeE7,
                    AltitudeCm = place.AltitudeCm,
                };
                return place;
            case 3:
                TransferDevice transfer = new(device, RandomAddress(random), new Amount(Any(random)));
                theirs.TransferDevice = new Pb.TransferDevice
                {
                    Device = bytes,
                    Buyer = ByteString.CopyFrom(transfer.Buyer.Bytes),
                    Price = transfer.Price.Grains,
                };
                return transfer;
            case 4:
                return RandomRotation(random, theirs, device);
            case 5:
                Payee[] payees = [.. Enumerable.Range(0, random.Next(6)).Select(_ => new Payee(RandomAddress(random), Small(random)))];
                theirs.SetPayout = new Pb.SetPayout { Device = bytes };
                theirs.SetPayout.Payees.AddRange(
                    payees.Select(payee => new Pb.Payee { Account = ByteString.CopyFrom(payee.Account.Bytes), SharePpm = payee.SharePpm }));
                return new SetPayout(device, payees);
            case 6:
                RevokeDevices revoke = random.Next(2) == 0 ? new(device, RandomAddress(random), 0) : new(device, null, Small(random));
                theirs.RevokeDevices = new Pb.RevokeDevices { Manufacturer = bytes, Batch = revoke.Batch };
                if (revoke.Device is { } one)
                    theirs.RevokeDevices.Device = ByteString.CopyFrom(one.Bytes);
                return revoke;
            case 7:
                (theirs.UpdateManufacturer, UpdateManufacturer manufacturer) = RandomUpdate(random);
                return manufacturer;
            case 8:
                CreateService create = new(RandomDefinition(random), new Credits(Any(random)));
                theirs.CreateService = new Pb.CreateService { Definition = Of(create.Definition), SponsorQuota = create.SponsorQuota.Units };
                return create;
            default:
                UpdateService update = new(service, random.Next(3) == 0 ? null : RandomDefinition(random), new Credits(Any(random)));
                theirs.UpdateService = new Pb.UpdateService { Service = service, SponsorQuota = update.SponsorQuota.Units };
                if (update.Definition is { } definition)
                    theirs.UpdateService.Definition = Of(definition);
                return update;
        }
    }

    private static RotateDeviceKey RandomRotation(Random random, Pb.Body theirs, Address device)
    {
        KeyScheme scheme = (KeyScheme)random.Next(1, 3);
        Signature signature = new(scheme, Bytes(random, scheme.PublicKeySize()), Bytes(random, 64));
        Attestation? attestation = random.Next(2) == 0 ? null : new Attestation(RandomAddress(random), Small(random), signature);
        RotateDeviceKey ours = new(device, scheme, Bytes(random, scheme.PublicKeySize()), attestation);
        theirs.RotateDeviceKey = new Pb.RotateDeviceKey
        {
            Device = ByteString.CopyFrom(device.Bytes),
            Scheme = (Pb.KeyScheme)scheme,
            PublicKey = ByteString.CopyFrom(ours.PublicKey.Span),
        };
        if (attestation is not null)
        {
            theirs.RotateDeviceKey.Manufacturer = ByteString.CopyFrom(attestation.Manufacturer.Bytes);
            theirs.RotateDeviceKey.Batch = attestation.Batch;
            theirs.RotateDeviceKey.Attestation = new Pb.Signature
            {
                Scheme = (Pb.KeyScheme)scheme,
                PublicKey = ByteString.CopyFrom(signature.PublicKey.Span),
                Signature_ = ByteString.CopyFrom(signature.Value.Span),
            };
        }
        return ours;
    }

    public static (Pb.UpdateManufacturer Theirs, UpdateManufacturer Ours) RandomUpdate(Random random)
    {
        ManufacturerRoot[] roots = RandomRoots(random);
        UpdateManufacturer ours = new(RandomAddress(random), RandomAddress(random), roots);
        Pb.UpdateManufacturer theirs = new()
        {
            Manufacturer = ByteString.CopyFrom(ours.Manufacturer.Bytes),
            Admin = ByteString.CopyFrom(ours.Admin.Bytes),
        };
        theirs.Roots.AddRange(roots.Select(Of));
        return (theirs, ours);
    }

    public static ManufacturerRoot[] RandomRoots(Random random) =>
    [
        .. Enumerable.Range(0, random.Next(5)).Select(_ => (KeyScheme)random.Next(1, 3))
            .Select(scheme => new ManufacturerRoot(scheme, Bytes(random, scheme.PublicKeySize()))),
    ];

    public static Pb.ManufacturerRoot Of(ManufacturerRoot root) =>
        new() { Scheme = (Pb.KeyScheme)root.Scheme, PublicKey = ByteString.CopyFrom(root.PublicKey.Span) };

    public static ServiceDefinition RandomDefinition(Random random) => new()
    {
        Name = RandomText(random),
        Kind = (ProofKind)random.Next(256),
        RulesVersion = Small(random),
        IntervalMinMs = Any(random),
        MaxAgeMs = Any(random),
        DriftMs = Any(random),
        ConstancyMax = Small(random),
        AttestationRequired = random.Next(2) == 0,
        DeviceBond = new Amount(Any(random)),
        Price = new Credits(Any(random)),
        KindParameters = Bytes(random, random.Next(3) * 9),
        Endpoint = RandomText(random),
        Manufacturers = [.. Enumerable.Range(0, random.Next(4)).Select(_ => RandomAddress(random))],
        Metrics = [.. Enumerable.Range(0, random.Next(4)).Select(_ => RandomMetric(random))],
    };

    private static MetricRule RandomMetric(Random random) => new(
        Small(random), RandomText(random), RandomText(random), unchecked((long)Any(random)), unchecked((long)Any(random)), Any(random), Any(random));

    private static string RandomText(Random random) => random.Next(4) switch
    {
        0 => "",
        1 => "µg/m³ 温度",
        _ => new string((char)random.Next(' ', 'z'), random.Next(1, 70)),
    };

    public static Pb.ServiceDefinition Of(ServiceDefinition ours)
    {
        Pb.ServiceDefinition theirs = new()
        {
            Name = ours.Name,
            Kind = (uint)ours.Kind,
            RulesVersion = ours.RulesVersion,
            IntervalMinMs = ours.IntervalMinMs,
            MaxAgeMs = ours.MaxAgeMs,
            DriftMs = ours.DriftMs,
            ConstancyMax = ours.ConstancyMax,
            AttestationRequired = ours.AttestationRequired,
            DeviceBond = ours.DeviceBond.Grains,
            Price = ours.Price.Units,
            KindParameters = ByteString.CopyFrom(ours.KindParameters.Span),
            Endpoint = ours.Endpoint,
        };
        theirs.Manufacturers.AddRange(ours.Manufacturers.Select(manufacturer => ByteString.CopyFrom(manufacturer.Bytes)));
        theirs.Metrics.AddRange(ours.Metrics.Select(rule => new Pb.Metric
        {
            Id = rule.Id,
            Name = rule.Name,
            Unit = rule.Unit,
            Minimum = rule.Minimum,
            Maximum = rule.Maximum,
            JumpBase = rule.JumpBase,
            JumpPerMinute = rule.JumpPerMinute,
        }));
        return theirs;
    }
}
