using AppChain.Crypto;
using AppChain.Ledger;
using FsCheck;
using FsCheck.Fluent;

namespace AppChain.Tests.Ledger.Agreements;

/// <summary>
/// Random lives of many jobs at once: liars, sleepers, canaries. Who is asked and when is the chain's to say; who gets what at the end is reckoned once more
/// here, in the plainest way, from what everybody said.
/// </summary>
public class JobModelTests
{
    private const int Workers = 5;
    private static readonly PrivateKey[] Clients = [Keys.Alice, Keys.Bob];

    private readonly record struct Step(byte What, byte Who, byte How, ushort PassMs);

    [Fact]
    public void RandomLives_EndAsWhatWasSaidAsksFor()
    {
        HashSet<string> seen = [];
        Gen<Step> steps =
            from what in Gen.Choose(0, 9)
            from who in Gen.Choose(0, 255)
            from how in Gen.Choose(0, 255)
            from pass in Gen.Frequency((8, Gen.Choose(0, 600)), (1, Gen.Choose(0, 22_000)))
            select new Step((byte)what, (byte)who, (byte)how, (ushort)pass);
        Prop.ForAll(steps.ArrayOf().ToArbitrary(), life => new Life().Live(life, seen))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(40).WithStartSize(60).WithEndSize(300));

