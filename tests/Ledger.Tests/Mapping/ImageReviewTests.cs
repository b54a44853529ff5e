using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger.Mapping;

public class ImageReviewTests
{
    private readonly MappingWorld map = new();

    private static readonly Func<PrivateKey, uint?> Good = _ => 800_000;

    private static readonly PrivateKey Camera = MappingWorld.Camera;

    [Fact]
    public void Image_OfANewTile_EarnsItsQuality_AndPaysItsReviews()
    {
        Hash256 id = map.SendAndDraw();
        PrivateKey[] asked = map.Waiting(id, ReviewStage.Asked);
        Assert.Equal(3, asked.Length);
        Func<PrivateKey, uint?> qualityOf = reviewer => reviewer == asked[0] ? 700_000u : reviewer == asked[1] ? 800_000u : 900_000u;

        BlockResult end = map.Review(id, qualityOf);

        Assert.All(asked, reviewer => Assert.Equal((Reason.None, MappingWorld.FirstReview), MappingWorld.VerdictOn(end, reviewer)));
        ulong worth = MappingWorld.FirstValue * 8 / 10;
        Assert.Equal((Reason.None, worth - (3 * MappingWorld.FirstReview)), MappingWorld.VerdictOn(end, Camera));
        Assert.Equal(worth, ServiceWork.Get(map.World.State, MappingWorld.Service).Units);
        Assert.All(asked.Append(Camera), device => Assert.Equal(MappingWorld.Bond, map.BondOf(device)));
        map.AssertAllEnded();
    }

    [Fact]
    public void Outlier_EarnsNothing_AndLosesOfItsBond()
    {
        Hash256 id = map.SendAndDraw();
        PrivateKey liar = map.Waiting(id, ReviewStage.Asked)[1];

        BlockResult end = map.Review(id, reviewer => reviewer == liar ? 100_000u : 800_000u);

        Assert.Equal((Reason.ReviewOutlier, 0UL), MappingWorld.VerdictOn(end, liar));
        Assert.Equal(MappingWorld.Bond - MappingWorld.Slash, map.BondOf(liar));
        Assert.Equal((Reason.None, (MappingWorld.FirstValue * 8 / 10) - (2 * MappingWorld.FirstReview)), MappingWorld.VerdictOn(end, Camera));
        Assert.Equal(MappingWorld.Slash, (ulong)map.World.Audit().Burned);
        map.AssertAllEnded();
    }

    [Fact]
    public void WhoIsSilent_LosesALittle_AndTwoReviewsDo()
    {
        Hash256 id = map.SendAndDraw();
        PrivateKey silent = map.Waiting(id, ReviewStage.Asked)[0];

        BlockResult end = map.Review(id, reviewer => reviewer == silent ? null : 800_000u);

        Assert.Equal(Reason.None, MappingWorld.VerdictOn(end, Camera).Reason);
        Assert.Equal(MappingWorld.Bond - MappingWorld.Silence, map.BondOf(silent));
        Assert.All(
            end.Receipts.Zip(end.Touched).Where(done => done.First.Verdict is not null),
            done => Assert.Single(done.Second, touch => touch.Kind == StateKind.Device)); // nobody has another one's verdict
        map.AssertAllEnded();
    }

    [Fact]
    public void WhoHidesItsReview_LosesAsMuchAsALiar()
    {
        Hash256 id = map.SendAndDraw();
        map.CommitAll(id, Good);
        PrivateKey hides = map.Waiting(id, ReviewStage.Committed)[2];

        BlockResult end = map.RevealAll(id, reviewer => reviewer == hides ? null : 800_000u);

        Assert.Equal((Reason.ReviewNotRevealed, 0UL), MappingWorld.VerdictOn(end, hides));
        Assert.Equal(MappingWorld.Bond - MappingWorld.Slash, map.BondOf(hides));
        map.AssertAllEnded();
    }

