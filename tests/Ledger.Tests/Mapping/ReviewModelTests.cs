using AppChain.Crypto;
using AppChain.Ledger;
using FsCheck;
using FsCheck.Fluent;

namespace AppChain.Tests.Ledger.Mapping;

/// <summary>
/// Random lives of many images at once: liars, sleepers, copies. Who is asked and when is the chain's to say; who gets and loses what at
/// the end is reckoned once more here, in the plainest way, from what everybody said.
/// </summary>
public class ReviewModelTests
{
    private const int Reviewers = 6;

    private readonly record struct Step(byte What, byte Who, byte How, ushort PassMs);

    [Fact]
    public void RandomLives_EndAsWhatWasSaidAsksFor()
    {
        HashSet<string> seen = [];
        Gen<Step> steps =
            from what in Gen.Choose(0, 9)
            from who in Gen.Choose(0, 255)
            from how in Gen.Choose(0, 255)
            from pass in Gen.Frequency((9, Gen.Choose(0, 500)), (1, Gen.Choose(0, 30_000)))
            select new Step((byte)what, (byte)who, (byte)how, (ushort)pass);
        Prop.ForAll(steps.ArrayOf().ToArbitrary(), life => new Life().Live(life, seen))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(25).WithStartSize(60).WithEndSize(250));

