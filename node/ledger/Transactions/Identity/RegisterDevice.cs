using System;
using System.Collections.Generic;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>Registers a device under the signer as its owner. Signatures: the owner's, then the device's (proof of possession).</summary>
/// <param name="DeviceScheme">How the device's key signs.</param>
/// <param name="DevicePublicKey">The device's public key.</param>
/// <param name="Service">The service that it will serve first.</param>
/// <param name="Manufacturer">The address of a registered manufacturer that the service accepts.</param>
/// <param name="Attestation">The manufacturer's signature over the device's key: <see cref="Attest"/>.</param>
/// <param name="LatitudeE7">Degrees × 10⁷, north positive.</param>
/// <param name="LongitudeE7">Degrees × 10⁷, east positive.</param>
/// <param name="AltitudeCm">Centimetres above the reference ellipsoid.</param>
public sealed record RegisterDevice(
    KeyScheme DeviceScheme,
    ReadOnlyMemory<byte> DevicePublicKey,
    uint Service,
    Address Manufacturer,
    Signature Attestation,
    int LatitudeE7,
    int LongitudeE7,
    int AltitudeCm) : Message
{
    internal const int Number = 17;

    private static readonly HashTag AttestationTag = new("AppChain/attestation");

    /// <summary>The address that the device will have.</summary>
    public Address Device => Address.Of(DeviceScheme, DevicePublicKey.Span);

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Identity;

    internal override uint? SponsoredBy(ILedgerState state, Address signer) => Service;

    internal override int SignatureCount => 2;

    /// <summary>A manufacturer's statement, made in the factory, that it built the device with this key. It names no chain.</summary>
    public static Signature Attest(PrivateKey manufacturer, KeyScheme deviceScheme, ReadOnlySpan<byte> devicePublicKey)
    {
        Hash256 digest = AttestationDigest(manufacturer.Address, deviceScheme, devicePublicKey);
        return TransactionBuilder.Sign(manufacturer, digest);
    }

    /// <summary><c>TaggedHash("AppChain/attestation", manufacturer ‖ scheme ‖ device public key)</c>.</summary>
    public static Hash256 AttestationDigest(Address manufacturer, KeyScheme deviceScheme, ReadOnlySpan<byte> devicePublicKey) =>
        AttestationTag.Hash(manufacturer.Bytes, [(byte)deviceScheme], devicePublicKey);

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.UInt64(1, (ulong)DeviceScheme);
        writer.Bytes(2, DevicePublicKey.Span);
        writer.UInt64(3, Service);
        writer.Address(4, Manufacturer);
        writer.Element(5, Attestation.Encode());
        writer.SInt64(6, LatitudeE7);
        writer.SInt64(7, LongitudeE7);
        writer.SInt64(8, AltitudeCm);
        return writer.ToArray();
    }

    internal static RegisterDevice? Read(ref WireReader reader)
    {
        KeyScheme scheme = reader.Scheme(1);
        byte[] publicKey = reader.Bytes(2).ToArray();
        if (publicKey.Length != scheme.PublicKeySize())
            reader.Fail(Reason.WrongFieldLength);
        uint service = reader.UInt32(3);
        Address manufacturer = reader.Address(4);
        if (!reader.TryElement(5, out ReadOnlySpan<byte> attestationBytes))
            reader.Fail(Reason.WrongFieldLength);
        reader.Fail(Signature.TryDecode(attestationBytes, out Signature attestation));
        return new RegisterDevice(
            scheme, publicKey, service, manufacturer, attestation, reader.SInt32(6), reader.SInt32(7), reader.SInt32(8));
    }

    internal override Reason CheckShape(Transaction transaction)
    {
        if (!transaction.Signatures[1].IsOf(DeviceScheme, DevicePublicKey.Span))
            return Reason.DeviceKeyMismatch;
        if (Attestation.Signer != Manufacturer)
            return Reason.ManufacturerKeyMismatch;
        bool onEarth = LatitudeE7 is >= -LedgerLimits.LatitudeE7Max and <= LedgerLimits.LatitudeE7Max
            && LongitudeE7 is >= -LedgerLimits.LongitudeE7Max and <= LedgerLimits.LongitudeE7Max
            && AltitudeCm is >= LedgerLimits.AltitudeCmMin and <= LedgerLimits.AltitudeCmMax;
        return onEarth ? Reason.None : Reason.LocationOutOfRange;
    }

    internal override void CollectSignatures(ChainId chainId, List<SignatureCheck> checks) => checks.Add(new SignatureCheck(
        Attestation.Scheme, Attestation.PublicKey, AttestationDigest(Manufacturer, DeviceScheme, DevicePublicKey.Span), Attestation.Value));

    // Every check on the state is one of admission, so that a registration that cannot succeed leaves no account behind.
    internal override Reason Admit(ILedgerState state, Address signer)
    {
        if (ManufacturerRecord.Find(state, Manufacturer) is null)
            return Reason.UnknownManufacturer;
        if (ServiceRecord.Find(state, Service) is not { } service)
            return Reason.UnknownService;
        if (!service.Accepts(Manufacturer))
            return Reason.ManufacturerNotAccepted;
        return DeviceRecord.Find(state, Device) is null ? Reason.None : Reason.DeviceAlreadyRegistered;
    }

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context)
    {
        session.PutDevice(Device, before: null, new DeviceRecord
        {
            Owner = transaction.Body.Signer,
            Manufacturer = Manufacturer,
            Service = Service,
            Scheme = DeviceScheme,
            PublicKey = DevicePublicKey,
            LatitudeE7 = LatitudeE7,
            LongitudeE7 = LongitudeE7,
            AltitudeCm = AltitudeCm,
            RegisteredMs = context.TimeMs,
        });
        return Outcome.Applied;
    }
}
