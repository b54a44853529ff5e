using System;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// A key that a device took up after it was registered: version:1 ‖ device:20. It stays for good, so that no key ever serves two devices.
/// </summary>
/// <param name="Device">The address of the device.</param>
public sealed record DeviceKeyRecord(Address Device) : StateRecord
{
    /// <summary>The device that took up this key, or null.</summary>
    public static DeviceKeyRecord? Find(ILedgerState state, Address key) => state.Find(StateKey.DeviceKey(key), Decode);

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.Address(Device);
        return writer.ToArray();
    }

    public static DeviceKeyRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        DeviceKeyRecord record = new(reader.Address());
        reader.End();
        return record;
    }
}
