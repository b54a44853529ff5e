using AppChain.Devnet.Statistics;
using FsCheck;
using FsCheck.Fluent;

namespace AppChain.EndToEnd.Devnet;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Quantile_Nothing_IsNull() => Assert.Null(new LatencyHistogram().Quantile(0.5));

    [Fact]
    public void Quantile_AnyDurations_IsWithinThreePercentOfTheSortedOne()
    {
        Gen<int[]> durations = Gen.Choose(0, int.MaxValue).ArrayOf().Where(values => values.Length > 0);
        Prop.ForAll(durations.ToArbitrary(), Gen.Elements(0.01, 0.5, 0.95, 0.99, 1.0).ToArbitrary(), (values, quantile) =>
        {
            LatencyHistogram histogram = new();
            foreach (int micros in values)
                histogram.Add(TimeSpan.FromMicroseconds(micros));

            double exact = values.Order().ElementAt((int)Math.Max(1, Math.Ceiling(quantile * values.Length)) - 1);
            double counted = histogram.Quantile(quantile)!.Value.TotalMicroseconds;
            return Math.Abs(counted - exact) <= exact * 0.03 + 1;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Quantile_AfterClear_IsNull()
    {
        LatencyHistogram histogram = new();
        histogram.Add(TimeSpan.FromDays(1_000));
        Assert.True(histogram.Quantile(1) > TimeSpan.FromDays(12));

        histogram.Clear();

        Assert.Null(histogram.Quantile(1));
    }
}
