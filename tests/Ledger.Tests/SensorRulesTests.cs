using AppChain.Ledger;

namespace AppChain.Tests.Ledger;

/// <summary>Each check with its reason, at its bound and beyond, and what a rejected reading leaves behind.</summary>
public class SensorRulesTests
{
    private readonly World world = new();

    public SensorRulesTests() => world.Registered(Keys.Alice, Keys.Sensor);

    [Fact]
    public void FirstReading_InBounds_EarnsOneReading()
    {
        Verdict verdict = VerdictOn(10_000, 5_000);

        Assert.Equal(new Verdict(Reason.None, SensorReading.UnitsPerReading, 0, 1), verdict);
        Enrollment device = world.Work(Keys.Sensor);
        Assert.Equal((1UL, 0UL), (device.Accepted, device.Rejected));
        Assert.Equal(SensorReading.UnitsPerReading, device.Units);
        Assert.Equal(SensorReading.UnitsPerReading, LedgerQueries.Service(world.State, 1)!.EpochUnits);
    }

    [Fact]
    public void WrongService_IsRejectedAndCountsNowhere()
    {
        Assert.Equal(Reason.WrongService, world.RunOne(world.Proof(Keys.Sensor, 1_000, service: 2)).Verdict!.Value.Reason);
        Assert.Equal(0UL, LedgerQueries.Service(world.State, 2)!.EpochUnits);
        Assert.Equal(new Enrollment { Service = 1 }, world.Work(Keys.Sensor));
    }

    [Fact]
    public void Rejection_UsesTheSequenceAndEarnsNothing()
    {
        Transaction transaction = world.Proof(Keys.Sensor, 100_001);
        Receipt receipt = world.RunOne(transaction);

        Assert.Equal(Reason.None, receipt.Reason);
        Assert.Equal(new Verdict(Reason.OutOfBounds, 0, 0, 1), receipt.Verdict);
        Assert.Equal(Reason.OutOfBounds, receipt.EffectiveReason);
        Assert.Equal(Reason.SequenceUsed, world.RunOne(transaction).Reason);
        Assert.Equal((0UL, 1UL), (world.Work(Keys.Sensor).Units, world.Work(Keys.Sensor).Rejected));
    }

    [Theory]
    [InlineData(0, Reason.OutOfOrder)]
    [InlineData(-1, Reason.OutOfOrder)]
    [InlineData(1, Reason.TooSoon)]
    [InlineData(99, Reason.TooSoon)]
    [InlineData(100, Reason.None)]
    public void Time_AfterTheLastReading_NeedsTheInterval(int afterLast, Reason expected)
    {
        ulong last = world.NowMs;
        Assert.Equal(Reason.None, Judge(1_000));
        world.NowMs += 1_000;

        Assert.Equal(expected, Judge(1_000, observedMs: (ulong)((long)last + afterLast)));
    }

    [Theory]
    [InlineData(2_000, Reason.None)]
    [InlineData(2_001, Reason.FromTheFuture)]
    [InlineData(-60_000, Reason.None)]
    [InlineData(-60_001, Reason.TooOld)]
    public void Time_AgainstTheBlock_HasBothBounds(int fromNow, Reason expected) =>
        Assert.Equal(expected, Judge(1_000, observedMs: (ulong)((long)world.NowMs + fromNow)));

    [Fact]
    public void Time_EndOfNumbers_IsFromTheFuture() => Assert.Equal(Reason.FromTheFuture, Judge(1_000, observedMs: ulong.MaxValue));

    [Fact]
    public void Time_Zero_IsOutOfOrder() => Assert.Equal(Reason.OutOfOrder, Judge(1_000, observedMs: 0));

    [Fact]
    public void Time_RejectedForTheFuture_DoesNotLockTheDeviceOut()
    {
        Assert.Equal(Reason.FromTheFuture, Judge(1_000, observedMs: world.NowMs + 1_000_000));
        Assert.Equal(Reason.None, Judge(1_000));
    }

    [Fact]
    public void Metrics_Missing_IsRejected() => AssertWrongMetrics(new Measurement(1, 0));

    [Fact]
    public void Metrics_None_IsRejected() => AssertWrongMetrics();

    [Fact]
    public void Metrics_Unknown_IsRejected() => AssertWrongMetrics(new Measurement(1, 0), new Measurement(3, 0));

    [Fact]
    public void Metrics_OutOfOrder_IsRejected() => AssertWrongMetrics(new Measurement(2, 0), new Measurement(1, 0));

    [Fact]
    public void Metrics_Twice_IsRejected() => AssertWrongMetrics(new Measurement(1, 0), new Measurement(1, 0));

    [Fact]
    public void Metrics_OneTooMany_IsRejected() => AssertWrongMetrics(new Measurement(1, 0), new Measurement(2, 0), new Measurement(3, 0));

