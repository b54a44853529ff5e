using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger.Agreements;

/// <summary>Nobody gets work for nothing by false seals and by workers that keep silent, and silence is not free.</summary>
public class ComputeSilenceTests
{
    private readonly JobWorld jobs = new(workers: 5);

    [Fact]
    public void ClientWhoseSealLies_WithWorkersThatKeepSilent_PaysTheOneThatComputed()
    {
        PrivateKey first = jobs.ProvenAlone(out Hash256 job, JobWorld.SealOf(Keys.Alice, JobWorld.Wrong));
        (ulong usage, uint streak, ulong credits) = (jobs.UsageOf(first), jobs.StreakOf(first), jobs.World.CreditsOf(Keys.Alice));
        jobs.WorkUntilReveal(job, _ => JobWorld.Right);
        Assert.Equal(Reason.None, jobs.World.Do(Keys.Alice, new OpenSeal(job, JobWorld.Wrong, JobWorld.Salt)));
        BlockResult end = jobs.RevealAll(job, _ => JobWorld.Right);
        for (int round = 0; round < 5 && jobs.Job(job) is not null; round++)
            end = jobs.Pass(JobWorld.WorkMs); // whoever is asked says nothing

        Assert.Null(jobs.Job(job));
        Verdict verdict = Assert.Single(end.Receipts, receipt => receipt.Verdict is not null).Verdict!.Value;
        Assert.Equal((Reason.None, 100UL), (verdict.Reason, verdict.Units));
        Assert.Equal((usage + 100, streak, JobWorld.Bond), (jobs.UsageOf(first), jobs.StreakOf(first), jobs.BondOf(first)));
        Assert.Equal(credits + 100, jobs.World.CreditsOf(Keys.Alice)); // two were locked, one is paid
        PrivateKey[] silent = [.. Enumerable.Range(0, 5).Select(JobWorld.Worker).Where(worker => worker != first)];
        Assert.All(silent, worker => Assert.Equal(JobWorld.Bond - JobWorld.Silence, jobs.BondOf(worker)));
        jobs.World.AssertConserved();
    }

    [Fact]
    public void Seal_AgainstTwoWorkersThatDiffer_DecidesNothing()
    {
        PrivateKey first = jobs.ProvenAlone(out Hash256 job, JobWorld.SealOf(Keys.Alice, JobWorld.Wrong));
        ulong credits = jobs.World.CreditsOf(Keys.Alice);
        Hash256 ResultOf(PrivateKey worker) => Hashing.Sha256(worker.PublicKey.Span);
        jobs.WorkUntilReveal(job, ResultOf);
        Assert.Equal(Reason.None, jobs.World.Do(Keys.Alice, new OpenSeal(job, JobWorld.Wrong, JobWorld.Salt)));
        jobs.RevealAll(job, ResultOf);
        jobs.WorkUntilReveal(job, ResultOf); // a second one says a third thing
        jobs.RevealAll(job, ResultOf);
        for (int round = 0; round < 5 && jobs.Job(job) is not null; round++)
            jobs.Pass(JobWorld.WorkMs);

        Assert.Null(jobs.Job(job));
        Assert.Equal(JobWorld.Bond, jobs.BondOf(first));
        Assert.Equal(credits + 200, jobs.World.CreditsOf(Keys.Alice));
        jobs.World.AssertConserved();
    }

    // The job may be one that cannot be done, posted to burn bonds.
    [Fact]
    public void Silence_WhereNobodyCommits_CostsNothing()
    {
        Hash256 job = jobs.PostAndOffer(5);
        for (int round = 0; round < 6 && jobs.Job(job) is not null; round++)
            jobs.Pass(JobWorld.WorkMs);

        Assert.Null(jobs.Job(job));
        Assert.All(Enumerable.Range(0, 5), worker => Assert.Equal(JobWorld.Bond, jobs.BondOf(JobWorld.Worker(worker))));
        Assert.Equal(0UL, (ulong)jobs.World.Audit().Burned);
        jobs.World.AssertConserved();
    }

    // Else one bond would stand for any number of lies at a time.
    [Fact]
    public void Offers_BeyondWhatTheBondCanPayFor_AreNotAsked()
    {
        const int covered = (int)(JobWorld.Bond / JobWorld.Slash);
        Hash256[] posted = [.. Enumerable.Range(0, covered + 2).Select(_ => jobs.Post())];
        foreach (Hash256 job in posted)
            Assert.Equal(Reason.None, jobs.Offer(job, JobWorld.Worker(0)).EffectiveReason);
        jobs.Pass(JobWorld.OfferMs);

        // Those that nobody can be asked for end, and their credits go back.
        Assert.Equal(covered, posted.Count(job => jobs.Job(job) is { Answers.Length: 1 }));
        Assert.Equal(2, posted.Count(job => jobs.Job(job) is null));
        Assert.Equal(Reason.BondShort, jobs.Offer(jobs.Post(), JobWorld.Worker(0)).EffectiveReason);
        jobs.World.AssertConserved();
    }
}
