using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger.Agreements;

public class ComputeJobTests
{
    private readonly JobWorld jobs = new(workers: 5);

    private static readonly Func<PrivateKey, Hash256> Honest = _ => JobWorld.Right;

    // A worker that has never been right is always checked: max(5 %, 1 / valid in a row).
    [Fact]
    public void Job_OfNewWorkers_IsComputedTwice_AndBothArePaid()
    {
        Hash256 job = jobs.PostAndOffer(3);
        Assert.Equal(JobWorld.Credits - 200, jobs.World.CreditsOf(Keys.Alice));
        PrivateKey first = Assert.Single(jobs.Waiting(job, AnswerStage.Asked));
        jobs.WorkUntilReveal(job, Honest);
        PrivateKey[] both = jobs.Waiting(job, AnswerStage.Committed);
        Assert.Equal(2, both.Length);
        Assert.Contains(first, both);

        BlockResult end = jobs.RevealAll(job, Honest);

        Assert.Null(jobs.Job(job));
        Assert.All(both, worker => Assert.Equal((100UL, 1u, JobWorld.Bond), (jobs.UsageOf(worker), jobs.StreakOf(worker), jobs.BondOf(worker))));
        Assert.Equal([100UL, 100UL], end.Receipts.Where(receipt => receipt.Verdict is not null).Select(receipt => receipt.Verdict!.Value.Units));
        Assert.Equal(JobWorld.Credits - 200, jobs.World.CreditsOf(Keys.Alice));
        Assert.All(both, worker => Assert.Equal(0u, OpenWorkRecord.Of(jobs.World.State, worker.Address, JobWorld.Service)));
        jobs.World.AssertConserved();
    }

    [Fact]
    public void ProvenWorker_IsCheckedSeldom_AndOnePriceComesBack()
    {
        int alone = 0;
        const int rounds = 60;
        for (int i = 0; i < rounds; i++)
        {
            ulong before = jobs.World.CreditsOf(Keys.Alice);
            Hash256 job = jobs.PostAndOffer(2, price: 10);
            jobs.WorkUntilReveal(job, Honest);
            bool isAlone = jobs.Job(job)!.Replication == Replication.Alone;
            jobs.RevealAll(job, Honest);
            Assert.Equal(isAlone ? 10UL : 20UL, before - jobs.World.CreditsOf(Keys.Alice));
            alone += isAlone ? 1 : 0;
        }
        // The first jobs of each are checked for certain, then half, a third … of them.
        Assert.InRange(alone, rounds / 2, rounds - 4);
    }

    [Fact]
    public void TwoThatDiffer_AskAThird_AndTheMinorityLosesOfItsBond()
    {
        Hash256 job = jobs.PostAndOffer(4);
        PrivateKey liar = Assert.Single(jobs.Waiting(job, AnswerStage.Asked));
        Func<PrivateKey, Hash256> resultOf = worker => worker == liar ? JobWorld.Wrong : JobWorld.Right;
        jobs.WorkUntilReveal(job, resultOf);
        jobs.RevealAll(job, resultOf);
        Assert.Equal((JobPhase.Working, 3), (jobs.Job(job)!.Phase, jobs.Job(job)!.Answers.Length));

        jobs.WorkUntilReveal(job, resultOf);
        BlockResult end = jobs.RevealAll(job, resultOf);

        Assert.Null(jobs.Job(job));
        Assert.Equal((JobWorld.Bond - JobWorld.Slash, 0UL, 0u), (jobs.BondOf(liar), jobs.UsageOf(liar), jobs.StreakOf(liar)));
        Assert.Equal(
            [Reason.ResultContradicted, Reason.None, Reason.None],
            end.Receipts.Where(receipt => receipt.Verdict is not null).Select(receipt => receipt.Verdict!.Value.Reason));
        Assert.Equal(JobWorld.Credits - 200, jobs.World.CreditsOf(Keys.Alice));
        Assert.Equal(JobWorld.Slash, (ulong)jobs.World.Audit().Burned);
        jobs.World.AssertConserved();
    }

