using System;
using System.Collections.Generic;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// The owner gives a device another key, because the old one is lost or leaked. Signatures: the owner's, then the new key's. The device keeps
/// its address, history and sequence numbers; the old key is worth nothing from then on, and no key is ever used again.
/// </summary>
/// <param name="Device">The device.</param>
/// <param name="Scheme">How the new key signs.</param>
/// <param name="PublicKey">The new public key.</param>
/// <param name="Attestation">
/// The manufacturer's word for the new key, of the device's own batch. Needed if the device has a manufacturer: else a vouched-for device
/// could become any key at all.
/// </param>
public sealed record RotateDeviceKey(Address Device, KeyScheme Scheme, ReadOnlyMemory<byte> PublicKey, Attestation? Attestation) : Message
{
    internal const int Number = 35;

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Identity;

    internal override int SignatureCount => 2;

    private Address KeyAddress => Address.Of(Scheme, PublicKey.Span);

    internal override IEnumerable<Decision> Decides(Address signer) =>
        [new Decision(StateKey.Device(Device)), new Decision(StateKey.Device(KeyAddress))];

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.Address(1, Device);
        writer.UInt64(2, (ulong)Scheme);
        writer.Bytes(3, PublicKey.Span);
        if (Attestation is { } attestation)
        {
            writer.Address(4, attestation.Manufacturer);
            writer.Element(5, attestation.Signature.Encode());
            writer.UInt64(6, attestation.Batch);
        }
        return writer.ToArray();
    }

    internal static RotateDeviceKey Read(ref WireReader reader)
    {
        Address device = reader.Address(1);
        KeyScheme scheme = reader.Scheme(2);
        byte[] publicKey = reader.Bytes(3).ToArray();
        if (publicKey.Length != scheme.PublicKeySize())
            reader.Fail(Reason.WrongFieldLength);
        Address? manufacturer = reader.OptionalAddress(4);
        Signature? signature = Signature.ReadOptional(ref reader, 5);
        return new RotateDeviceKey(device, scheme, publicKey, Ledger.Attestation.Join(ref reader, manufacturer, signature, reader.UInt32(6)));
    }

    internal override Reason CheckShape(Transaction transaction) =>
        transaction.Signatures[1].IsOf(Scheme, PublicKey.Span) ? Reason.None : Reason.DeviceKeyMismatch;

    internal override void CollectSignatures(ChainId chainId, List<SignatureCheck> checks)
    {
        if (Attestation is { } attestation)
            checks.Add(attestation.CheckFor(Scheme, PublicKey));
    }

    internal override Reason Admit(ILedgerState state, Address signer)
    {
        Reason reason = DeviceOwnership.CheckVouchedFor(state, Device, signer, out DeviceRecord? device);
        if (device is null)
            return reason;
        Address key = KeyAddress;
        if (DeviceRecord.Find(state, key) is not null || DeviceKeyRecord.Find(state, key) is not null)
            return Reason.DeviceKeyInUse;
        if (Attestation is null)
            return device.Manufacturer is null ? Reason.None : Reason.AttestationRequired;
        if (Attestation.Manufacturer != device.Manufacturer || Attestation.Batch != device.Batch)
            return Reason.AttestationOfAnotherBatch;
        return Attestation.Check(state, key);
    }

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context)
    {
        DeviceRecord device = DeviceRecord.Get(session, Device);
        session.Put(StateKey.DeviceKey(KeyAddress), new DeviceKeyRecord(Device));
        session.PutDevice(Device, device, device with { Scheme = Scheme, PublicKey = PublicKey });
        return Outcome.Applied;
    }
}
