using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What an image waits for. The numbers are the state's.</summary>
public enum ReviewPhase : byte
{
    /// <summary>The next block's beacon draws its reviewers.</summary>
    Sent = 0,

    /// <summary>They look at it, and commit to what they think.</summary>
    Committing = 1,

    /// <summary>They tell.</summary>
    Revealing = 2,
}

/// <summary>How far a reviewer has come. The numbers are the state's.</summary>
public enum ReviewStage : byte
{
    Asked = 0,
    Committed = 1,
    Revealed = 2,

    /// <summary>It committed to nothing in time.</summary>
    Silent = 3,

    /// <summary>It committed and did not reveal in time.</summary>
    Hidden = 4,
}

/// <summary>A reviewer that an image has asked.</summary>
/// <param name="Device">The reviewer.</param>
/// <param name="Owner">Who owned it when it was asked.</param>
/// <param name="Stage">How far it has come.</param>
/// <param name="Proof">The transaction that committed; zeros before.</param>
/// <param name="SentMs">Time of the block that took it.</param>
/// <param name="Commitment">What it committed to (<see cref="ReviewScoring.Commit"/>).</param>
/// <param name="QualityPpm">What it thinks, once revealed.</param>
public readonly record struct ImageReview(
    Address Device, Address Owner, ReviewStage Stage, Hash256 Proof = default, ulong SentMs = 0, Hash256 Commitment = default, uint QualityPpm = 0);

/// <summary>An image that waits for its reviews. Its id is that of the transaction that sent it.</summary>
/// <remarks>
/// version:1 ‖ service:4 ‖ camera:20 ‖ owner:20 ‖ sentMs:8 ‖ observedMs:8 ‖ <see cref="MapTile"/>:13 ‖ root:32 ‖ nullifier:32 ‖ slash:8 ‖
/// silence:8 ‖ reviewPpm:4 ‖ qualityMin:4 ‖ phase:1 ‖ round:4 ‖ endsMs:8 ‖ first:1 ‖ count:1 × (device:20 ‖ owner:20 ‖ stage:1 ‖ proof:32 ‖
/// sentMs:8 ‖ commitment:32 ‖ quality:4).
/// </remarks>
public sealed record MapImageRecord : StateRecord
{
    /// <summary>Rounds of reviewers.</summary>
    public const int AttemptsMax = 2;

    public required uint Service { get; init; }

    /// <summary>The device that sent it.</summary>
    public required Address Camera { get; init; }

    /// <summary>Who owned it then: none of his devices reviews it.</summary>
    public required Address Owner { get; init; }

    /// <summary>Time of the block that took it.</summary>
    public required ulong SentMs { get; init; }

    /// <summary>When the images were taken.</summary>
    public required ulong ObservedMs { get; init; }

    public required MapTile Tile { get; init; }

    /// <summary>The root of the images' hashes.</summary>
    public required Hash256 Root { get; init; }

    public required Hash256 Nullifier { get; init; }

    /// <summary>The service's terms when it was sent: a service cannot change them under it.</summary>
    public required Amount Slash { get; init; }

    public required Amount Silence { get; init; }

    public required uint ReviewPpm { get; init; }

    public required uint QualityMin { get; init; }

    public ReviewPhase Phase { get; init; }

    /// <summary>Rises with every phase: what waits for an earlier one finds that it is over.</summary>
    public uint Round { get; init; }

    /// <summary>When the phase is over.</summary>
    public ulong EndsMs { get; init; }

    /// <summary>Where the present reviewers begin in <see cref="Reviews"/>: those before were asked first, and came to nothing.</summary>
    public byte First { get; init; }

    /// <summary>Everybody who was asked.</summary>
    public ImmutableArray<ImageReview> Reviews { get; init; } = [];

    /// <summary>The image, or null if there is none of this id or it has its verdict.</summary>
    public static MapImageRecord? Find(ILedgerState state, Hash256 image) => state.Find(StateKey.MapImage(image), Decode);

    /// <summary>Where the device stands among the present reviewers; −1: it is none.</summary>
    public int ReviewOf(Address device)
    {
        for (int i = First; i < Reviews.Length; i++)
        {
            if (Reviews[i].Device == device)
                return i;
        }
        return -1;
    }

    /// <summary>How many of the present reviewers are at a stage.</summary>
    public int CountOf(ReviewStage stage)
    {
        int count = 0;
        for (int i = First; i < Reviews.Length; i++)
            count += Reviews[i].Stage == stage ? 1 : 0;
        return count;
    }

    public bool Equals(MapImageRecord? other) => other is not null && Encode().AsSpan().SequenceEqual(other.Encode());

    public override int GetHashCode() => HashCode.Combine(Camera, Root, Round, Reviews.Length);

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.UInt32(Service);
        writer.Address(Camera);
        writer.Address(Owner);
        writer.UInt64(SentMs);
        writer.UInt64(ObservedMs);
        Tile.Write(writer);
        writer.Raw(Root.Bytes);
        writer.Raw(Nullifier.Bytes);
        writer.Amount(Slash);
        writer.Amount(Silence);
        writer.UInt32(ReviewPpm);
        writer.UInt32(QualityMin);
        writer.UInt8((byte)Phase);
        writer.UInt32(Round);
        writer.UInt64(EndsMs);
        writer.UInt8(First);
        writer.UInt8((byte)Reviews.Length);
        foreach (ImageReview review in Reviews)
            Write(writer, review);
        return writer.ToArray();
    }

    public static MapImageRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        // An initialiser runs in the order in which it is written: the order of the layout.
        MapImageRecord record = new()
        {
            Service = reader.UInt32(),
            Camera = reader.Address(),
            Owner = reader.Address(),
            SentMs = reader.UInt64(),
            ObservedMs = reader.UInt64(),
            Tile = MapTile.Read(ref reader),
            Root = Hash(ref reader),
            Nullifier = Hash(ref reader),
            Slash = reader.Amount(),
            Silence = reader.Amount(),
            ReviewPpm = reader.UInt32(),
            QualityMin = reader.UInt32(),
            Phase = (ReviewPhase)reader.UInt8(),
            Round = reader.UInt32(),
            EndsMs = reader.UInt64(),
            First = reader.UInt8(),
            Reviews = ReadReviews(ref reader),
        };
        reader.End();
        return record;
    }

    private static Hash256 Hash(ref RecordReader reader) => new(reader.Raw(Hash256.Size));

    private static void Write(RecordWriter writer, in ImageReview review)
    {
        writer.Address(review.Device);
        writer.Address(review.Owner);
        writer.UInt8((byte)review.Stage);
        writer.Raw(review.Proof.Bytes);
        writer.UInt64(review.SentMs);
        writer.Raw(review.Commitment.Bytes);
        writer.UInt32(review.QualityPpm);
    }

    private static ImmutableArray<ImageReview> ReadReviews(ref RecordReader reader)
    {
        List<ImageReview> reviews = [];
        for (int left = reader.UInt8(); left > 0; left--)
        {
            reviews.Add(new ImageReview(
                reader.Address(), reader.Address(), (ReviewStage)reader.UInt8(), Hash(ref reader), reader.UInt64(), Hash(ref reader), reader.UInt32()));
        }
        return [.. reviews];
    }
}