    [Fact]
    public void WhoLeavesAfterTheDraw_IsNotAskedAnyMore()
    {
        Hash256 job = jobs.PostAndOffer(3);
        PrivateKey asked = Assert.Single(jobs.Waiting(job, AnswerStage.Asked));
        foreach (int other in Enumerable.Range(0, 3).Where(number => JobWorld.Worker(number) != asked))
        {
            WithdrawDevice leave = new(JobWorld.Worker(other).Address, JobWorld.Service);
            Assert.Equal(Reason.None, jobs.World.RunOne(jobs.World.Sign(leave, JobWorld.OwnerOf(other))).Reason);
        }

        jobs.Pass(JobWorld.WorkMs);

        Assert.Null(jobs.Job(job)); // nobody is left to ask
        Assert.All(Enumerable.Range(0, 3), number => Assert.Equal(0u, OpenWorkRecord.Of(jobs.World.State, JobWorld.Worker(number).Address, JobWorld.Service)));
        jobs.World.AssertConserved();
    }

    [Fact]
    public void WhoIsSilent_LosesItsTurn_AndTheNextIsAsked()
    {
        Hash256 job = jobs.PostAndOffer(3);
        PrivateKey silent = Assert.Single(jobs.Waiting(job, AnswerStage.Asked));
        jobs.Pass(JobWorld.WorkMs);
        Assert.NotEqual(silent, Assert.Single(jobs.Waiting(job, AnswerStage.Asked)));
        Assert.Equal(Reason.NotAsked, jobs.Commit(job, silent, JobWorld.Right).EffectiveReason);

        jobs.WorkUntilReveal(job, Honest);
        BlockResult end = jobs.RevealAll(job, Honest);

        Assert.Null(jobs.Job(job));
        Assert.Equal((JobWorld.Bond - JobWorld.Silence, 0UL), (jobs.BondOf(silent), jobs.UsageOf(silent)));
        // A verdict stands in the history of its own device alone: who was silent has none.
        Assert.All(
            end.Receipts.Zip(end.Touched).Where(done => done.First.Verdict is not null),
            done => Assert.Single(done.Second, touch => touch.Kind == StateKind.Device));
    }

    [Fact]
    public void WhoDoesNotReveal_LosesOfItsBond()
    {
        Hash256 job = jobs.PostAndOffer(4);
        jobs.WorkUntilReveal(job, Honest);
        PrivateKey hides = jobs.Waiting(job, AnswerStage.Committed)[0], other = jobs.Waiting(job, AnswerStage.Committed)[1];
        Assert.Equal(Reason.None, jobs.Reveal(job, other, JobWorld.Right).EffectiveReason);
        jobs.Pass(JobWorld.RevealMs);

        jobs.WorkUntilReveal(job, Honest); // a third is asked
        jobs.RevealAll(job, Honest);

        Assert.Null(jobs.Job(job));
        Assert.Equal((JobWorld.Bond - JobWorld.Slash, 100UL), (jobs.BondOf(hides), jobs.UsageOf(other)));
    }

    [Fact]
    public void JobThatNobodyCanDecide_GivesEverythingBack_AndHurtsNobody()
    {
        Hash256 job = jobs.PostAndOffer(2);
        Func<PrivateKey, Hash256> resultOf = worker => Hashing.Sha256(worker.PublicKey.Span);
        jobs.WorkUntilReveal(job, resultOf);
        PrivateKey[] both = jobs.Waiting(job, AnswerStage.Committed);
        BlockResult end = jobs.RevealAll(job, resultOf);

        Assert.Null(jobs.Job(job));
        Assert.Equal([Reason.JobUndecided, Reason.JobUndecided], end.Receipts.Where(receipt => receipt.Verdict is not null).Select(receipt => receipt.Verdict!.Value.Reason));
        Assert.All(both, worker => Assert.Equal(JobWorld.Bond, jobs.BondOf(worker)));
        Assert.Equal(JobWorld.Credits, jobs.World.CreditsOf(Keys.Alice));
    }

    [Fact]
    public void JobWithoutOffers_GivesEverythingBack()
    {
        Hash256 job = jobs.PostAndOffer(0);

        Assert.Null(jobs.Job(job));
        Assert.Equal(JobWorld.Credits, jobs.World.CreditsOf(Keys.Alice));
    }