    [Theory]
    [InlineData(-1_000, 0, Reason.None)]
    [InlineData(-1_001, 0, Reason.OutOfBounds)]
    [InlineData(100_000, 0, Reason.None)]
    [InlineData(100_001, 0, Reason.OutOfBounds)]
    [InlineData(0, 50_001, Reason.OutOfBounds)]
    [InlineData(0, -1, Reason.OutOfBounds)]
    [InlineData(long.MinValue, 0, Reason.OutOfBounds)]
    [InlineData(0, long.MaxValue, Reason.OutOfBounds)]
    public void Bounds_AreInclusivePerMetric(long pm10, long pm25, Reason expected) => Assert.Equal(expected, Judge(pm10, pm25));

    [Fact]
    public void Bounds_Rejected_KeepsTheMomentButNotTheValues()
    {
        Assert.Equal(Reason.None, Judge(1_000));
        Advance(500);
        Assert.Equal(Reason.OutOfBounds, Judge(999_999));

        // The same moment cannot be tried again with another value …
        Assert.Equal(Reason.OutOfOrder, Judge(1_000));
        // … and the next reading is measured from the last credible one.
        Advance(500);
        Assert.Equal(Reason.None, Judge(1_500));
    }

    [Theory]
    [InlineData(1_000, 15_100, Reason.None)]        // 5,000 + floor(6,000 × 1 s / 1 min)
    [InlineData(1_000, 15_101, Reason.JumpTooLarge)]
    [InlineData(1_000, 4_900, Reason.None)]
    [InlineData(1_000, 4_899, Reason.JumpTooLarge)]
    [InlineData(30_000, 18_000, Reason.None)]       // 5,000 + 3,000
    [InlineData(30_000, 18_001, Reason.JumpTooLarge)]
    [InlineData(109, 15_010, Reason.None)]          // floor(10.9)
    [InlineData(109, 15_011, Reason.JumpTooLarge)]
    public void Jump_GrowsWithTheTimeBetween(ulong elapsedMs, long pm10, Reason expected)
    {
        Assert.Equal(Reason.None, Judge(10_000));
        Advance(elapsedMs);

        Assert.Equal(expected, Judge(pm10));
    }

    [Fact]
    public void Jump_RealStep_CostsOneReading()
    {
        Assert.Equal([Reason.None, Reason.JumpTooLarge, Reason.None, Reason.None], JudgeSeries(10_000, 60_000, 60_100, 59_000));
    }

    [Fact]
    public void Jump_Glitch_CostsTwoReadingsAndNoMore()
    {
        Assert.Equal(
            [Reason.None, Reason.JumpTooLarge, Reason.JumpTooLarge, Reason.None, Reason.None],
            JudgeSeries(10_000, 90_000, 10_100, 10_000, 10_200));
    }

    [Fact]
    public void Jump_Oscillation_NeverEarns()
    {
        IEnumerable<Reason> reasons = JudgeSeries(10_000, 90_000, 10_000, 90_000, 10_000, 90_000);

        Assert.All(reasons.Skip(1), reason => Assert.Equal(Reason.JumpTooLarge, reason));
    }

    [Fact]
    public void Constancy_MoreThanTheLimit_IsRejectedUntilTheValueMoves()
    {
        Assert.Equal(
            [Reason.None, Reason.None, Reason.None, Reason.ConstantTooLong, Reason.ConstantTooLong, Reason.None, Reason.None],
            JudgeSeries(7_000, 7_000, 7_000, 7_000, 7_000, 7_001, 7_000));
    }

    [Fact]
    public void Constancy_OneMetricMoves_IsNotConstant()
    {
        Assert.Equal(Reason.None, Judge(7_000, 1));
        for (int i = 2; i < 8; i++)
        {
            Advance(200);
            Assert.Equal(Reason.None, Judge(7_000, i));
        }
    }

    [Fact]
    public void Order_TimeIsJudgedBeforeValues()
    {
        Assert.Equal(Reason.None, Judge(1_000));
        Assert.Equal(Reason.OutOfOrder, Judge(999_999));
        Assert.Equal(Reason.FromTheFuture, Judge(999_999, observedMs: world.NowMs + 10_000));
    }

    private void AssertWrongMetrics(params Measurement[] measurements)
    {
        SubmitProof proof = new(1, world.NowMs, new SensorReading(measurements));
        Assert.Equal(Reason.WrongMetrics, world.RunOne(world.Sign(proof, Keys.Sensor)).Verdict!.Value.Reason);
        Assert.Equal(Reason.None, Judge(1_000)); // its form was wrong, so the moment is free
    }

    private IEnumerable<Reason> JudgeSeries(params long[] values)
    {
        List<Reason> reasons = [];
        foreach (long value in values)
        {
            Advance(200);
            reasons.Add(Judge(value));
        }
        return reasons;
    }

    private void Advance(ulong milliseconds) => world.NowMs += milliseconds;

    private Reason Judge(long pm10, long pm25 = 0, ulong? observedMs = null) => VerdictOn(pm10, pm25, observedMs).Reason;

    private Verdict VerdictOn(long pm10, long pm25, ulong? observedMs = null) =>
        world.RunOne(world.Proof(Keys.Sensor, pm10, pm25, observedMs)).Verdict!.Value;
}
