using System.Collections.Generic;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// A manufacturer takes back its word for one device, or for a whole batch, in one step whatever its size: their proofs are refused from
/// now on, and they enrol nowhere. What they earned stays theirs. The signer is the manufacturer's admin. For good.
/// </summary>
/// <param name="Manufacturer">The manufacturer.</param>
/// <param name="Device">The device's address, or that of a key that none is registered with yet; null: the batch.</param>
/// <param name="Batch">The batch; 0 with a device.</param>
public sealed record RevokeDevices(Address Manufacturer, Address? Device, uint Batch) : Message
{
    internal const int Number = 37;

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Identity;

    internal override IEnumerable<Decision> Decides(Address signer) =>
        [new Decision(Device is { } key ? StateKey.RevokedKey(Manufacturer, key) : StateKey.RevokedBatch(Manufacturer, Batch))];

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.Address(1, Manufacturer);
        if (Device is { } device)
            writer.Address(2, device);
        writer.UInt64(3, Batch);
        return writer.ToArray();
    }

    internal static RevokeDevices Read(ref WireReader reader)
    {
        RevokeDevices message = new(reader.Address(1), reader.OptionalAddress(2), reader.UInt32(3));
        if (message is { Device: not null, Batch: not 0 })
            reader.Fail(Reason.Malformed); // the one or the other
        return message;
    }

    internal override Reason Admit(ILedgerState state, Address signer)
    {
        Reason reason = UpdateManufacturer.CheckAdmin(state, Manufacturer, signer);
        if (reason != Reason.None)
            return reason;
        if (Device is not { } key)
            return RevocationRecord.FindBatch(state, Manufacturer, Batch) is null ? Reason.None : Reason.AlreadyRevoked;
        if (DeviceRecord.Find(state, AddressOf(state, key)) is not { } device)
            return RevocationRecord.FindKey(state, Manufacturer, key) is null ? Reason.None : Reason.AlreadyRevoked;
        if (device.Manufacturer != Manufacturer)
            return Reason.NotTheManufacturer;
        return device.RevokedMs == 0 ? Reason.None : Reason.AlreadyRevoked;
    }

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context)
    {
        if (Device is not { } key)
            session.Put(StateKey.RevokedBatch(Manufacturer, Batch), new RevocationRecord(context.TimeMs));
        else if (AddressOf(session, key) is var address && DeviceRecord.Find(session, address) is { } device)
            session.PutDevice(address, device, device with { RevokedMs = context.TimeMs });
        else
            session.Put(StateKey.RevokedKey(Manufacturer, key), new RevocationRecord(context.TimeMs));
        return Outcome.Applied;
    }

    // A key that a device took up later stands for that device, whose address is another one.
    private static Address AddressOf(ILedgerState state, Address key) => DeviceKeyRecord.Find(state, key)?.Device ?? key;
}