    [Fact]
    public void Canary_FindsTheLiarThatWorksAlone()
    {
        PrivateKey liar = jobs.ProvenAlone(out Hash256 job, JobWorld.SealOf(Keys.Alice, JobWorld.Right));
        Func<PrivateKey, Hash256> resultOf = worker => worker == liar ? JobWorld.Wrong : JobWorld.Right;
        jobs.WorkUntilReveal(job, resultOf);
        Assert.Equal(Replication.Alone, jobs.Job(job)!.Replication);
        Assert.Equal(Reason.NotTheJobsClient, jobs.World.Do(Keys.Bob, new OpenSeal(job, JobWorld.Right, JobWorld.Salt)));
        Assert.Equal(Reason.SealDiffers, jobs.World.Do(Keys.Alice, new OpenSeal(job, JobWorld.Wrong, JobWorld.Salt)));
        Assert.Equal(Reason.None, jobs.World.Do(Keys.Alice, new OpenSeal(job, JobWorld.Right, JobWorld.Salt)));
        Assert.Equal(Reason.SealUntimely, jobs.World.Do(Keys.Alice, new OpenSeal(job, JobWorld.Right, JobWorld.Salt)));
        jobs.RevealAll(job, resultOf);
        Assert.NotNull(jobs.Job(job)); // not on the client's word alone: another one is asked

        jobs.WorkUntilReveal(job, resultOf);
        jobs.RevealAll(job, resultOf);

        Assert.Null(jobs.Job(job));
        Assert.Equal((JobWorld.Bond - JobWorld.Slash, 0u), (jobs.BondOf(liar), jobs.StreakOf(liar)));
    }

    [Fact]
    public void ClientWhoseSealLies_GetsNothingBack_AndTheWorkersKeepTheirBonds()
    {
        jobs.ProvenAlone(out Hash256 job, JobWorld.SealOf(Keys.Alice, JobWorld.Wrong));
        ulong locked = jobs.Job(job)!.Locked.Units, before = jobs.World.CreditsOf(Keys.Alice);
        jobs.WorkUntilReveal(job, Honest);
        Assert.Equal(Reason.None, jobs.World.Do(Keys.Alice, new OpenSeal(job, JobWorld.Wrong, JobWorld.Salt)));
        jobs.RevealAll(job, Honest);
        jobs.WorkUntilReveal(job, Honest);
        PrivateKey[] workers = [.. jobs.Job(job)!.Answers.Select(answer => JobWorld.Named(answer.Device))];
        jobs.RevealAll(job, Honest);

        Assert.Null(jobs.Job(job));
        Assert.Equal((200UL, before), (locked, jobs.World.CreditsOf(Keys.Alice)));
        Assert.All(workers, worker => Assert.Equal(JobWorld.Bond, jobs.BondOf(worker)));
        jobs.World.AssertConserved();
    }

    [Fact]
    public void Seal_BeforeAllHaveCommitted_StaysClosed()
    {
        Hash256 job = jobs.PostAndOffer(2, seal: JobWorld.SealOf(Keys.Alice, JobWorld.Right));

        Assert.Equal(Reason.SealUntimely, jobs.World.Do(Keys.Alice, new OpenSeal(job, JobWorld.Right, JobWorld.Salt)));
        Assert.Equal(Reason.UnknownJob, jobs.World.Do(Keys.Alice, new OpenSeal(Hash256.Zero, JobWorld.Right, JobWorld.Salt)));
    }

    [Fact]
    public void Offer_OutOfPlace_IsRefusedInOrder()
    {
        Hash256 job = jobs.Post(), own = jobs.Post(Keys.Bob);
        PrivateKey second = Keys.Of("a second worker of the same owner"), bobs = Keys.Of("bob's worker");
        Assert.Equal(Reason.None, jobs.World.Do(Keys.Alice, new Transfer(JobWorld.OwnerOf(0).Address, new Amount(JobWorld.Bond))));
        Assert.Equal(Reason.None, jobs.World.Do(Keys.Alice, new Transfer(Keys.Bob.Address, new Amount(JobWorld.Bond))));
        Assert.Equal(Reason.None, jobs.World.RunOne(jobs.World.Sign(World.Registration(second, JobWorld.Service), JobWorld.OwnerOf(0), second)).Reason);
        Assert.Equal(Reason.None, jobs.World.RunOne(jobs.World.Sign(World.Registration(bobs, JobWorld.Service), Keys.Bob, bobs)).Reason);

        Assert.Equal(Reason.NoOpenJob, jobs.Offer(Hash256.Zero, second).EffectiveReason);
        Assert.Equal(Reason.OwnJob, jobs.Offer(own, bobs).EffectiveReason);
        Assert.Equal(Reason.None, jobs.Offer(job, JobWorld.Worker(0)).EffectiveReason);
        Assert.Equal(Reason.OwnerHasOffered, jobs.Offer(job, second).EffectiveReason);
        jobs.World.NowMs += JobWorld.OfferMs;
        Assert.Equal(Reason.OffersClosed, jobs.Offer(job, JobWorld.Worker(1)).EffectiveReason); // in the block that draws
    }

