using System;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>A manufacturer's statement, made in the factory, that it built the device with this key. It names no chain.</summary>
/// <param name="Manufacturer">Whose word it is.</param>
/// <param name="Batch">The batch that the device came from: what can be revoked as a whole.</param>
/// <param name="Signature">By one of the manufacturer's roots, over <see cref="DigestOf"/>.</param>
public sealed record Attestation(Address Manufacturer, uint Batch, Signature Signature)
{
    private static readonly HashTag Tag = new("AppChain/attestation");

    /// <summary>Vouches for a device's key.</summary>
    /// <param name="root">One of the manufacturer's keys.</param>
    /// <param name="manufacturer">Its address; null: that of <paramref name="root"/>, which is so until its roots change.</param>
    public static Attestation Make(PrivateKey root, uint batch, KeyScheme deviceScheme, ReadOnlySpan<byte> devicePublicKey, Address? manufacturer = null)
    {
        Address address = manufacturer ?? root.Address;
        return new Attestation(address, batch, TransactionBuilder.Sign(root, DigestOf(address, batch, deviceScheme, devicePublicKey)));
    }

    /// <summary><c>TaggedHash("AppChain/attestation", manufacturer ‖ batch:4 ‖ scheme ‖ device public key)</c>.</summary>
    public static Hash256 DigestOf(Address manufacturer, uint batch, KeyScheme deviceScheme, ReadOnlySpan<byte> devicePublicKey) => Tag.Hash(
        manufacturer.Bytes,
        [(byte)(batch >> 24), (byte)((batch >> 16) & 0xFF), (byte)((batch >> 8) & 0xFF), (byte)(batch & 0xFF), (byte)deviceScheme],
        devicePublicKey);

    /// <summary>The attestation of a message's fields; null if there is none. A part without the others is refused.</summary>
    internal static Attestation? Join(ref WireReader reader, Address? manufacturer, Signature? signature, uint batch)
    {
        if (manufacturer is { } address && signature is not null)
            return new Attestation(address, batch, signature);
        if (manufacturer is not null || signature is not null || batch != 0)
            reader.Fail(Reason.AttestationIncomplete);
        return null;
    }

    /// <summary>What must verify for it to vouch for this key.</summary>
    internal SignatureCheck CheckFor(KeyScheme deviceScheme, ReadOnlyMemory<byte> devicePublicKey) => new(
        Signature.Scheme, Signature.PublicKey, DigestOf(Manufacturer, Batch, deviceScheme, devicePublicKey.Span), Signature.Value);

    /// <summary>Whether the manufacturer is known, the key is one of its roots, and neither the device's key nor its batch is revoked.</summary>
    internal Reason Check(ILedgerState state, Address deviceKey)
    {
        if (ManufacturerRecord.Find(state, Manufacturer) is not { } manufacturer)
            return Reason.UnknownManufacturer;
        if (!manufacturer.IsRoot(Signature))
            return Reason.AttestationNotByRoot;
        bool revoked = RevocationRecord.FindBatch(state, Manufacturer, Batch) is not null
            || RevocationRecord.FindKey(state, Manufacturer, deviceKey) is not null;
        return revoked ? Reason.DeviceRevoked : Reason.None;
    }
}
