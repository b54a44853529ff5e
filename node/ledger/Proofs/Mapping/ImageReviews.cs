using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What the passing of time does with images: who reviews them, and when reviews are judged.</summary>
/// <remarks>
/// <list type="number">
/// <item>Reviewers are drawn by the beacon of a block after the one that took the image, among those who had offered by then.</item>
/// <item>Nothing is revealed before the time to commit is over or all have committed, so nobody copies.</item>
/// <item>Every phase has a queue that ends it. What waits names its round: of an earlier one it finds nothing to do.</item>
/// <item>A service has at most <see cref="OpenMax"/> images open, and each costs the queues a step or two in a phase. So no service can
/// keep the others' from their turns for long: a queue does <see cref="PerBlock"/> steps in a block.</item>
/// </list>
/// </remarks>
internal static class ImageReviews
{
    /// <summary>Images of a service that wait for reviews.</summary>
    public const uint OpenMax = 1_024;

    /// <summary>Steps of images in a block, of each of their queues: a draw looks at 64 reviewers.</summary>
    public const ulong PerBlock = 1_024;

    /// <summary>Images that a device has open, as camera and reviewer together: nobody is asked for more than he can look at.</summary>
    public const uint OpenOfDeviceMax = 32;

    private const int AboutSize = Hash256.Size + sizeof(uint);

    /// <summary>Takes an image in for review, or says why not; then nothing is changed.</summary>
    public static Reason TryOpen(in ProofCase proof, MapImage image, in MapTile tile, MappingTerms terms)
    {
        (LedgerSession session, uint service) = (proof.Session, proof.Service.Id);
        if (ImageNullifierRecord.Find(session, service, image.Nullifier) is not null)
            return Reason.ImageSeen;
        Amount bond = proof.Service.Definition.DeviceBond, slash = bond.Share(terms.SlashPpm, Parameters.Million);
        if (!Covers(session, service, proof.Address, slash))
            return Reason.BondPledged;
        if (MappingCountsRecord.Get(session, service).Open >= OpenMax)
            return Reason.ReviewsFull;
        MapTiles.Forget(session, proof.NowMs, service);
        session.Put(StateKey.MapImage(proof.Id), new MapImageRecord
        {
            Service = service,
            Camera = proof.Address,
            Owner = proof.Device.Owner,
            SentMs = proof.NowMs,
            ObservedMs = proof.ObservedMs,
            Tile = tile,
            Root = image.Root,
            Nullifier = image.Nullifier,
            Slash = slash,
            Silence = bond.Share(terms.SilencePpm, Parameters.Million),
            ReviewPpm = terms.ReviewPpm,
            QualityMin = terms.QualityMin,
        });
        session.Put(StateKey.ImageNullifier(service, image.Nullifier), new ImageNullifierRecord(proof.Id));
        MappingCountsRecord counts = MappingCountsRecord.Get(session, service);
        session.Put(StateKey.MappingCounts(service), counts with { Open = counts.Open + 1 });
        OpenWorkRecord.Add(session, proof.Address, service);
        EnqueueTurn(session, proof.NowMs, proof.Id, round: 0);
        return Reason.None;
    }

    /// <summary>The next block goes on with an image.</summary>
    public static void EnqueueTurn(LedgerSession session, ulong nowMs, Hash256 id, uint round) =>
        Enqueue(session, QueueKind.ReviewTurns, nowMs, id, round);

    /// <summary>An item of one of the queues of images is due.</summary>
    public static Due OnDue(LedgerSession session, BlockContext context, ReadOnlySpan<byte> about)
    {
        Hash256 id = new(about[..Hash256.Size]);
        uint round = BinaryPrimitives.ReadUInt32BigEndian(about[Hash256.Size..]);
        if (MapImageRecord.Find(session, id) is not { } image || image.Round != round)
            return Due.Done; // it went on without this item
        switch (image.Phase)
        {
            case ReviewPhase.Sent:
                return Ask(session, context, id, image);
            case ReviewPhase.Committing:
                MapImageRecord committed = image with { Reviews = After(image, ReviewStage.Asked, ReviewStage.Silent) };
                return committed.CountOf(ReviewStage.Committed) >= ReviewScoring.ReviewsMin
                    ? StartPhase(session, context, id, committed with { Phase = ReviewPhase.Revealing })
                    : AskOthers(session, context, id, committed);
            default:
                MapImageRecord revealed = image with { Reviews = After(image, ReviewStage.Committed, ReviewStage.Hidden) };
                if (ReviewJudgement.QualityOf(session, revealed) is not { } quality)
                    return AskOthers(session, context, id, revealed);
                ReviewJudgement.End(session, context, id, revealed, quality);
                return Due.Done;
        }
    }