        string[] tried = ["alone", "two agreed", "undecided", "contradicted", "hidden", "client agreed", "client lied"];
        Assert.Empty(tried.Except(seen)); // every way was really gone
    }

    /// <param name="Sealed">The result that the client sealed; null: none.</param>
    private sealed record Posted(Hash256 Id, PrivateKey Client, ulong Price, Hash256? Sealed);

    private sealed class Life
    {
        private readonly JobWorld jobs = new(Workers);
        private readonly List<Posted> open = [];
        private readonly Dictionary<(Hash256, Address), Hash256> committed = [];
        private readonly Dictionary<Address, ulong> credits = Clients.ToDictionary(client => client.Address, _ => JobWorld.Credits);
        private readonly Dictionary<Address, (ulong Bond, ulong Usage, uint Streak)> workers =
            Enumerable.Range(0, Workers).ToDictionary(i => JobWorld.Worker(i).Address, _ => (JobWorld.Bond, 0UL, 0u));

        public void Live(Step[] life, HashSet<string> seen)
        {
            foreach (Step step in life)
            {
                Pass(step.PassMs, seen);
                Act(step);
            }
            // Whatever is open ends by itself: each worker has one turn at most.
            for (int i = 0; i <= 2 * Workers + 1; i++)
                Pass(JobWorld.WorkMs, seen);
            Assert.Empty(open);
        }

        private void Pass(ulong ms, HashSet<string> seen)
        {
            List<(Posted Job, JobRecord Record)> before = [.. open.Select(job => (job, jobs.Job(job.Id)!))];
            jobs.Pass(ms);
            List<(Posted Job, JobRecord Record)> ended = [.. before.Where(one => jobs.Job(one.Job.Id) is null)];
            foreach ((Posted job, JobRecord record) in ended)
            {
                open.Remove(job);
                End(job, record, seen);
            }
            // Of several jobs that end in one block the order decides which streak is the last word: that is the chain's to say.
            foreach (IGrouping<Address, JobAnswer> answers in ended.SelectMany(one => one.Record.Answers).GroupBy(answer => answer.Device))
            {
                if (answers.Count() > 1)
                    workers[answers.Key] = workers[answers.Key] with { Streak = jobs.StreakOf(JobWorld.Named(answers.Key)) };
            }
            foreach (PrivateKey client in Clients)
                Assert.Equal(credits[client.Address], jobs.World.CreditsOf(client));
            foreach ((Address device, (ulong Bond, ulong Usage, uint Streak) worker) in workers)
            {
                PrivateKey key = JobWorld.Named(device);
                Assert.Equal(worker, (jobs.BondOf(key), jobs.UsageOf(key), jobs.StreakOf(key)));
                Assert.Equal((uint)open.Count(job => jobs.Job(job.Id)!.AnswerOf(device) >= 0), OpenWorkRecord.Of(jobs.World.State, device, JobWorld.Service));
            }
            jobs.World.AssertConserved();
        }

        // From the record as it was before its last block: in that nobody can say anything more.
        private void End(Posted job, JobRecord record, HashSet<string> seen)
        {
            List<Hash256> said = [.. record.Answers.Where(answer => answer.Stage == AnswerStage.Revealed).Select(answer => committed[(job.Id, answer.Device)])];
            if (record.SealOpened)
                said.Add(job.Sealed!.Value);
            int quorum = record.Replication == Replication.Replicated || record.SealOpened ? 2 : 1;
            Hash256? holds = null;
            for (int count = 1; count <= said.Count && holds is null; count++)
                holds = said.Take(count).GroupBy(result => result).Where(group => group.Count() >= quorum).Select(group => (Hash256?)group.Key).FirstOrDefault();

            // Nobody is left who could say whether the client or the only worker is right: it is paid as if no seal had been opened.
            int revealedOf = record.Answers.Count(answer => answer.Stage == AnswerStage.Revealed);
            bool word = holds is null && record.SealOpened && record.Replication == Replication.Alone && revealedOf == 1;
            // A job that nobody committed to may be one that cannot be done.
            ulong forSilence = record.Answers.Any(answer => answer.Stage is not (AnswerStage.Asked or AnswerStage.Silent)) ? JobWorld.Silence : 0;
            ulong paid = 0;
            foreach (JobAnswer answer in record.Answers)
            {
                (ulong bond, ulong usage, uint streak) = workers[answer.Device];
                bool revealed = answer.Stage == AnswerStage.Revealed;
                bool right = revealed && (word || (holds is { } result && committed[(job.Id, answer.Device)] == result));
                bool silent = answer.Stage is AnswerStage.Asked or AnswerStage.Silent;
                bool hidden = answer.Stage is AnswerStage.Committed or AnswerStage.Hidden;
                bool loses = hidden || (revealed && holds is not null && !right);
                paid += right ? job.Price : 0;
                workers[answer.Device] = (
                    bond - Math.Min(bond, loses ? JobWorld.Slash : silent ? forSilence : 0), right ? usage + job.Price : usage,
                    revealed && holds is null ? streak : right ? streak + 1 : 0);
                seen.Add(right ? "right" : hidden ? "hidden" : loses ? "contradicted" : "idle");
            }
            bool lied = record.SealOpened && holds is not null && job.Sealed != holds;
            credits[job.Client.Address] += lied ? 0 : 2 * job.Price - paid;
            seen.Add(word ? "word against word" : holds is null ? "undecided" : lied ? "client lied" : record.SealOpened ? "client agreed" : paid == job.Price ? "alone" : "two agreed");
        }

        private void Act(Step step)
        {
            if (open.Count == 0 || (step.What == 0 && open.Count < 4))
            {
                Post(step);
                return;
            }
            Posted job = open[step.Who % open.Count];
            JobRecord record = jobs.Job(job.Id)!;
            PrivateKey any = JobWorld.Worker(step.Who % Workers);
            switch (record.Phase)
            {
                case JobPhase.Offering:
                    jobs.Offer(job.Id, any);
                    break;
                case JobPhase.Working when jobs.Waiting(job.Id, AnswerStage.Asked) is [PrivateKey asked, ..]:
                    Hash256 result = step.How % 3 == 0 ? JobWorld.Wrong : JobWorld.Right;
                    committed[(job.Id, asked.Address)] = result;
                    Assert.Equal(Reason.AwaitsGroup, jobs.Commit(job.Id, asked, result).EffectiveReason);
                    break;
                case JobPhase.Revealing when step.What > 6 && !record.SealOpened && job.Sealed is { } known:
                    Assert.Equal(Reason.None, jobs.World.Do(job.Client, new OpenSeal(job.Id, known, JobWorld.Salt)));
                    break;
                case JobPhase.Revealing when jobs.Waiting(job.Id, AnswerStage.Committed) is [PrivateKey first, ..]:
                    Assert.Equal(Reason.None, jobs.Reveal(job.Id, first, committed[(job.Id, first.Address)]).EffectiveReason);
                    break;
            }
        }

        private void Post(Step step)
        {
            PrivateKey client = Clients[step.Who % 2];
            ulong price = (ulong)step.How + 1;
            if (credits[client.Address] < 2 * price)
                return;
            credits[client.Address] -= 2 * price;
            Hash256? known = (step.Who / 2 % 3) switch { 0 => JobWorld.Right, 1 => JobWorld.Wrong, _ => null };
            open.Add(new Posted(jobs.Post(client, price, known is { } result ? JobWorld.SealOf(client, result) : Hash256.Zero), client, price, known));
        }
    }
}
