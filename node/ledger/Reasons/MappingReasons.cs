using System.Collections.Immutable;
using static AppChain.Ledger.ReasonEntry;

namespace AppChain.Ledger;

/// <summary>The reasons of mapping, of all stages: 610 to 629.</summary>
internal static class MappingReasons
{
    public static ImmutableArray<ReasonEntry> All { get; } =
    [
        AtDecode(Reason.MappingOutOfBounds,
            "A drive has 2 to 64 points on Earth, ascending by time; a quality is at most a million; a tile is of the grid, has a segment below 1,024 and a heading below 8, and costs a credit at least."),

        AtAdmission(Reason.ReviewerUnchanged, "The device already reviews for the service, or does not."),
        AtExecution(Reason.OwnerReviews, "A device of the same owner already reviews for the service: nobody checks himself."),
        AtExecution(Reason.ReviewersFull, "The service has all the reviewers that it takes."),
        AtExecution(Reason.TileNotMapped, "Nobody has mapped this tile, or it was too long ago."),
        AtExecution(Reason.TilePriceTooLow, "It is less than the service's price for a tile."),

        AsVerdict(Reason.CaptureOffTrack, "The images were not taken between the first and the last point of the drive."),
        AsVerdict(Reason.HeadingUnknown, "At the moment of the images the drive moved too little to have a direction."),
        AsVerdict(Reason.TrackTooFast, "Too many of the drive's legs are faster than anybody drives."),
        AsVerdict(Reason.SegmentUnknown, "The service has no segment of this number in a cell."),
        AsVerdict(Reason.ImageSeen, "The same image was sent before: it waits for its reviews, or has earned. An image earns once."),
        AsVerdict(Reason.BondPledged, "The device's bond covers what its open images and reviews can cost, and not one more. Let some end."),
        AsVerdict(Reason.ReviewsFull, "The service has as many open images as it takes. Send it again when some have ended."),
        AsVerdict(Reason.ImageTooPoor, "The reviewers found the image worse than the service takes. It costs a part of the bond."),
        AsVerdict(Reason.NotReviewed, "Too few reviews came, or no two agreed. Nothing is earned and nothing lost; the camera may send the image again."),
        AsVerdict(Reason.ReviewNotAsked, "The image does not wait for a commitment of this device: it was not drawn, has committed, or its time is over."),
        AsVerdict(Reason.ReviewNotDue, "The image does not wait for this device to reveal: it has not committed, has revealed, or it is not the time."),
        AsVerdict(Reason.ReviewOutlier, "The review is far from what the others say. It costs a part of the bond."),
        AsVerdict(Reason.ReviewNotRevealed, "The device committed to a review and did not reveal it in time. It costs a part of the bond."),
    ];
}