    // Else those who have nothing left to lose would keep everybody's places.
    [Fact]
    public void WhoseBondIsGone_LosesItsPlaceAmongTheReviewers()
    {
        // Each image is drawn for twice, and whoever is asked commits and hides.
        for (int image = 0; image < 20 && map.Reviewers.Length == 5; image++)
        {
            Hash256 id = map.SendAndDraw();
            for (int round = 0; round < 2 && map.Image(id) is not null; round++)
            {
                map.CommitAll(id, Good);
                map.RevealAll(id, static _ => null);
            }
            Assert.Null(map.Image(id));
            map.World.NowMs += 60_000;
        }

        PrivateKey gone = Enumerable.Range(0, 5).Select(MappingWorld.Reviewer).First(reviewer => !map.Reviewers.Contains(reviewer.Address));
        Assert.True(map.BondOf(gone) < MappingWorld.Slash);
        Assert.Equal(Reason.BondShort, map.Offer(gone));
        Assert.DoesNotContain(gone.Address, map.Reviewers);
        map.AssertAllEnded();
    }

    [Fact]
    public void TooFewCommitments_AskOthers()
    {
        Hash256 id = map.SendAndDraw();
        PrivateKey[] first = map.Waiting(id, ReviewStage.Asked);
        map.CommitAll(id, reviewer => reviewer == first[0] ? 800_000u : null);
        PrivateKey[] second = map.Waiting(id, ReviewStage.Asked);
        Assert.Equal(2, second.Length); // of five there are two left
        Assert.Empty(second.Intersect(first));

        BlockResult end = map.Review(id, Good);

        Assert.Equal((Reason.NotReviewed, 0UL), MappingWorld.VerdictOn(end, first[0])); // it was never asked to tell
        Assert.Equal(Reason.None, MappingWorld.VerdictOn(end, Camera).Reason);
        Assert.Equal([MappingWorld.Bond, MappingWorld.Bond - MappingWorld.Silence, MappingWorld.Bond - MappingWorld.Silence], first.Select(map.BondOf));
        map.AssertAllEnded();
    }

    [Fact]
    public void ReviewsThatDoNotAgree_AskOthers_WhoJudgeThemToo()
    {
        Hash256 id = map.SendAndDraw();
        PrivateKey[] first = map.Waiting(id, ReviewStage.Asked);
        map.Review(id, reviewer => reviewer == first[0] ? 0u : reviewer == first[1] ? 500_000u : 1_000_000u);
        Assert.Equal(ReviewPhase.Committing, map.Image(id)!.Phase);

        BlockResult end = map.Review(id, _ => 550_000);

        Assert.Equal(
            [Reason.ReviewOutlier, Reason.None, Reason.ReviewOutlier], first.Select(reviewer => MappingWorld.VerdictOn(end, reviewer).Reason));
        Assert.Equal((Reason.None, (MappingWorld.FirstValue * 55 / 100) - (3 * MappingWorld.FirstReview)), MappingWorld.VerdictOn(end, Camera));
        map.AssertAllEnded();
    }

    [Fact]
    public void ImageThatNobodyAgreesOn_HurtsNobody_AndMayComeAgain()
    {
        MapImage image = map.NewImage();
        Hash256 id = map.SendAndDraw(image);
        uint quality = 0;
        map.Review(id, AnyOther());
        BlockResult end = map.Review(id, AnyOther());

        Assert.Equal((Reason.NotReviewed, 0UL), MappingWorld.VerdictOn(end, Camera));
        Assert.All(Enumerable.Range(0, 5).Select(MappingWorld.Reviewer), reviewer =>
            Assert.Equal((Reason.NotReviewed, MappingWorld.Bond), (MappingWorld.VerdictOn(end, reviewer).Reason, map.BondOf(reviewer))));
        Assert.Equal(MappingWorld.Bond, map.BondOf(Camera));
        map.AssertAllEnded();
        Assert.Equal(Reason.AwaitsGroup, map.Send(image).Reason); // the same moment, once more
        Assert.Equal(Reason.OutOfOrder, map.Send(image).Reason);

        Func<PrivateKey, uint?> AnyOther()
        {
            Dictionary<Address, uint> said = [];
            return reviewer => said.TryGetValue(reviewer.Address, out uint known) ? known : said[reviewer.Address] = quality = (quality + 400_000) % 1_200_000;
        }
    }

