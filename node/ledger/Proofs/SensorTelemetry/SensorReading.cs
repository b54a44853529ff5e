using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace AppChain.Ledger;

/// <summary>The value of one metric.</summary>
/// <param name="Metric">The metric's number in its service, from 1.</param>
/// <param name="Value">In the metric's unit × 1000.</param>
public readonly record struct Measurement(uint Metric, long Value);

/// <summary>The payload of kind sensor telemetry: what one sensor read at one moment.</summary>
public sealed record SensorReading : ProofPayload
{
    internal const int Number = 16;

    /// <summary>
    /// Units of work of one accepted reading: units count in parts per million of a reading, so that later rules can weigh one.
    /// </summary>
    public const ulong UnitsPerReading = 1_000_000;

    /// <param name="measurements">At most 16; a service asks for each of its metrics once, ascending.</param>
    public SensorReading(params IEnumerable<Measurement> measurements) => Measurements = [.. measurements];

    /// <inheritdoc/>
    public override ProofKind Kind => ProofKind.SensorTelemetry;

    internal override int Field => Number;

    /// <summary>The measurements in the order of the message.</summary>
    public ImmutableArray<Measurement> Measurements { get; }

    public bool Equals(SensorReading? other) => other is not null && Measurements.SequenceEqual(other.Measurements);

    public override int GetHashCode() => Measurements.Aggregate(0, HashCode.Combine);

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        foreach (Measurement measurement in Measurements)
        {
            WireWriter element = new();
            element.UInt64(1, measurement.Metric);
            element.SInt64(2, measurement.Value);
            writer.Element(1, element.ToArray());
        }
        return writer.ToArray();
    }

    internal static SensorReading Read(ref WireReader reader)
    {
        List<Measurement> measurements = [];
        while (reader.TryElement(1, out ReadOnlySpan<byte> element))
        {
            WireReader inner = new(element);
            measurements.Add(new Measurement(inner.UInt32(1), inner.SInt64(2)));
            reader.Fail(inner.Finish());
            if (measurements.Count > LedgerLimits.MeasurementsMax)
                reader.Fail(Reason.TooManyMeasurements);
        }
        return new SensorReading(measurements);
    }
}