    // Whether the device's bond covers what all its open images and reviews can cost, and one more.
    private static bool Covers(LedgerSession session, uint service, Address device, Amount slash)
    {
        uint open = OpenWorkRecord.Of(session, device, service);
        Amount bond = DeviceRecord.Find(session, device)?.In(service)?.Bond ?? Amount.Zero;
        return open < OpenOfDeviceMax && bond.Grains >= (UInt128)slash.Grains * (open + 1);
    }

    /// <summary>
    /// Whether a device can review at all: it works for the service, does not leave, is not revoked, and its bond is worth a slash by the present terms.
    /// </summary>
    public static bool CanReview(ILedgerState state, ServiceRecord service, Address device) =>
        DeviceRecord.Find(state, device) is { } record && record.In(service.Id) is { Leaving: false } enrollment && enrollment.Bond >= SlashOf(service)
        && !DeviceOwnership.IsRevoked(state, record);

    private static Amount SlashOf(ServiceRecord service) =>
        service.Definition.DeviceBond.Share(MappingTerms.Decode(service.Definition.KindParameters).SlashPpm, Parameters.Million);

    // A first round that came to nothing is followed by one of others. What the first has said is judged by the second.
    private static Due AskOthers(LedgerSession session, BlockContext context, Hash256 id, MapImageRecord image)
    {
        if (image.First > 0)
        {
            ReviewJudgement.End(session, context, id, image, quality: null);
            return Due.Done;
        }
        return Ask(session, context, id, image with { First = (byte)image.Reviews.Length });
    }

    private static Due Ask(LedgerSession session, BlockContext context, Hash256 id, MapImageRecord image)
    {
        ImmutableArray<ImageReview> drawn = Draw(session, context, id, image);
        if (drawn.Length < ReviewScoring.ReviewsMin)
        {
            ReviewJudgement.End(session, context, id, image, quality: null);
            return Due.Done;
        }
        foreach (ImageReview review in drawn)
            OpenWorkRecord.Add(session, review.Device, image.Service);
        return StartPhase(session, context, id, image with { Phase = ReviewPhase.Committing, Reviews = image.Reviews.AddRange(drawn) });
    }

    // Three of different owners, none the camera's, in the order of this beacon, which is later than the image and every offer. Who has
    // left is forgotten on the way.
    private static ImmutableArray<ImageReview> Draw(LedgerSession session, BlockContext context, Hash256 id, MapImageRecord image)
    {
        ImmutableArray<Address> reviewers = ReviewersRecord.Get(session, image.Service).Devices, staying = reviewers;
        HashSet<Address> owners = [image.Owner];
        if (DeviceRecord.Find(session, image.Camera) is { } camera)
            owners.Add(camera.Owner); // it may have been sold since
        foreach (ImageReview asked in image.Reviews)
            owners.Add(asked.Owner);
        List<ImageReview> drawn = [];
        ServiceRecord service = session.Service(image.Service);
        foreach (Address device in ReviewScoring.Order(id, context.Beacon, reviewers))
        {
            if (drawn.Count == MappingScoring.Reviewers)
                break;
            if (!CanReview(session, service, device))
            {
                staying = staying.Remove(device);
                continue;
            }
            Address owner = DeviceRecord.Get(session, device).Owner;
            if (device != image.Camera && !owners.Contains(owner) && image.Reviews.All(asked => asked.Device != device) && Covers(session, image.Service, device, image.Slash))
            {
                owners.Add(owner);
                drawn.Add(new ImageReview(device, owner, ReviewStage.Asked));
            }
        }
        if (staying.Length < reviewers.Length)
            ReviewersRecord.Put(session, image.Service, staying);
        return [.. drawn];
    }

    private static ImmutableArray<ImageReview> After(MapImageRecord image, ReviewStage from, ReviewStage to)
    {
        ImmutableArray<ImageReview> reviews = image.Reviews;
        for (int i = image.First; i < reviews.Length; i++)
        {
            if (reviews[i].Stage == from)
                reviews = reviews.SetItem(i, reviews[i] with { Stage = to });
        }
        return reviews;
    }

    private static Due StartPhase(LedgerSession session, BlockContext context, Hash256 id, MapImageRecord image)
    {
        MapImageRecord started = image with { Round = image.Round + 1, EndsMs = context.TimeMs + session.Parameters[Parameter.MappingReviewMs] };
        session.Put(StateKey.MapImage(id), started);
        Enqueue(session, QueueKind.ReviewDeadlines, started.EndsMs, id, started.Round);
        return Due.WaitsOnceMore;
    }

    private static void Enqueue(LedgerSession session, QueueKind queue, ulong dueMs, Hash256 id, uint round)
    {
        byte[] about = new byte[AboutSize];
        id.Bytes.CopyTo(about);
        BinaryPrimitives.WriteUInt32BigEndian(about.AsSpan(Hash256.Size), round);
        DueWork.Enqueue(session, queue, dueMs, about);
    }
}
