using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>A day of a tile.</summary>
/// <param name="Day">Days since 1970.</param>
/// <param name="Images">Images that were accepted.</param>
/// <param name="Bought">Credits that users spent on it.</param>
public readonly record struct TileDay(uint Day, uint Images, Credits Bought);

/// <summary>
/// What is known of a tile: version:1 ‖ lastMs:8 ‖ count:1 × (day:4 ‖ images:4 ‖ bought:8) ‖ count:1 × device:20. Absent: it was not
/// mapped, or it is forgotten.
/// </summary>
/// <param name="LastMs">When the last image was taken.</param>
/// <param name="Days">Ascending; none is older than a week when one is added.</param>
/// <param name="Cameras">Who has mapped it, the last one at the end: users who buy it pay these.</param>
public sealed record MapTileRecord(ulong LastMs, ImmutableArray<TileDay> Days, ImmutableArray<Address> Cameras) : StateRecord
{
    /// <summary>Days that count: today and six before.</summary>
    public const int DaysMax = 7;

    /// <summary>Cameras that share what users pay for a tile.</summary>
    public const int CamerasMax = 8;

    public static MapTileRecord? Find(ILedgerState state, uint service, in MapTile tile) =>
        state.Find(StateKey.MapTile(service, tile), Decode);

    /// <summary>Images of the week (n₇).</summary>
    public uint ImagesOfWeek(ulong nowMs) =>
        Sum(nowMs, day => day.Images) is var images && images <= uint.MaxValue ? (uint)images : uint.MaxValue;

    /// <summary>Credits that users spent on it in the week.</summary>
    public UInt128 BoughtInWeek(ulong nowMs) => Sum(nowMs, day => day.Bought.Units);

    /// <summary>The tile with one more image.</summary>
    public MapTileRecord WithImage(ulong nowMs, ulong observedMs, Address camera)
    {
        ImmutableArray<Address> cameras = Cameras.Remove(camera).Add(camera);
        return With(nowMs, images: 1, Credits.Zero) with
        {
            LastMs = ulong.Max(LastMs, observedMs),
            Cameras = cameras.Length > CamerasMax ? cameras.RemoveAt(0) : cameras,
        };
    }

    /// <summary>The tile after a user has bought it.</summary>
    public MapTileRecord WithPurchase(ulong nowMs, Credits credits) => With(nowMs, images: 0, credits);

    public bool Equals(MapTileRecord? other) => other is not null && Encode().AsSpan().SequenceEqual(other.Encode());

    public override int GetHashCode() => HashCode.Combine(LastMs, Days.Length, Cameras.Length);

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.UInt64(LastMs);
        writer.UInt8((byte)Days.Length);
        foreach (TileDay day in Days)
        {
            writer.UInt32(day.Day);
            writer.UInt32(day.Images);
            writer.Credits(day.Bought);
        }
        writer.UInt8((byte)Cameras.Length);
        foreach (Address camera in Cameras)
            writer.Address(camera);
        return writer.ToArray();
    }

    public static MapTileRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        ulong lastMs = reader.UInt64();
        List<TileDay> days = [];
        for (int left = reader.UInt8(); left > 0; left--)
            days.Add(new TileDay(reader.UInt32(), reader.UInt32(), reader.Credits()));
        List<Address> cameras = [];
        for (int left = reader.UInt8(); left > 0; left--)
            cameras.Add(reader.Address());
        reader.End();
        return new MapTileRecord(lastMs, [.. days], [.. cameras]);
    }

    private static uint DayOf(ulong nowMs) => (uint)ulong.Min(nowMs / Parameters.DayMs, uint.MaxValue);

    private static bool IsOfWeek(in TileDay day, uint today) => day.Day + (ulong)DaysMax > today;

    private UInt128 Sum(ulong nowMs, Func<TileDay, ulong> of)
    {
        uint today = DayOf(nowMs);
        UInt128 sum = 0;
        foreach (TileDay day in Days)
            sum += IsOfWeek(day, today) ? of(day) : 0;
        return sum;
    }

    private MapTileRecord With(ulong nowMs, uint images, Credits bought)
    {
        uint today = DayOf(nowMs);
        TileDay last = Days is [.., var newest] && newest.Day == today ? newest : new TileDay(today, 0, Credits.Zero);
        List<TileDay> days = [];
        foreach (TileDay day in Days)
        {
            if (day.Day != today && IsOfWeek(day, today))
                days.Add(day);
        }
        days.Add(last with { Images = last.Images + images, Bought = last.Bought + bought });
        return this with { Days = [.. days] };
    }
}
