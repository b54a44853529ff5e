using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Ledger.Location;
using Google.Protobuf;
using static AppChain.Tests.Ledger.ProtobufParityTests;
using Pb = AppChain.Protos.V1;

namespace AppChain.Tests.Ledger.Mapping;

/// <summary>Random messages and payloads of mapping, in both forms.</summary>
internal static class MappingMessages
{
    public static Message Random(Random random, Pb.Body theirs)
    {
        if (random.Next(2) == 0)
        {
            SetReviewer offer = new(RandomAddress(random), Small(random), random.Next(2) == 0);
            theirs.SetReviewer = new Pb.SetReviewer { Device = ByteString.CopyFrom(offer.Device.Bytes), Service = offer.Service, Reviews = offer.Reviews };
            return offer;
        }
        ulong cell = Grid.CellOf(Place(random), random.Next(Cell.LevelMax + 1)).Id;
        BuyTile buy = new(Small(random), new MapTile(cell, (uint)random.Next(MappingTerms.SegmentsLimit), (byte)random.Next(8)), new Credits((ulong)random.NextInt64(1, long.MaxValue)));
        theirs.BuyTile = new Pb.BuyTile { Service = buy.Service, Cell = cell, Segment = buy.Tile.Segment, Heading = buy.Tile.Heading, Credits = buy.Credits.Units };
        return buy;
    }

    public static ProofPayload RandomPayload(Random random, Pb.SubmitProof theirs)
    {
        (Hash256 one, Hash256 other) = (new Hash256(Bytes(random, 32)), new Hash256(Bytes(random, 32)));
        (ByteString first, ByteString second) = (ByteString.CopyFrom(one.Bytes), ByteString.CopyFrom(other.Bytes));
        switch (random.Next(3))
        {
            case 0:
                theirs.CommitReview = new Pb.CommitReview { Image = first, Commitment = second };
                return new CommitReview(one, other);
            case 1:
                RevealReview review = new(one, (uint)random.Next(1_000_001), other);
                theirs.RevealReview = new Pb.RevealReview { Image = first, QualityPpm = review.QualityPpm, Salt = second };
                return review;
            default:
                ulong from = (ulong)random.Next(3);
                MapImage image = new(
                    Small(random), one, other, [.. Enumerable.Range(0, random.Next(2, 12)).Select(i => new TrackPoint(from + ((ulong)i * 1_000), Place(random)))]);
                theirs.MapImage = new Pb.MapImage { Segment = image.Segment, Root = first, Nullifier = second };
                theirs.MapImage.Points.AddRange(image.Points.Select(
                    point => new Pb.MapPoint { AtMs = point.AtMs, LatitudeE7 = point.Place.LatitudeE7, LongitudeE7 = point.Place.LongitudeE7 }));
                return image;
        }
    }

    private static GeoPoint Place(Random random) => new(random.Next(-900_000_000, 900_000_001), random.Next(-1_800_000_000, 1_800_000_001));
}
