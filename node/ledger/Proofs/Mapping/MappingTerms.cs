using System;
using AppChain.Ledger.Location;

namespace AppChain.Ledger;

/// <summary>What a service of kind mapping says of its images: its <see cref="ServiceDefinition.KindParameters"/>.</summary>
/// <remarks>level:1 ‖ segments:2 ‖ reviewPpm:4 ‖ qualityMin:4 ‖ slashPpm:4 ‖ silencePpm:4.</remarks>
/// <param name="Level">The level of the grid that tiles lie on, <see cref="LevelMin"/> to <see cref="Cell.LevelMax"/>.</param>
/// <param name="Segments">How many parts of streets a cell has at most, 1 to <see cref="SegmentsLimit"/>.</param>
/// <param name="ReviewPpm">What each review that holds earns, of what the image would at full quality; at most
/// <see cref="ReviewPpmMax"/>.</param>
/// <param name="QualityMin">Images below this quality, in parts per million, earn nothing and cost their camera of its bond.</param>
/// <param name="SlashPpm">What of the service's bond is lost by a poor image, by a review far from the others', and by one that is
/// hidden.</param>
/// <param name="SilencePpm">What of it is lost by a reviewer who commits to nothing in time; at most as much.</param>
public sealed record MappingTerms(byte Level, ushort Segments, uint ReviewPpm, uint QualityMin, uint SlashPpm, uint SilencePpm)
{
    /// <summary>Cells of 40 km: coarser ones are no tiles.</summary>
    public const byte LevelMin = 8;

    /// <summary>With more segments than streets a camera would find its tile new for ever.</summary>
    public const ushort SegmentsLimit = 1_024;

    /// <summary>A tenth: six reviews, of both rounds, take at most three fifths.</summary>
    public const uint ReviewPpmMax = 100_000;

    private const int Size = 1 + sizeof(ushort) + (4 * sizeof(uint));

    /// <summary>The bytes for a service's definition.</summary>
    public byte[] Encode()
    {
        RecordWriter writer = new();
        writer.UInt8(Level);
        writer.UInt16(Segments);
        writer.UInt32(ReviewPpm);
        writer.UInt32(QualityMin);
        writer.UInt32(SlashPpm);
        writer.UInt32(SilencePpm);
        return writer.ToArray();
    }

    /// <summary>Reads terms that anybody may have written; null: they are none.</summary>
    public static MappingTerms? TryDecode(ReadOnlyMemory<byte> bytes) =>
        bytes.Length == Size && Decode(bytes) is { IsWithinBounds: true } terms ? terms : null;

    private bool IsWithinBounds =>
        Level is >= LevelMin and <= Cell.LevelMax && Segments is >= 1 and <= SegmentsLimit && ReviewPpm <= ReviewPpmMax
        && QualityMin is >= 1 and <= Parameters.Million && SlashPpm is >= 1 and <= Parameters.Million && SilencePpm >= 1 && SilencePpm <= SlashPpm;

    internal static MappingTerms Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes);
        MappingTerms terms = new(reader.UInt8(), reader.UInt16(), reader.UInt32(), reader.UInt32(), reader.UInt32(), reader.UInt32());
        reader.End();
        return terms;
    }

    /// <summary>The member <c>mapping</c> of a service in a genesis file.</summary>
    internal static MappingTerms Read(JsonNodeReader node)
    {
        MappingTerms terms = new(
            (byte)node.UInt32("level", LevelMin, Cell.LevelMax),
            (ushort)node.UInt32("segments", 1, SegmentsLimit),
            node.UInt32("reviewPpm", 0, ReviewPpmMax),
            node.UInt32("qualityMin", 1, Parameters.Million),
            node.UInt32("slashPpm", 1, Parameters.Million),
            node.UInt32("silencePpm", 0, Parameters.Million));
        node.End();
        return terms;
    }
}

/// <summary>What the kind mapping remembers of a device: lastMs:8 ‖ againMs:8. Empty: it has sent no image.</summary>
/// <param name="LastMs">When its latest image was taken: the next one is taken after it.</param>
/// <param name="AgainMs">When its last image was taken that nobody reviewed: that moment may come again. 0: there is none.</param>
internal readonly record struct MappingState(ulong LastMs, ulong AgainMs = 0)
{
    public byte[] Encode()
    {
        RecordWriter writer = new();
        writer.UInt64(LastMs);
        writer.UInt64(AgainMs);
        return writer.ToArray();
    }

    public static MappingState Decode(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty)
            return default;
        RecordReader reader = new(bytes);
        MappingState state = new(reader.UInt64(), reader.UInt64());
        reader.End();
        return state;
    }

    /// <summary>After an image was taken in.</summary>
    public MappingState With(ulong observedMs) => new(ulong.Max(LastMs, observedMs), observedMs == AgainMs ? 0 : AgainMs);
}
