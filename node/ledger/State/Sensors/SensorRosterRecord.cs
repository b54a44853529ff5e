using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>Who has read anything in a cell and window: version:1 ‖ slotMs:8 ‖ slots:1 ‖ judged:1 ‖ count:1 × device:20.</summary>
/// <param name="SlotMs">How long a slot of the window is.</param>
/// <param name="Slots">How many it has.</param>
/// <param name="Judged">It has its verdicts and stays for its neighbours, who need its witnesses.</param>
/// <param name="Devices">In the order in which they came, at most <see cref="DevicesMax"/>.</param>
public sealed record SensorRosterRecord(ulong SlotMs, byte Slots, bool Judged, ImmutableArray<Address> Devices) : StateRecord
{
    /// <summary>Sensors of a cell that a window takes; entropy draws among them who is scored.</summary>
    public const int DevicesMax = 128;

    /// <summary>
    /// True if the window takes readings whose slots are divided so. A vote may have changed how long windows are, or wait; readings that
    /// are divided otherwise would fill more
    /// slots than a window has.
    /// </summary>
    internal bool Takes(ulong slotMs, byte slots) => !Judged && (SlotMs, Slots) == (slotMs, slots);

    public static SensorRosterRecord? Find(ILedgerState state, uint service, ulong cell, ulong startMs) =>
        state.Find(StateKey.SensorRoster(service, cell, startMs), Decode);

    public bool Equals(SensorRosterRecord? other) => other is not null && Encode().AsSpan().SequenceEqual(other.Encode());

    public override int GetHashCode() => HashCode.Combine(SlotMs, Devices.Length);

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.UInt64(SlotMs);
        writer.UInt8(Slots);
        writer.Flag(Judged);
        writer.UInt8((byte)Devices.Length);
        foreach (Address device in Devices)
            writer.Address(device);
        return writer.ToArray();
    }

    public static SensorRosterRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        SensorRosterRecord record = new(reader.UInt64(), reader.UInt8(), reader.Flag(), ReadDevices(ref reader));
        reader.End();
        return record;
    }

    private static ImmutableArray<Address> ReadDevices(ref RecordReader reader)
    {
        List<Address> devices = [];
        for (int left = reader.UInt8(); left > 0; left--)
            devices.Add(reader.Address());
        return [.. devices];
    }
}
