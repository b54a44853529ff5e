using System.Text.Json.Nodes;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger.Proofs;

/// <summary>What services may say of their kinds: terms that anybody may have written.</summary>
public class KindTermsTests
{
    private static readonly NeighbourMetric Metric = new(1, 3_000, 2_000, 400_000, 1_500_000, 100_000);

    [Fact]
    public void NeighbourTerms_WithinBounds_AreReadAsWritten()
    {
        NeighbourTerms terms = new(10, [Metric, Metric with { Metric = 2, FollowMin = 1_000_000 }]);

        NeighbourTerms read = NeighbourTerms.TryDecode(terms.Encode())!;

        Assert.Equal(10, read.Level);
        Assert.Equal<NeighbourMetric>(terms.Metrics, read.Metrics);
        Assert.True(terms.Encode().Length <= LedgerLimits.KindBytesMax);
    }

    [Fact]
    public void NeighbourTerms_OutOfBounds_AreNone()
    {
        NeighbourTerms[] wrong =
        [
            new(5, [Metric]), new(21, [Metric]), new(10, []), new(10, [Metric, Metric]), new(10, [Metric, Metric with { Metric = 2 }, Metric with { Metric = 3 }]),
            new(10, [Metric with { Tolerance = 1UL << 41 }]), new(10, [Metric with { FollowMin = 1_000_001 }]), new(10, [Metric with { StaleRatio = 999_999 }]),
        ];
        Assert.All(wrong, terms => Assert.Null(NeighbourTerms.TryDecode(terms.Encode())));
        byte[] right = new NeighbourTerms(10, [Metric]).Encode();
        Assert.Null(NeighbourTerms.TryDecode(right[..^1]));
        Assert.Null(NeighbourTerms.TryDecode(new byte[1]));
    }

    [Theory]
    [InlineData(59, false)]
    [InlineData(60, true)]
    [InlineData(86_400, true)]
    [InlineData(86_401, false)]
    public void EnergyTerms_HaveAnIntervalOfAMinuteToADay(uint seconds, bool allowed) =>
        Assert.Equal(allowed ? new EnergyTerms(seconds) : null, EnergyTerms.TryDecode(new EnergyTerms(seconds).Encode()));

    [Fact]
    public void Genesis_ThatComparesAMetricOfNoService_IsRefused()
    {
        JsonObject genesis = TestGenesis.Json();
        genesis["services"]![0]!["neighbours"] = new JsonObject
        {
            ["level"] = 10,
            ["metrics"] = new JsonArray(new JsonObject { ["metric"] = 9, ["tolerance"] = 1, ["biasTolerance"] = 1 }),
        };
        Assert.False(Genesis.TryParse(TestGenesis.Bytes(genesis), out _, out _));
        genesis["services"]![0]!["neighbours"]!["metrics"]![0]!["metric"] = 2;
        Assert.True(Genesis.TryParse(TestGenesis.Bytes(genesis), out _, out string? error), error);
    }
}
