using System;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>An image that waits for its reviews or has earned: version:1 ‖ image:32. Absent: it may be sent.</summary>
/// <param name="Image">The transaction that sent it.</param>
public sealed record ImageNullifierRecord(Hash256 Image) : StateRecord
{
    public static ImageNullifierRecord? Find(ILedgerState state, uint service, Hash256 nullifier) =>
        state.Find(StateKey.ImageNullifier(service, nullifier), Decode);

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.Raw(Image.Bytes);
        return writer.ToArray();
    }

    public static ImageNullifierRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        ImageNullifierRecord record = new(new Hash256(reader.Raw(Hash256.Size)));
        reader.End();
        return record;
    }
}

/// <summary>
/// An image that has earned, and until when that is remembered: version:1 ‖ untilMs:8 ‖ observedMs:8 ‖ nullifier:32 ‖
/// <see cref="MapTile"/>:13.
/// </summary>
/// <param name="UntilMs">From when on it may be forgotten: captures as old as it are refused then.</param>
/// <param name="ObservedMs">When it was taken.</param>
/// <param name="Nullifier">What is forgotten.</param>
/// <param name="Tile">Forgotten with it, if there is no newer image of it.</param>
public sealed record ImageMemoryRecord(ulong UntilMs, ulong ObservedMs, Hash256 Nullifier, MapTile Tile) : StateRecord
{
    public static ImageMemoryRecord? Find(ILedgerState state, uint service, ulong number) =>
        state.Find(StateKey.ImageMemory(service, number), Decode);

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.UInt64(UntilMs);
        writer.UInt64(ObservedMs);
        writer.Raw(Nullifier.Bytes);
        Tile.Write(writer);
        return writer.ToArray();
    }

    public static ImageMemoryRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        ImageMemoryRecord record = new(reader.UInt64(), reader.UInt64(), new Hash256(reader.Raw(Hash256.Size)), MapTile.Read(ref reader));
        reader.End();
        return record;
    }
}

/// <summary>What a service of kind mapping counts: version:1 ‖ open:4 ‖ first:8 ‖ next:8. Absent: nothing yet.</summary>
/// <param name="Open">Images that wait for their reviews.</param>
/// <param name="First">The number of the oldest <see cref="ImageMemoryRecord"/>.</param>
/// <param name="Next">The number that the next one gets.</param>
public sealed record MappingCountsRecord(uint Open, ulong First, ulong Next) : StateRecord
{
    private static readonly MappingCountsRecord Fresh = new(0, 0, 0);

    public static MappingCountsRecord Get(ILedgerState state, uint service) => state.Find(StateKey.MappingCounts(service), Decode) ?? Fresh;

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.UInt32(Open);
        writer.UInt64(First);
        writer.UInt64(Next);
        return writer.ToArray();
    }

    public static MappingCountsRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        MappingCountsRecord record = new(reader.UInt32(), reader.UInt64(), reader.UInt64());
        reader.End();
        return record;
    }
}
