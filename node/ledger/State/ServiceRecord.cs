using System;
using System.Collections.Immutable;
using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What kind of proofs a service takes. The numbers are the state's.</summary>
public enum ProofKind : byte
{
    /// <summary>Readings of sensors, judged by <see cref="ServiceRecord.Metrics"/>.</summary>
    SensorTelemetry = 1,
}

/// <summary>One metric of a service and what its readings must satisfy. Values are in the metric's unit × 1000.</summary>
/// <param name="Id">Its number, from 1.</param>
/// <param name="Name">For people: <c>PM10</c>.</param>
/// <param name="Unit">For people: <c>µg/m³</c>.</param>
/// <param name="Minimum">The lowest possible value.</param>
/// <param name="Maximum">The highest possible value.</param>
/// <param name="JumpBase">Allowed change between two readings, however close.</param>
/// <param name="JumpPerMinute">Allowed change for every minute between them, on top.</param>
public sealed record MetricRule(uint Id, string Name, string Unit, long Minimum, long Maximum, ulong JumpBase, ulong JumpPerMinute);

/// <summary>The definition of a service.</summary>
/// <remarks>
/// version:1 ‖ id:4 ‖ length:1 name ‖ kind:1 ‖ rewardWeight:4 ‖ intervalMinMs:8 ‖ maxAgeMs:8 ‖ driftMs:8 ‖ constancyMax:4 ‖
/// count:1 × manufacturer:20 ‖ count:1 × (id:4 ‖ length:1 name ‖ length:1 unit ‖ minimum:8 ‖ maximum:8 ‖ jumpBase:8 ‖ jumpPerMinute:8).
/// </remarks>
public sealed record ServiceRecord : StateRecord
{
    public required uint Id { get; init; }

    public required string Name { get; init; }

    public required ProofKind Kind { get; init; }

    /// <summary>Its share of the services' rewards relative to the other services that worked in the epoch.</summary>
    public required uint RewardWeight { get; init; }

    /// <summary>The least time between two observations of one device.</summary>
    public required ulong IntervalMinMs { get; init; }

    /// <summary>How old an observation may be when a block takes it.</summary>
    public required ulong MaxAgeMs { get; init; }

    /// <summary>How far ahead of the block's time an observation may lie.</summary>
    public required ulong DriftMs { get; init; }

    /// <summary>How many readings in a row may have the same values.</summary>
    public required uint ConstancyMax { get; init; }

    /// <summary>Whose devices it accepts, ascending.</summary>
    public required ImmutableArray<Address> Manufacturers { get; init; }

    /// <summary>What every reading holds, ascending by id.</summary>
    public required ImmutableArray<MetricRule> Metrics { get; init; }

    /// <summary>The service, or null if there is none of this number.</summary>
    public static ServiceRecord? Find(ILedgerState state, uint service) =>
        state.TryGet(StateKey.Service(service).Bytes, out ReadOnlyMemory<byte> value) ? Decode(value) : null;

    /// <summary>True if devices of this manufacturer may serve it.</summary>
    public bool Accepts(Address manufacturer) => Manufacturers.Contains(manufacturer);

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.UInt32(Id);
        writer.Text(Name);
        writer.UInt8((byte)Kind);
        writer.UInt32(RewardWeight);
        writer.UInt64(IntervalMinMs);
        writer.UInt64(MaxAgeMs);
        writer.UInt64(DriftMs);
        writer.UInt32(ConstancyMax);
        writer.UInt8((byte)Manufacturers.Length);
        foreach (Address manufacturer in Manufacturers)
            writer.Address(manufacturer);
        writer.UInt8((byte)Metrics.Length);
        foreach (MetricRule metric in Metrics)
        {
            writer.UInt32(metric.Id);
            writer.Text(metric.Name);
            writer.Text(metric.Unit);
            writer.Int64(metric.Minimum);
            writer.Int64(metric.Maximum);
            writer.UInt64(metric.JumpBase);
            writer.UInt64(metric.JumpPerMinute);
        }
        return writer.ToArray();
    }

    public static ServiceRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        ServiceRecord record = new()
        {
            Id = reader.UInt32(),
            Name = reader.Text(),
            Kind = (ProofKind)reader.UInt8(),
            RewardWeight = reader.UInt32(),
            IntervalMinMs = reader.UInt64(),
            MaxAgeMs = reader.UInt64(),
            DriftMs = reader.UInt64(),
            ConstancyMax = reader.UInt32(),
            Manufacturers = ReadManufacturers(ref reader),
            Metrics = ReadMetrics(ref reader),
        };
        reader.End();
        return record;
    }

    private static ImmutableArray<Address> ReadManufacturers(ref RecordReader reader)
    {
        Address[] manufacturers = new Address[reader.UInt8()];
        for (int i = 0; i < manufacturers.Length; i++)
            manufacturers[i] = reader.Address();
        return [.. manufacturers];
    }

    private static ImmutableArray<MetricRule> ReadMetrics(ref RecordReader reader)
    {
        MetricRule[] metrics = new MetricRule[reader.UInt8()];
        for (int i = 0; i < metrics.Length; i++)
        {
            metrics[i] = new MetricRule(
                reader.UInt32(), reader.Text(), reader.Text(), reader.Int64(), reader.Int64(), reader.UInt64(), reader.UInt64());
        }
        return [.. metrics];
    }
}