    [Fact]
    public void PoorImage_CostsItsCamera_ButNotItsReviewers()
    {
        MapImage image = map.NewImage();
        Hash256 id = map.SendAndDraw(image);
        PrivateKey[] asked = map.Waiting(id, ReviewStage.Asked);

        BlockResult end = map.Review(id, _ => 100_000);

        Assert.Equal((Reason.ImageTooPoor, 0UL), MappingWorld.VerdictOn(end, Camera));
        Assert.Equal(MappingWorld.Bond - MappingWorld.Slash, map.BondOf(Camera));
        Assert.All(asked, reviewer => Assert.Equal((Reason.None, MappingWorld.FirstReview), MappingWorld.VerdictOn(end, reviewer)));
        Assert.Null(MapTileRecord.Find(map.World.State, MappingWorld.Service, TileOf(image)));
        Assert.Equal(Reason.AwaitsGroup, map.Send(image with { Points = MappingWorld.Drive(map.World.NowMs + 1_000) }, MappingWorld.OtherCamera).Reason);
    }

    [Fact]
    public void WithoutReviewers_NothingIsEarnedAndNothingLost()
    {
        MappingWorld lonely = new(reviewers: 1);
        (Hash256 id, Reason reason) = lonely.Send(lonely.NewImage());
        Assert.Equal(Reason.AwaitsGroup, reason);

        BlockResult end = lonely.World.Run();

        Assert.Equal((Reason.NotReviewed, 0UL), MappingWorld.VerdictOn(end, Camera));
        Assert.Null(lonely.Image(id));
        lonely.AssertAllEnded(reviewers: 1);
    }

    [Fact]
    public void Reviewers_AreNeverTheCamerasOwners()
    {
        // The other camera reviews as well, and then changes hands.
        Assert.Equal(Reason.None, map.Offer(MappingWorld.OtherCamera));
        PrivateKey owner = MappingWorld.OwnerOf(Camera);
        TransferDevice transfer = new(MappingWorld.OtherCamera.Address, owner.Address, Amount.Zero);
        Assert.Equal(Reason.None, map.World.RunOne(map.World.Sign(transfer, MappingWorld.OwnerOf(MappingWorld.OtherCamera), owner)).Reason);
        for (int i = 0; i < 12; i++)
        {
            map.World.NowMs += 1_000;
            Hash256 id = map.SendAndDraw();
            Assert.DoesNotContain(MappingWorld.OtherCamera, map.Waiting(id, ReviewStage.Asked));
            map.Review(id, Good);
        }
    }

    [Fact]
    public void WhoIsDrawn_CannotLeave_AndWhoHasLeft_IsNotDrawn()
    {
        PrivateKey left = MappingWorld.Reviewer(0);
        Assert.Equal(Reason.None, map.World.Do(MappingWorld.OwnerOf(left), new WithdrawDevice(left.Address, MappingWorld.Service)));
        HashSet<PrivateKey> drawn = [];
        for (int i = 0; i < 12; i++)
        {
            map.World.NowMs += 1_000;
            Hash256 id = map.SendAndDraw();
            PrivateKey[] asked = map.Waiting(id, ReviewStage.Asked);
            drawn.UnionWith(asked);
            Assert.Equal(Reason.WorkIsOpen, map.World.Do(MappingWorld.OwnerOf(asked[0]), new WithdrawDevice(asked[0].Address, MappingWorld.Service)));
            Assert.Equal(Reason.WorkIsOpen, map.World.Do(MappingWorld.OwnerOf(Camera), new WithdrawDevice(Camera.Address, MappingWorld.Service)));
            map.Review(id, Good);
        }
        Assert.Equal(4, drawn.Count);
        Assert.DoesNotContain(left, drawn);
        Assert.DoesNotContain(left.Address, ReviewersRecord.Get(map.World.State, MappingWorld.Service).Devices);
    }

    [Fact]
    public void DevicesThatAreRevokedInBetween_DoNotStopTheChain()
    {
        Hash256 id = map.SendAndDraw();
        PrivateKey[] asked = map.Waiting(id, ReviewStage.Asked);
        Assert.Equal(Reason.AwaitsGroup, map.Commit(id, asked[0], 800_000));
        foreach (PrivateKey revoked in (PrivateKey[])[asked[0], asked[1], Camera])
            map.World.Expect(Reason.None, new RevokeDevices(Keys.Maker.Address, revoked.Address, 0), Keys.Maker);

        map.Pass(MappingWorld.ReviewMs); // the second round has two
        Assert.Equal(2, map.Waiting(id, ReviewStage.Asked).Length);
        map.Review(id, Good);

        map.AssertAllEnded();
    }

