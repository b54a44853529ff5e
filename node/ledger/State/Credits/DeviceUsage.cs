using System;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// Credits that were spent on a device's work for a service: version:1 ‖ epoch:8 ‖ credits:8 ‖ ownCredits:8 ‖ total:8. Absent: none ever.
/// </summary>
/// <param name="Epoch">The reward epoch that the next two count in.</param>
/// <param name="Credits">Spent in that epoch.</param>
/// <param name="OwnCredits">Those of them that the device's own owner or payees paid: whoever pays himself is rewarded less for it.</param>
/// <param name="Total">Spent since the beginning.</param>
public sealed record DeviceUsage(ulong Epoch, Credits Credits, Credits OwnCredits, Credits Total) : StateRecord
{
    /// <summary>The record as it was written last, or null; its epoch may have ended.</summary>
    public static DeviceUsage? Find(ILedgerState state, Address device, uint service) =>
        state.Find(StateKey.DeviceUsage(device, service), Decode);

    internal static void Add(LedgerSession session, Address device, uint service, Credits credits, bool byOwner)
    {
        ulong epoch = EpochRecord.Get(session).Open;
        DeviceUsage? before = Find(session, device, service);
        DeviceUsage usage = before?.Epoch == epoch
            ? before
            : new DeviceUsage(epoch, Credits.Zero, Credits.Zero, before?.Total ?? Credits.Zero);
        session.Put(StateKey.DeviceUsage(device, service), usage with
        {
            Credits = usage.Credits + credits,
            OwnCredits = byOwner ? usage.OwnCredits + credits : usage.OwnCredits,
            Total = usage.Total + credits,
        });
    }

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.UInt64(Epoch);
        writer.Credits(Credits);
        writer.Credits(OwnCredits);
        writer.Credits(Total);
        return writer.ToArray();
    }

    public static DeviceUsage Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        DeviceUsage record = new(reader.UInt64(), reader.Credits(), reader.Credits(), reader.Credits());
        reader.End();
        return record;
    }
}
