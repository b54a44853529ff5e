using System;
using System.Collections.Immutable;
using AppChain.Crypto;
using AppChain.Ledger.Location;

namespace AppChain.Ledger;

/// <summary>
/// Payload of kind mapping: a camera has images of a piece of street. The moment of observation is when they were taken. Their bytes stay
/// where the service says; the reviewers fetch them there.
/// </summary>
/// <param name="Segment">Which of the cell's parts of streets.</param>
/// <param name="Root">The root of the Merkle list of the images' hashes.</param>
/// <param name="Nullifier">
/// What is the same for the same image however it is stored, and names the camera; the service says how it is computed, and reviewers
/// compute it again. The same one never earns twice.
/// </param>
/// <param name="Points">The drive around that moment: 2 to <see cref="PointsMax"/>, ascending by time, all on Earth.</param>
public sealed record MapImage(uint Segment, Hash256 Root, Hash256 Nullifier, ImmutableArray<TrackPoint> Points) : ProofPayload
{
    /// <summary>Points of a drive in one proof: a minute of a point each second fits into a transaction.</summary>
    public const int PointsMax = 64;

    internal const int Number = 22;

    /// <inheritdoc/>
    public override ProofKind Kind => ProofKind.Mapping;

    internal override int Field => Number;

    /// <summary>The same by every field.</summary>
    public bool Equals(MapImage? other) =>
        other is not null && Segment == other.Segment && Root == other.Root && Nullifier == other.Nullifier && Points.AsSpan().SequenceEqual(other.Points.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Segment, Root, Nullifier, Points.Length);

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.UInt64(1, Segment);
        writer.Bytes(2, Root.Bytes);
        writer.Bytes(3, Nullifier.Bytes);
        foreach (TrackPoint point in Points)
            writer.Element(4, Encode(point));
        return writer.ToArray();
    }

    internal static MapImage Read(ref WireReader reader)
    {
        (uint segment, Hash256 root, Hash256 nullifier) = (reader.UInt32(1), reader.Hash(2), reader.Hash(3));
        ImmutableArray<TrackPoint>.Builder points = ImmutableArray.CreateBuilder<TrackPoint>();
        while (points.Count <= PointsMax && reader.TryElement(4, out ReadOnlySpan<byte> element))
        {
            WireReader point = new(element);
            points.Add(new TrackPoint(point.UInt64(1), new GeoPoint(point.SInt32(2), point.SInt32(3))));
            reader.Fail(point.Finish());
        }
        if (!AreInOrder(points))
            reader.Fail(Reason.MappingOutOfBounds);
        return new MapImage(segment, root, nullifier, points.ToImmutable());
    }

    private static bool AreInOrder(ImmutableArray<TrackPoint>.Builder points)
    {
        if (points.Count is < 2 or > PointsMax)
            return false;
        for (int i = 0; i < points.Count; i++)
        {
            if (!points[i].Place.IsOnEarth || (i > 0 && points[i].AtMs <= points[i - 1].AtMs))
                return false;
        }
        return true;
    }

    private static byte[] Encode(in TrackPoint point)
    {
        WireWriter writer = new();
        writer.UInt64(1, point.AtMs);
        writer.SInt64(2, point.Place.LatitudeE7);
        writer.SInt64(3, point.Place.LongitudeE7);
        return writer.ToArray();
    }
}

/// <summary>Payload of kind mapping: a reviewer that an image has asked has made up its mind, and tells it to nobody yet.</summary>
/// <param name="Image">The transaction that sent the image.</param>
/// <param name="Commitment"><see cref="ReviewScoring.Commit"/> of the image, the reviewer, the quality and a salt.</param>
public sealed record CommitReview(Hash256 Image, Hash256 Commitment) : ProofPayload
{
    internal const int Number = 23;

    /// <inheritdoc/>
    public override ProofKind Kind => ProofKind.Mapping;

    internal override int Field => Number;

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.Bytes(1, Image.Bytes);
        writer.Bytes(2, Commitment.Bytes);
        return writer.ToArray();
    }

    internal static CommitReview Read(ref WireReader reader) => new(reader.Hash(1), reader.Hash(2));
}

/// <summary>Payload of kind mapping: what a reviewer committed to.</summary>
/// <param name="Image">The transaction that sent the image.</param>
/// <param name="QualityPpm">How good it is, 0 to a million. 0: it is not what the proof says, or cannot be had.</param>
/// <param name="Salt">What kept it secret: 32 bytes, drawn at random.</param>
public sealed record RevealReview(Hash256 Image, uint QualityPpm, Hash256 Salt) : ProofPayload
{
    internal const int Number = 24;

    /// <inheritdoc/>
    public override ProofKind Kind => ProofKind.Mapping;

    internal override int Field => Number;

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.Bytes(1, Image.Bytes);
        writer.UInt64(2, QualityPpm);
        writer.Bytes(3, Salt.Bytes);
        return writer.ToArray();
    }

    internal static RevealReview Read(ref WireReader reader)
    {
        RevealReview review = new(reader.Hash(1), reader.UInt32(2), reader.Hash(3));
        if (review.QualityPpm > Parameters.Million)
            reader.Fail(Reason.MappingOutOfBounds);
        return review;
    }
}