    [Fact]
    public void WhatComesUntimely_IsRefused()
    {
        Hash256 id = map.SendAndDraw();
        PrivateKey[] asked = map.Waiting(id, ReviewStage.Asked);
        PrivateKey other = Enumerable.Range(0, 5).Select(MappingWorld.Reviewer).Except(asked).First();
        Assert.Equal(Reason.ReviewNotAsked, map.Commit(id, other, 1));
        Assert.Equal(Reason.ReviewNotAsked, map.Commit(Hash256.Zero, asked[0], 1));
        Assert.Equal(Reason.ReviewNotDue, map.Reveal(id, asked[0], 1));
        Assert.Equal(Reason.AwaitsGroup, map.Commit(id, asked[0], 800_000));
        Assert.Equal(Reason.ReviewNotAsked, map.Commit(id, asked[0], 800_000));
        Assert.Equal(Reason.AwaitsGroup, map.Commit(id, asked[1], 800_000));
        map.World.NowMs += MappingWorld.ReviewMs;
        Assert.Equal(Reason.ReviewNotAsked, map.Commit(id, asked[2], 800_000)); // in the block that ends the phase, and after it
        Assert.Equal(Reason.CommitmentDiffers, map.Reveal(id, asked[0], 700_000));
        Assert.Equal(Reason.ReviewNotDue, map.Reveal(id, asked[2], 800_000));
        Assert.Equal(Reason.None, map.Reveal(id, asked[0], 800_000));
        Assert.Equal(Reason.ReviewNotDue, map.Reveal(id, asked[0], 800_000));
    }

    [Fact]
    public void Bond_ThatCoversNoMore_OpensNoMore()
    {
        // A tenth of the bond for each: ten.
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(Reason.AwaitsGroup, map.Send(map.NewImage()).Reason);
            map.World.NowMs += 1_000;
        }
        Assert.Equal(Reason.BondPledged, map.Send(map.NewImage()).Reason);
    }

    [Fact]
    public void Reviewers_AreOneOfEachOwner_AndComeAndGo()
    {
        PrivateKey reviewer = MappingWorld.Reviewer(0), owner = MappingWorld.OwnerOf(reviewer);
        Assert.Equal(Reason.ReviewerUnchanged, map.Offer(reviewer));
        Assert.Equal(Reason.NotTheOwner, map.World.Do(Keys.Alice, new SetReviewer(reviewer.Address, MappingWorld.Service, false)));
        Assert.Equal(Reason.NotOfThisKind, map.World.Do(owner, new SetReviewer(reviewer.Address, 1, true)));
        Assert.Equal(Reason.None, map.Offer(reviewer, reviews: false));
        Assert.Equal(Reason.ReviewerUnchanged, map.Offer(reviewer, reviews: false));
        Assert.Equal(4, ReviewersRecord.Get(map.World.State, MappingWorld.Service).Devices.Length);
        Assert.Equal(Reason.None, map.Offer(reviewer));
        PrivateKey second = Keys.Of("second device of an owner");
        Assert.Equal(Reason.None, map.World.RunOne(map.World.Sign(World.Registration(second, MappingWorld.Service), owner, second)).Reason);
        Assert.Equal(Reason.OwnerReviews, map.World.Do(owner, new SetReviewer(second.Address, MappingWorld.Service, true)));
        Assert.Equal(Reason.None, map.World.Do(owner, new WithdrawDevice(second.Address, MappingWorld.Service)));
        Assert.Equal(Reason.NotEnrolled, map.World.Do(owner, new SetReviewer(second.Address, MappingWorld.Service, true)));
    }

    private static MapTile TileOf(MapImage image) =>
        MapTile.Find(image.Points, image.Points[^1].AtMs, image.Segment, MappingWorld.Level, new MappingScoreRules(), out _)!.Value;
}