    [Fact]
    public void CommitmentAndReveal_OutOfPlace_AreRefused()
    {
        Hash256 job = jobs.PostAndOffer(2);
        PrivateKey asked = Assert.Single(jobs.Waiting(job, AnswerStage.Asked));
        PrivateKey other = asked == JobWorld.Worker(0) ? JobWorld.Worker(1) : JobWorld.Worker(0);

        Assert.Equal(Reason.NotAsked, jobs.Commit(job, other, JobWorld.Right).EffectiveReason);
        Assert.Equal(Reason.NothingToReveal, jobs.Reveal(job, asked, JobWorld.Right).EffectiveReason);
        Assert.Equal(Reason.AwaitsGroup, jobs.Commit(job, asked, JobWorld.Right).EffectiveReason);
        Assert.Equal(Reason.WorkIsOpen, jobs.World.Do(OwnerOf(asked), new WithdrawDevice(asked.Address, JobWorld.Service)));
        jobs.WorkUntilReveal(job, Honest);
        Assert.Equal(Reason.CommitmentDiffers, jobs.Reveal(job, asked, JobWorld.Wrong).EffectiveReason);
        Assert.Equal(Reason.None, jobs.Reveal(job, asked, JobWorld.Right).EffectiveReason);
        Assert.Equal(Reason.NothingToReveal, jobs.Reveal(job, asked, JobWorld.Right).EffectiveReason);
    }

    [Fact]
    public void Draw_ComesFromABlockAfterTheOffers()
    {
        Hash256 job = jobs.Post();
        for (int i = 0; i < 4; i++)
            jobs.Offer(job, JobWorld.Worker(i));
        jobs.World.NowMs += JobWorld.OfferMs;
        Hash256 beacon = jobs.World.Context.Beacon;
        Worker[] offered = [.. jobs.Job(job)!.Workers];
        jobs.World.Run();

        Assert.Equal(ComputeAssignment.Order(job, beacon, [.. offered]), jobs.Job(job)!.Workers);
    }

    [Fact]
    public void Job_OutsideItsBounds_IsRefused()
    {
        Assert.Equal(Reason.NotOfThisKind, Posted(new PostJob(1, JobWorld.Input, JobWorld.Specification, new Credits(1), Hash256.Zero)));
        Assert.Equal(Reason.UnknownService, Posted(new PostJob(9, JobWorld.Input, JobWorld.Specification, new Credits(1), Hash256.Zero)));
        Assert.Equal(Reason.TooFewCredits, Posted(new PostJob(3, JobWorld.Input, JobWorld.Specification, new Credits(JobWorld.Credits), Hash256.Zero)));
        foreach (ulong price in (ulong[])[0, LedgerLimits.CreditsIssuedMax / 2 + 1, ulong.MaxValue])
        {
            Body body = new(Keys.Alice.Address, 1, jobs.World.NowMs + 1, new PostJob(3, JobWorld.Input, JobWorld.Specification, new Credits(price), Hash256.Zero));
            Assert.Equal(
                Reason.JobOutOfBounds,
                Transaction.TryDecode(TransactionBuilder.Sign(jobs.World.Genesis.ChainId, body, Keys.Alice), jobs.World.Genesis.ChainId, out _));
        }
    }

    private static PrivateKey OwnerOf(PrivateKey worker) =>
        JobWorld.OwnerOf(Enumerable.Range(0, JobWorld.WorkersMax).Single(number => JobWorld.Worker(number) == worker));

    private Reason Posted(PostJob job) => jobs.World.RunOne(jobs.World.Sign(job, Keys.Alice)).Reason;
}
