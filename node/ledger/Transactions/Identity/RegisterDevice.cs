using System;
using System.Collections.Generic;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>Registers a device under the signer as its owner. Signatures: the owner's, then the device's (proof of possession).</summary>
/// <param name="DeviceScheme">How the device's key signs.</param>
/// <param name="DevicePublicKey">The device's public key.</param>
/// <param name="Service">The service that it will serve first.</param>
/// <param name="Attestation">The manufacturer's word for the device; null where the service asks for none.</param>
/// <param name="LatitudeE7">Degrees × 10⁷, north positive.</param>
/// <param name="LongitudeE7">Degrees × 10⁷, east positive.</param>
/// <param name="AltitudeCm">Centimetres above the reference ellipsoid.</param>
public sealed record RegisterDevice(
    KeyScheme DeviceScheme,
    ReadOnlyMemory<byte> DevicePublicKey,
    uint Service,
    Attestation? Attestation,
    int LatitudeE7,
    int LongitudeE7,
    int AltitudeCm) : Message
{
    internal const int Number = 17;

    /// <summary>The address that the device will have.</summary>
    public Address Device => Address.Of(DeviceScheme, DevicePublicKey.Span);

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Identity;

    // Keys that nobody vouches for cost nothing to make: they would drain the pool.
    internal override uint? SponsoredBy(ILedgerState state, Address signer) => Attestation is null ? null : Service;

    internal override int SignatureCount => 2;

    internal override IEnumerable<Decision> Decides(Address signer) => [new Decision(StateKey.Device(Device))];

    internal override Spending Spends(ILedgerState state) =>
        new(ServiceRecord.Find(state, Service)?.Definition.DeviceBond ?? Amount.Zero, Uncovered: Reason.DeviceBondNotCovered);

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.UInt64(1, (ulong)DeviceScheme);
        writer.Bytes(2, DevicePublicKey.Span);
        writer.UInt64(3, Service);
        if (Attestation is { } attestation)
        {
            writer.Address(4, attestation.Manufacturer);
            writer.Element(5, attestation.Signature.Encode());
        }
        writer.SInt64(6, LatitudeE7);
        writer.SInt64(7, LongitudeE7);
        writer.SInt64(8, AltitudeCm);
        writer.UInt64(9, Attestation?.Batch ?? 0);
        return writer.ToArray();
    }

    internal static RegisterDevice Read(ref WireReader reader)
    {
        KeyScheme scheme = reader.Scheme(1);
        byte[] publicKey = reader.Bytes(2).ToArray();
        if (publicKey.Length != scheme.PublicKeySize())
            reader.Fail(Reason.WrongFieldLength);
        uint service = reader.UInt32(3);
        Address? manufacturer = reader.OptionalAddress(4);
        Signature? signature = Signature.ReadOptional(ref reader, 5);
        (int latitude, int longitude, int altitude) = (reader.SInt32(6), reader.SInt32(7), reader.SInt32(8));
        Attestation? attestation = Ledger.Attestation.Join(ref reader, manufacturer, signature, reader.UInt32(9));
        return new RegisterDevice(scheme, publicKey, service, attestation, latitude, longitude, altitude);
    }

    internal override Reason CheckShape(Transaction transaction)
    {
        if (!transaction.Signatures[1].IsOf(DeviceScheme, DevicePublicKey.Span))
            return Reason.DeviceKeyMismatch;
        return AssertLocation.IsOnEarth(LatitudeE7, LongitudeE7, AltitudeCm) ? Reason.None : Reason.LocationOutOfRange;
    }

    internal override void CollectSignatures(ChainId chainId, List<SignatureCheck> checks)
    {
        if (Attestation is { } attestation)
            checks.Add(attestation.CheckFor(DeviceScheme, DevicePublicKey));
    }

    // Every check on the state is one of admission, so that a registration that cannot succeed leaves no account behind.
    internal override Reason Admit(ILedgerState state, Address signer)
    {
        Address device = Device;
        Reason reason = Attestation?.Check(state, device) ?? Reason.None;
        if (reason != Reason.None)
            return reason;
        if (ServiceRecord.Find(state, Service) is not { } service)
            return Reason.UnknownService;
        if (!service.Accepts(Attestation?.Manufacturer))
            return Attestation is null ? Reason.AttestationRequired : Reason.ManufacturerNotAccepted;
        if (DeviceRecord.Find(state, device) is not null)
            return Reason.DeviceAlreadyRegistered;
        if (DeviceKeyRecord.Find(state, device) is not null)
            return Reason.DeviceKeyInUse;
        return CheckOwner(state, signer, service.Definition.DeviceBond);
    }

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context)
    {
        Address owner = transaction.Body.Signer;
        Amount bond = session.Service(Service).Definition.DeviceBond;
        AccountRecord.Debit(session, owner, bond);
        session.PutDevice(Device, before: null, new DeviceRecord
        {
            Owner = owner,
            Manufacturer = Attestation?.Manufacturer,
            Batch = Attestation?.Batch ?? 0,
            Scheme = DeviceScheme,
            PublicKey = DevicePublicKey,
            LatitudeE7 = LatitudeE7,
            LongitudeE7 = LongitudeE7,
            AltitudeCm = AltitudeCm,
            RegisteredMs = context.TimeMs,
            MovedMs = context.TimeMs,
            Enrollments = [new Enrollment { Service = Service, Bond = bond }],
        });
        return Outcome.Applied;
    }

    private Reason CheckOwner(ILedgerState state, Address signer, Amount bond)
    {
        AccountRecord? account = AccountRecord.Find(state, signer);
        // A key that nobody vouches for costs nothing: an address with nothing could fill the state with such devices.
        if (account is null && Attestation is null)
            return Reason.UnknownAccount;
        return (account?.Balance ?? Amount.Zero) >= bond ? Reason.None : Reason.DeviceBondNotCovered;
    }
}
