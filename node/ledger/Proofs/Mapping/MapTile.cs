using System.Collections.Immutable;
using AppChain.Ledger.Location;

namespace AppChain.Ledger;

/// <summary>A part of a street seen in one direction: what is mapped, wanted and paid for.</summary>
/// <param name="Cell">The <see cref="Location.Cell.Id"/> at the service's level.</param>
/// <param name="Segment">Which of the cell's parts of streets; the service numbers them from 0.</param>
/// <param name="Heading">The direction of the drive: one of eight, 0 north, 2 east.</param>
public readonly record struct MapTile(ulong Cell, uint Segment, byte Heading)
{
    /// <summary>Directions.</summary>
    public const byte Headings = 8;

    internal const int Size = sizeof(ulong) + sizeof(uint) + 1;

    /// <summary>True if there can be such a tile.</summary>
    public bool IsPossible => Location.Cell.TryFromId(Cell, out _) && Segment < MappingTerms.SegmentsLimit && Heading < Headings;

    /// <summary>
    /// The tile of what was seen at a moment of a drive: the cell where the leg of that moment begins, and the leg's heading. Null, and
    /// why: the moment is not of the drive, or its leg is too short to have a heading.
    /// </summary>
    /// <param name="points">In order of time, all on Earth.</param>
    public static MapTile? Find(ImmutableArray<TrackPoint> points, ulong atMs, uint segment, int level, MappingScoreRules rules, out Reason reason)
    {
        for (int leg = 0; leg + 1 < points.Length; leg++)
        {
            (TrackPoint from, TrackPoint to) = (points[leg], points[leg + 1]);
            if (atMs < from.AtMs || atMs > to.AtMs)
                continue;
            int? heading = MappingScoring.OctantOf(from.Place, to.Place, rules);
            reason = heading is null ? Reason.HeadingUnknown : Reason.None;
            return heading is null ? null : new MapTile(Grid.CellOf(from.Place, level).Id, segment, (byte)heading);
        }
        reason = Reason.CaptureOffTrack;
        return null;
    }

    internal void Write(RecordWriter writer)
    {
        writer.UInt64(Cell);
        writer.UInt32(Segment);
        writer.UInt8(Heading);
    }

    internal static MapTile Read(ref RecordReader reader) => new(reader.UInt64(), reader.UInt32(), reader.UInt8());
}