        string[] tried = ["earned", "poor", "not reviewed", "far", "hidden", "silent", "asked again", "copied", "bought"];
        Assert.Empty(tried.Except(seen)); // every way was really gone
    }

    private sealed class PlainTile
    {
        public ulong LastMs { get; set; }

        public List<ulong> ImagesMs { get; } = [];

        public List<(ulong AtMs, ulong Credits)> Bought { get; } = [];
    }

    private sealed class Life
    {
        private readonly MappingWorld map = new(Reviewers, json => json["parameters"]!["mappingMemoryEpochs"] = 100_000); // nothing is forgotten
        private readonly Dictionary<Hash256, MapImageRecord> open = [];
        private List<Hash256> order = []; // in which the open ones wait
        private readonly HashSet<Hash256> earned = [];
        private readonly Dictionary<MapTile, PlainTile> tiles = [];
        private readonly List<(Address Device, Reason Reason, ulong Units)> expected = [];
        private readonly Dictionary<Address, ulong> bonds;
        private ulong spent;

        public Life() => bonds = Enumerable.Range(0, Reviewers).Select(MappingWorld.Reviewer)
            .Append(MappingWorld.Camera).Append(MappingWorld.OtherCamera).ToDictionary(device => device.Address, _ => MappingWorld.Bond);

        public void Live(Step[] life, HashSet<string> seen)
        {
            foreach (Step step in life)
            {
                Pass(step.PassMs, seen);
                Act(step, seen);
            }
            for (int i = 0; i < 6; i++) // whatever is open ends by itself
                Pass(MappingWorld.ReviewMs, seen);
            Assert.Empty(open);
            map.AssertAllEnded(Reviewers);
        }

        private void Pass(ulong ms, HashSet<string> seen)
        {
            foreach (Hash256 id in open.Keys.ToArray())
                open[id] = map.Image(id)!;
            BlockResult block = map.Pass(ms);
            expected.Clear();
            // Two that end together have the tile one after the other, as they waited: who has a turn goes before those whose time is over.
            order = [.. order.OrderBy(id => HasTurn(open[id]) ? 0 : 1).ThenBy(id => open[id].EndsMs)];
            foreach (Hash256 id in order)
            {
                if (map.Image(id) is not { } still)
                {
                    End(open[id], seen);
                    open.Remove(id);
                }
                else if (still.First > 0)
                {
                    seen.Add("asked again");
                }
            }
            order.RemoveAll(id => !open.ContainsKey(id));
            IEnumerable<(Address, Reason, ulong)> given = block.Receipts.Zip(block.Touched)
                .Where(done => done.First.Verdict is not null)
                .Select(done => (done.Second.Single(touch => touch.Kind == StateKind.Device).Address, done.First.Verdict!.Value.Reason, done.First.Verdict.Value.Units));
            Assert.Equal(expected.Order(), given.Order());
            Assert.All(bonds, device => Assert.Equal(device.Value, map.BondOf(Named(device.Key))));
            Assert.Equal((ulong)bonds.Count * MappingWorld.Bond, bonds.Values.Aggregate((ulong)map.World.Audit().Burned, (sum, bond) => sum + bond));
            Assert.Equal(1_000 - spent, map.World.CreditsOf(Keys.Alice));
        }

        private void End(MapImageRecord image, HashSet<string> seen)
        {
            ImageReview[] reviews = [.. image.Reviews];
            for (int i = image.First; i < reviews.Length; i++)
            {
                ReviewStage stage = reviews[i].Stage;
                if (stage == ReviewStage.Asked)
                    reviews[i] = reviews[i] with { Stage = ReviewStage.Silent };
                if (stage == ReviewStage.Committed && image.Phase == ReviewPhase.Revealing)
                    reviews[i] = reviews[i] with { Stage = ReviewStage.Hidden };
            }
            long[] said = [.. reviews[image.First..].Where(review => review.Stage == ReviewStage.Revealed).Select(review => (long)review.QualityPpm).Order()];
            long? median = said.Length >= 2 && said.Count(quality => Math.Abs(quality - said[(said.Length - 1) / 2]) <= 150_000) >= 2 ? said[(said.Length - 1) / 2] : null;
            ulong value = median is null ? 0 : ValueOf(image), paid = 0;
            foreach (ImageReview review in reviews)
            {
                bool isFar = review.Stage == ReviewStage.Revealed && median is { } m && Math.Abs(review.QualityPpm - m) > 150_000;
                Reason reason = isFar ? Reason.ReviewOutlier
                    : review.Stage == ReviewStage.Hidden ? Reason.ReviewNotRevealed
                    : review.Stage == ReviewStage.Revealed && median is not null ? Reason.None : Reason.NotReviewed;
                bonds[review.Device] -= isFar || review.Stage == ReviewStage.Hidden ? MappingWorld.Slash : review.Stage == ReviewStage.Silent ? MappingWorld.Silence : 0;
                seen.Add(isFar ? "far" : review.Stage.ToString().ToLowerInvariant());
                ulong units = reason == Reason.None ? value / 20 : 0;
                paid += units;
                if (review.Stage != ReviewStage.Silent)
                    expected.Add((review.Device, reason, units));
            }
            if (median is null or < 200_000)
            {
                seen.Add(median is null ? "not reviewed" : "poor");
                bonds[image.Camera] -= median is null ? 0 : MappingWorld.Slash;
                expected.Add((image.Camera, median is null ? Reason.NotReviewed : Reason.ImageTooPoor, 0));
                return;
            }
            seen.Add("earned");
            Assert.True(earned.Add(image.Nullifier), "an image earned twice");
            PlainTile tile = tiles.TryGetValue(image.Tile, out PlainTile? known) ? known : tiles[image.Tile] = new PlainTile();
            tile.LastMs = Math.Max(tile.LastMs, image.ObservedMs);
            tile.ImagesMs.Add(map.World.NowMs);
            ulong worth = value * (ulong)median / 1_000_000;
            expected.Add((image.Camera, Reason.None, worth > paid ? worth - paid : 0));
        }

        private ulong ValueOf(MapImageRecord image)
        {
            if (!tiles.TryGetValue(image.Tile, out PlainTile? tile))
                return MappingWorld.FirstValue;
            ulong age = image.ObservedMs > tile.LastMs ? image.ObservedMs - tile.LastMs : 0;
            ulong bought = tile.Bought.Aggregate(0UL, (sum, one) => sum + one.Credits);
            ulong demand = Math.Clamp(bought * 1_000_000 / MappingWorld.Price, 100_000, 4_000_000);
            return demand * Math.Min(age * 1_000_000 / (7 * 86_400_000UL), 2_000_000) / 1_000_000 / (ulong)(tile.ImagesMs.Count + 1);
        }

        private static bool HasTurn(MapImageRecord image) =>
            image.Phase == ReviewPhase.Sent || image.CountOf(image.Phase == ReviewPhase.Committing ? ReviewStage.Asked : ReviewStage.Committed) == 0;

        private void Act(Step step, HashSet<string> seen)
        {
            if (step.What < 2)
                Send(step, seen);
            else if (step.What == 2 && tiles.Count > 0 && spent < 900)
                Buy(step, seen);
            else if (open.Count > 0)
                Review(step);
        }

        private void Send(Step step, HashSet<string> seen)
        {
            map.World.NowMs += 1_000;
            Hash256 nullifier = MappingWorld.NullifierOf(step.Who % 64);
            // What is due is done by a block of its own first, which is looked at like any other.
            Pass(0, seen);
            MapImage image = new((uint)step.How % 4, Hash256.Zero, nullifier, MappingWorld.Drive(map.World.NowMs));
            bool isKnown = earned.Contains(nullifier) || open.Values.Any(other => other.Nullifier == nullifier);
            PrivateKey camera = step.How < 128 ? MappingWorld.Camera : MappingWorld.OtherCamera;
            ulong free = bonds[camera.Address] / MappingWorld.Slash;
            (Hash256 id, Reason reason) = map.Send(image, camera);
            Assert.Equal(isKnown ? Reason.ImageSeen : map.OpenOf(camera) - (reason == Reason.AwaitsGroup ? 1UL : 0) >= free ? Reason.BondPledged : Reason.AwaitsGroup, reason);
            if (isKnown)
                seen.Add("copied");
            if (reason == Reason.AwaitsGroup)
            {
                open.Add(id, map.Image(id)!);
                order.Add(id);
            }
        }

        private void Buy(Step step, HashSet<string> seen)
        {
            Pass(0, seen);
            (MapTile tile, PlainTile plain) = tiles.ElementAt(step.Who % tiles.Count);
            ulong credits = MappingWorld.Price + (ulong)(step.How % 8);
            Assert.Equal(Reason.None, map.World.Do(Keys.Alice, new BuyTile(MappingWorld.Service, tile, new Credits(credits))));
            plain.Bought.Add((map.World.NowMs, credits));
            spent += credits;
            seen.Add("bought");
        }

        private void Review(Step step)
        {
            (Hash256 id, _) = open.ElementAt(step.Who % open.Count);
            if (map.Image(id) is not { Reviews.Length: > 0 } image)
                return;
            ImageReview review = image.Reviews[image.First + (step.How % (image.Reviews.Length - image.First))];
            // Each has its opinion of each image, which most share; some say something else, and some images are poor.
            byte taste = id.Bytes[0], own = Hashing.Sha256([.. id.Bytes, .. review.Device.Bytes]).Bytes[0];
            uint quality = own < 50 ? own * 20_000u : taste < 60 ? 100_000 : 600_000u + (own * 500u);
            if (image.Phase == ReviewPhase.Committing && own % 16 != 3)
                map.Commit(id, Named(review.Device), quality);
            else if (image.Phase == ReviewPhase.Revealing && own % 16 != 5)
                map.Reveal(id, Named(review.Device), quality);
        }

        private static PrivateKey Named(Address device) => MappingWorld.Named(device);
    }
}
