using System.Collections.Immutable;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger.Proofs;

public class ComputeScoringTests
{
    private static readonly Hash256 Job = Hashing.Sha256("job"u8), Right = Hashing.Sha256("right"u8), Wrong = Hashing.Sha256("wrong"u8);

    [Fact]
    public void TwoThatAgree_AreTheResult()
    {
        ComputeScore score = Judge(Answer(1, Right), Answer(2, Right));

        Assert.Equal((Right, 0u), (score.Result!.Value, score.Wanted));
        Assert.All(score.Outcomes, outcome => Assert.Equal(ComputeOutcome.Agrees, outcome));
    }

    [Fact]
    public void TwoThatDiffer_WantAThird_WhoDecides()
    {
        ComputeScore open = Judge(Answer(1, Right), Answer(2, Wrong));
        ComputeScore settled = Judge(Answer(1, Right), Answer(2, Wrong), Answer(3, Right));

        Assert.Equal((null, 1u), (open.Result, open.Wanted));
        Assert.Equal([ComputeOutcome.Open, ComputeOutcome.Open], open.Outcomes);
        Assert.Equal([ComputeOutcome.Agrees, ComputeOutcome.Contradicted, ComputeOutcome.Agrees], settled.Outcomes);
        Assert.True(ComputeScoring.IsSlashed(settled.Outcomes[1]));
    }

    [Fact]
    public void WhoRepeatsAnothersCommitment_CannotRevealIt()
    {
        ComputeAnswer honest = Answer(1, Right);
        ComputeAnswer copied = honest with { Device = DeviceNames.Of(2) };

        ComputeScore score = Judge(honest, copied);

        Assert.Equal([ComputeOutcome.Open, ComputeOutcome.RevealDiffers], score.Outcomes);
        Assert.Equal(1u, score.Wanted);
    }

    [Fact]
    public void WhoSeesThatHeIsWrong_CannotChangeOrKeepSilent()
    {
        ComputeAnswer changed = Answer(2, Wrong) with { Result = Right }, silent = Answer(3, Wrong) with { Result = null };
        ComputeAnswer absent = new(DeviceNames.Of(4), null, null, default);

        ComputeScore score = Judge(Answer(1, Right), changed, silent, absent);

        Assert.Equal([ComputeOutcome.Open, ComputeOutcome.RevealDiffers, ComputeOutcome.NotRevealed, ComputeOutcome.NotCommitted],
            score.Outcomes);
        Assert.Equal([false, true, true, false], score.Outcomes.Select(ComputeScoring.IsSlashed));
    }

    [Fact]
    public void Canary_IsJudgedByWhatWasKnown_EvenAgainstAMajority()
    {
        ComputeScore score = ComputeScoring.Judge(Job, [Answer(1, Wrong), Answer(2, Wrong), Answer(3, Right)], 2, Right);

        Assert.Equal([ComputeOutcome.Contradicted, ComputeOutcome.Contradicted, ComputeOutcome.Agrees], score.Outcomes);
    }

    [Theory]
    [InlineData(0u, 1_000_000u)]
    [InlineData(1u, 1_000_000u)]
    [InlineData(4u, 250_000u)]
    [InlineData(20u, 50_000u)]
    [InlineData(uint.MaxValue, 50_000u)]
    public void Replication_FallsWithWhatIsProven_ToOneInTwenty(uint validInARow, uint ppm) =>
        Assert.Equal(ppm, ComputeAssignment.ReplicationOf(validInARow));

    [Fact]
    public void Replication_HappensAsOftenAsItShould()
    {
        Worker worker = new(DeviceNames.Of(1), DeviceNames.Of(101), 10);

        int replicated = Enumerable.Range(0, 5_000).Count(job =>
            ComputeAssignment.IsReplicated(Hashing.Sha256(BitConverter.GetBytes(job)), Right, worker));

        Assert.InRange(replicated, 420, 580);
    }

    // A bond of what pays at one replication in twenty: a lie that saves the whole price must lose more than twenty prices with the bond.
    [Theory]
    [InlineData(20UL, true)]
    [InlineData(18UL, false)]
    public void Lying_WithABondOfTwentyPrices_LosesOnAverage(ulong bondPrices, bool loses)
    {
        const long price = 1_000;
        long caught = ComputeAssignment.ReplicationMin, passed = 1_000_000 - caught;

        Assert.Equal(loses, (passed * price) - (caught * price * (long)bondPrices) < 0);
    }

    [Fact]
    public void Assignees_AreDrawnByEntropy_OnlyOneOfEachOwner()
    {
        ImmutableArray<Worker> offers = [.. Enumerable.Range(0, 30)
            .Select(number => new Worker(DeviceNames.Of(number), DeviceNames.Of(1_000 + (number / 3)), 0))];

        ImmutableArray<Worker> order = ComputeAssignment.Order(Job, Right, offers);

        Assert.Equal(10, order.Length);
        Assert.Equal(10, order.Select(worker => worker.Owner).Distinct().Count());
        Assert.Equal(order, ComputeAssignment.Order(Job, Right, [.. offers.Reverse()]));
        Assert.NotEqual(order, ComputeAssignment.Order(Job, Wrong, offers));
    }

    private static ComputeScore Judge(params ComputeAnswer[] answers) => ComputeScoring.Judge(Job, [.. answers], 2);

    private static ComputeAnswer Answer(int number, Hash256 result)
    {
        Address device = DeviceNames.Of(number);
        Hash256 salt = Hashing.Sha256(BitConverter.GetBytes(number));
        return new ComputeAnswer(device, ComputeScoring.Commit(Job, device, result, salt), result, salt);
    }
}
