using System;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>The end of an image: what it and its reviews earn, and who loses.</summary>
/// <remarks>
/// A review earns the same whatever it says, as long as others say so too: so nobody gains by finding an image better than it is. What the
/// reviews earn is taken from the image. A poor image earns nothing and costs its camera: else somebody could send such images to feed
/// reviewers of his own.
/// </remarks>
internal static class ReviewJudgement
{
    /// <summary>The quality that the present reviewers have found; null: they say nothing together.</summary>
    public static uint? QualityOf(LedgerSession session, MapImageRecord image)
    {
        Span<uint> qualities = stackalloc uint[MappingScoring.Reviewers];
        int count = 0;
        foreach (ImageReview review in image.Reviews.AsSpan()[image.First..])
        {
            if (review.Stage == ReviewStage.Revealed)
                qualities[count++] = review.QualityPpm;
        }
        return ReviewScoring.Agreed(qualities[..count], session.Parameters[Parameter.MappingTolerance]);
    }

    /// <summary>Gives every verdict, and forgets the image.</summary>
    /// <param name="quality">What its reviewers found; null: too few came, or they do not agree.</param>
    public static void End(LedgerSession session, BlockContext context, Hash256 id, MapImageRecord image, uint? quality)
    {
        session.Delete(StateKey.MapImage(id));
        MappingCountsRecord counts = MappingCountsRecord.Get(session, image.Service);
        session.Put(StateKey.MappingCounts(image.Service), counts with { Open = counts.Open - 1 });
        ulong value = quality is null ? 0 : MapTiles.ValueOf(session, context.TimeMs, image);
        ulong each = MappingScoring.UnitsOf(value, image.ReviewPpm), paid = 0;
        foreach (ImageReview review in image.Reviews)
        {
            Reason verdict = VerdictOf(session, review, quality);
            if (review.Stage != ReviewStage.Silent)
                paid += EndReview(session, image, review, verdict, each);
        }
        EndCamera(session, context, id, image, quality, value, paid);
        // Last, so that no receipt with another one's verdict is taken for one about these: they get none.
        foreach (ImageReview review in image.Reviews)
        {
            if (review.Stage == ReviewStage.Silent)
                Release(session, image, review.Device, image.Silence);
        }
    }

    private static Reason VerdictOf(LedgerSession session, in ImageReview review, uint? quality) => review.Stage switch
    {
        ReviewStage.Hidden => Reason.ReviewNotRevealed,
        ReviewStage.Revealed when quality is { } found => ReviewScoring.IsNear(review.QualityPpm, found, session.Parameters[Parameter.MappingTolerance])
            ? Reason.None
            : Reason.ReviewOutlier,
        _ => Reason.NotReviewed, // committed in a round in which too few did, or told what nobody confirms
    };

    // How many units it earns.
    private static ulong EndReview(LedgerSession session, MapImageRecord image, in ImageReview review, Reason verdict, ulong each)
    {
        bool isLost = verdict is Reason.ReviewOutlier or Reason.ReviewNotRevealed;
        Release(session, image, review.Device, isLost ? image.Slash : Amount.Zero);
        ulong units = verdict == Reason.None ? each : 0;
        ProofFrame.Conclude(session, image.Service, new WaitingProof(review.Device, review.Proof, review.SentMs), verdict, units);
        return units;
    }

    private static void EndCamera(LedgerSession session, BlockContext context, Hash256 id, MapImageRecord image, uint? quality, ulong value, ulong paid)
    {
        Reason verdict = quality is null ? Reason.NotReviewed : quality < image.QualityMin ? Reason.ImageTooPoor : Reason.None;
        Release(session, image, image.Camera, verdict == Reason.ImageTooPoor ? image.Slash : Amount.Zero);
        ulong worth = MappingScoring.UnitsOf(value, quality ?? 0);
        ulong units = verdict == Reason.None && worth > paid ? worth - paid : 0;
        if (verdict == Reason.None)
            MapTiles.Remember(session, context.TimeMs, image);
        else
            session.Delete(StateKey.ImageNullifier(image.Service, image.Nullifier)); // it may be sent again
        ProofFrame.Conclude(
            session, image.Service, new WaitingProof(image.Camera, id, image.SentMs), verdict, units,
            verdict == Reason.NotReviewed ? before => (MappingState.Decode(before) with { AgainMs = image.ObservedMs }).Encode() : null);
    }

    private static void Release(LedgerSession session, MapImageRecord image, Address device, Amount lost)
    {
        OpenWorkRecord.Remove(session, device, image.Service);
        if (lost != Amount.Zero && DeviceRecord.Find(session, device)?.In(image.Service) is not null)
            PledgedWork.Burn(session, image.Service, device, lost);
    }
}
