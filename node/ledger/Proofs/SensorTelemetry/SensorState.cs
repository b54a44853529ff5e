using System;
using System.Collections.Immutable;

namespace AppChain.Ledger;

/// <summary>
/// What is remembered of a sensor, as an enrolment's <see cref="Enrollment.KindState"/>:
/// lastObservedMs:8 ‖ sameInARow:4 ‖ count:1 × (metric:4 ‖ value:8) ‖ nothing, or trust:1 ‖ placedMs:8; empty: nothing was judged yet.
/// </summary>
public sealed record SensorState
{
    /// <summary>A sensor of which nothing is known yet.</summary>
    public static SensorState Fresh { get; } = new();

    /// <summary>The moment of its last reading that was judged by its values; 0: none yet.</summary>
    public ulong LastObservedMs { get; init; }

    /// <summary>How often <see cref="LastReading"/>'s values came in a row.</summary>
    public uint SameInARow { get; init; }

    /// <summary>The last values within bounds: what the next reading's jump is measured from.</summary>
    public ImmutableArray<Measurement> LastReading { get; init; } = [];

    /// <summary>What its windows have earned it (<see cref="SensorTrust"/>), in services that compare neighbours.</summary>
    public uint Trust { get; init; }

    /// <summary>Where it earned that: since when it stood there. A device that moves has to earn it anew.</summary>
    public ulong PlacedMs { get; init; }

    /// <summary>The trust that a device has at its place; while a candidate judges, what it has earned under that one.</summary>
    internal static uint TrustOf(LedgerSession session, DeviceRecord device, uint service) =>
        device.In(service) is { } enrollment && Decode(ShadowFrame.RememberedOf(session, enrollment)) is var state
            && state.PlacedMs == device.MovedMs ? state.Trust : 0;

    internal SensorState WithTrust(uint trust, ulong placedMs) => this with { Trust = trust, PlacedMs = trust == 0 ? 0 : placedMs };

    /// <summary>The state's bytes.</summary>
    public byte[] Encode()
    {
        RecordWriter writer = new();
        writer.UInt64(LastObservedMs);
        writer.UInt32(SameInARow);
        writer.UInt8((byte)LastReading.Length);
        foreach (Measurement measurement in LastReading)
        {
            writer.UInt32(measurement.Metric);
            writer.Int64(measurement.Value);
        }
        if (Trust > 0)
        {
            writer.UInt8((byte)Trust);
            writer.UInt64(PlacedMs);
        }
        return writer.ToArray();
    }

    public static SensorState Decode(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty)
            return Fresh;
        RecordReader reader = new(bytes);
        SensorState state = new()
        {
            LastObservedMs = reader.UInt64(),
            SameInARow = reader.UInt32(),
            LastReading = ReadMeasurements(ref reader),
        };
        if (bytes.Length > HeadSize + (state.LastReading.Length * MeasurementSize))
            state = state with { Trust = reader.UInt8(), PlacedMs = reader.UInt64() };
        reader.End();
        return state;
    }

    private const int HeadSize = 13, MeasurementSize = 12;

    private static ImmutableArray<Measurement> ReadMeasurements(ref RecordReader reader)
    {
        ImmutableArray<Measurement>.Builder measurements = ImmutableArray.CreateBuilder<Measurement>(reader.UInt8());
        for (int i = measurements.Capacity; i > 0; i--)
            measurements.Add(new Measurement(reader.UInt32(), reader.Int64()));
        return measurements.MoveToImmutable();
    }
}
