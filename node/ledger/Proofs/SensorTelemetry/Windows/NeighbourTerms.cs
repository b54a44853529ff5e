using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace AppChain.Ledger;

/// <summary>
/// How a service of kind sensor telemetry compares neighbours: its <see cref="ServiceDefinition.KindParameters"/>. Without them every reading that passes
/// the immediate checks is paid at once.
/// </summary>
/// <param name="Level">Of the grid: sensors of one cell are scored together, those of the cells around it bear witness.</param>
/// <param name="Metrics">What is compared, ascending by metric, 1 to <see cref="MetricsMax"/>.</param>
/// <remarks>level:1 ‖ count:1 × (metric:4 ‖ tolerance:8 ‖ biasTolerance:8 ‖ followMin:4 ‖ staleRatio:4 ‖ copyRatio:4).</remarks>
public sealed record NeighbourTerms(int Level, ImmutableArray<NeighbourMetric> Metrics)
{
    /// <summary>Each metric costs its own scoring.</summary>
    public const int MetricsMax = 2;

    /// <summary>Cells of 156 km: beyond that nobody is a neighbour.</summary>
    public const int LevelMin = 6;

    private const int HeadSize = 2, MetricSize = 32;

    /// <summary>The bytes for a service's definition.</summary>
    public byte[] Encode()
    {
        RecordWriter writer = new();
        writer.UInt8((byte)Level);
        writer.UInt8((byte)Metrics.Length);
        foreach (NeighbourMetric metric in Metrics)
        {
            writer.UInt32(metric.Metric);
            writer.UInt64(metric.Tolerance);
            writer.UInt64(metric.BiasTolerance);
            writer.UInt32(metric.FollowMin);
            writer.UInt32(metric.StaleRatio);
            writer.UInt32(metric.CopyRatio);
        }
        return writer.ToArray();
    }

    /// <summary>Reads terms that anybody may have written, or none; null: they are none.</summary>
    public static NeighbourTerms? TryDecode(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length < HeadSize || bytes.Length != HeadSize + (MetricSize * bytes.Span[HeadSize - 1]))
            return null;
        RecordReader reader = new(bytes);
        int level = reader.UInt8();
        List<NeighbourMetric> metrics = [];
        for (int left = reader.UInt8(); left > 0; left--)
            metrics.Add(new NeighbourMetric(reader.UInt32(), reader.UInt64(), reader.UInt64(), reader.UInt32(), reader.UInt32(), reader.UInt32()));
        reader.End();
        NeighbourTerms terms = new(level, [.. metrics]);
        return terms.AreWithinBounds ? terms : null;
    }

    /// <summary>True if every value lies within its bounds.</summary>
    public bool AreWithinBounds =>
        Level is >= LevelMin and <= Location.Cell.LevelMax
        && Metrics.Length is >= 1 and <= MetricsMax
        && Metrics.All(metric => metric.Tolerance <= (ulong)Robust.ValueMax && metric.BiasTolerance <= (ulong)Robust.ValueMax)
        && Metrics.All(metric => metric.FollowMin <= Robust.Whole && metric.StaleRatio >= Robust.Whole)
        && Metrics.Zip(Metrics.Skip(1)).All(pair => pair.First.Metric < pair.Second.Metric);

    /// <summary>The members <c>neighbours</c> of a service in a genesis file.</summary>
    internal static NeighbourTerms Read(JsonNodeReader node)
    {
        NeighbourTerms terms = new(
            (int)node.UInt32("level", LevelMin, Location.Cell.LevelMax), [.. node.Objects("metrics", 1, MetricsMax).Select(ReadMetric)]);
        node.End();
        return terms.AreWithinBounds ? terms : throw new GenesisFormatException(node.Path, "metrics are not ascending, or a tolerance is beyond 2^40");
    }

    private static NeighbourMetric ReadMetric(JsonNodeReader node)
    {
        SensorScoreRules usual = new() { Tolerance = 0, BiasTolerance = 0 };
        uint Ratio(string name, uint minimum, uint maximum, uint byDefault) => node.Has(name) ? node.UInt32(name, minimum, maximum) : byDefault;
        NeighbourMetric metric = new(
            node.UInt32("metric", 1, uint.MaxValue), node.UInt64("tolerance", 0, (ulong)Robust.ValueMax),
            node.UInt64("biasTolerance", 0, (ulong)Robust.ValueMax), Ratio("followMin", 0, (uint)Robust.Whole, usual.FollowMin),
            Ratio("staleRatio", (uint)Robust.Whole, uint.MaxValue, usual.StaleRatio), Ratio("copyRatio", 0, uint.MaxValue, usual.CopyRatio));
        node.End();
        return metric;
    }
}

/// <summary>How one metric is compared: what differs between metrics of <see cref="SensorScoreRules"/>. docs/calibration.md has such numbers.</summary>
/// <param name="Metric">The metric's number in its service.</param>
/// <param name="Tolerance"><see cref="SensorScoreRules.Tolerance"/>.</param>
/// <param name="BiasTolerance"><see cref="SensorScoreRules.BiasTolerance"/>.</param>
/// <param name="FollowMin"><see cref="SensorScoreRules.FollowMin"/>.</param>
/// <param name="StaleRatio"><see cref="SensorScoreRules.StaleRatio"/>.</param>
/// <param name="CopyRatio"><see cref="SensorScoreRules.CopyRatio"/>.</param>
public sealed record NeighbourMetric(uint Metric, ulong Tolerance, ulong BiasTolerance, uint FollowMin, uint StaleRatio, uint CopyRatio);
