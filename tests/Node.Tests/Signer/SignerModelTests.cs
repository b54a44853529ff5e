using AppChain.Consensus;
using AppChain.Node;
using AppChain.Node.Signer;
using static Node.Tests.Signer.SignedVotesTests;

namespace Node.Tests.Signer;

/// <summary>
/// The record against a model that simply keeps all that was ever sent: random votes, as a core without memory would want them, in turns
/// that end with a save; crashes in the middle of it leave any part of the bytes that were being written.
/// </summary>
public sealed class SignerModelTests
{
    private const int Sector = 512;

    [Fact]
    public void RandomVotesAndCrashes_NothingContradictoryIsSent()
    {
        int sent = 0, refused = 0, crashes = 0;
        for (int seed = 0; seed < 25; seed++)
        {
            using SignerFile file = new();
            file.Create().Dispose();
            Random random = new(seed);
            List<VoteBody> history = [];
            for (int life = 0; life < 12; life++)
            {
                using (SignerRecord record = file.Open())
                {
                    for (int turns = random.Next(1, 8); turns > 0; turns--)
                    {
                        List<VoteBody> votes = Turn(record, random, history, ref refused);
                        record.Save();
                        history.AddRange(votes);
                        sent += votes.Count;
                    }
                }

                // One more turn, of which the crash lets some bytes through; nothing of it is sent.
                byte[] before = file.Bytes;
                using (SignerRecord record = file.Open())
                {
                    Turn(record, random, history, ref refused);
                    record.Save();
                }
                file.Bytes = Torn(random, before, file.Bytes);
                crashes++;
            }
            AssertNoContradiction(history);
        }
        Assert.True(sent > 1_000 && refused > 500 && crashes == 300, $"{sent} sent, {refused} refused, {crashes} crashes");
    }

    private static List<VoteBody> Turn(SignerRecord record, Random random, List<VoteBody> history, ref int refused)
    {
        List<VoteBody> votes = [];
        for (int count = random.Next(1, 5); count > 0; count--)
        {
            VoteBody vote = RandomVote(random, near: record.Votes.Highest.Value);
            SigningVerdict verdict = record.Votes.Judge(vote);
            if (verdict == SigningVerdict.New)
                record.Add(vote);
            if (verdict is SigningVerdict.New or SigningVerdict.Known)
                votes.Add(vote);
            else
                refused++;
            CheckNotRefusedInVain(verdict, vote, [.. history, .. votes], record.Votes);
        }
        return votes;
    }

    /// <summary>Rules 4, 6 and 7 in their plainest form, over everything that was ever sent, in order.</summary>
    internal static void AssertNoContradiction(IReadOnlyList<VoteBody> sent)
    {
        foreach (IGrouping<(ulong Epoch, ulong View), VoteBody> view in sent.GroupBy(vote => (vote.Epoch.Value, vote.View.Value)))
            Assert.True(!Contradicts([.. view]), $"view {view.Key.View}: {string.Join(", ", view)}");
    }

    internal static bool Contradicts(IReadOnlyList<VoteBody> ofOneView)
    {
        List<VoteBody> Of(VoteKind kind) => [.. ofOneView.Where(vote => vote.Kind == kind).Distinct()];
        List<VoteBody> first = [.. ofOneView.Distinct()];
        int nullified = first.FindIndex(vote => vote.Kind == VoteKind.Nullify);
        return Of(VoteKind.Notarize).Count > 1
            || Of(VoteKind.Finalize).Count > 1
            || (nullified >= 0 && Of(VoteKind.Finalize).Count > 0)
            || (nullified >= 0 && first.FindLastIndex(vote => vote.Kind == VoteKind.Notarize) > nullified);
    }

    // What would contradict nothing and is not too old must be let through: a record that refuses everything is safe and useless.
    private static void CheckNotRefusedInVain(SigningVerdict verdict, VoteBody vote, List<VoteBody> history, SignedVotes record)
    {
        if (verdict is SigningVerdict.New or SigningVerdict.Known)
            return;
        bool old = vote.View.Value + NodeLimits.SignedViewsMax <= record.Highest.Value;
        // A crash may have left votes in the record that were never sent: they count as well.
        List<VoteBody> ofItsView = [.. history.Concat(record.Bodies).Where(other => other.View == vote.View), vote];
        Assert.True(old || Contradicts(ofItsView), $"{vote} was {verdict}");
    }

    private static VoteBody RandomVote(Random random, ulong near)
    {
        ulong view = Math.Max(1, near + (ulong)random.Next(50) - Math.Min(near, 45));
        char block = (char)('a' + random.Next(3));
        return random.Next(3) switch
        {
            0 => Notarized(view, block),
            1 => Finalized(view, block),
            _ => Nullified(view),
        };
    }

    private static byte[] Torn(Random random, byte[] before, byte[] after)
    {
        byte[] bytes = [.. before];
        if (random.Next(2) == 0)
        {
            int written = random.Next(after.Length + 1);
            after.AsSpan(0, written).CopyTo(bytes);
            return bytes;
        }
        for (int sector = 0; sector < after.Length; sector += Sector)
        {
            if (random.Next(2) == 0)
                after.AsSpan(sector, Sector).CopyTo(bytes.AsSpan(sector));
        }
        return bytes;
    }
}
