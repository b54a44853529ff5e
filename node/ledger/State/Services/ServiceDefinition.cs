using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What a service is about and which proofs count: all that its owner decides. Bounds: <see cref="ServiceBounds"/>.</summary>
/// <remarks>
/// In the state: length:1 name ‖ kind:1 ‖ rulesVersion:4 ‖ intervalMinMs:8 ‖ maxAgeMs:8 ‖ driftMs:8 ‖ constancyMax:4 ‖ attestation required:1 ‖
/// deviceBond:8 ‖ price:8 ‖ length:1 kind parameters ‖ length:1 endpoint ‖ count:1 × manufacturer:20 ‖ count:1 × (id:4 ‖ length:1 name ‖
/// length:1 unit ‖ minimum:8 ‖ maximum:8 ‖ jumpBase:8 ‖ jumpPerMinute:8).
/// </remarks>
public sealed record ServiceDefinition
{
    public required string Name { get; init; }

    /// <summary>Never changes.</summary>
    public required ProofKind Kind { get; init; }

    /// <summary>Which version of its kind's rules judges its proofs.</summary>
    public uint RulesVersion { get; init; } = 1;

    /// <summary>The least time between two observations of one device.</summary>
    public required ulong IntervalMinMs { get; init; }

    /// <summary>How old an observation may be when a block takes it.</summary>
    public required ulong MaxAgeMs { get; init; }

    /// <summary>How far ahead of the block's time an observation may lie.</summary>
    public required ulong DriftMs { get; init; }

    /// <summary>How many readings in a row may have the same values.</summary>
    public required uint ConstancyMax { get; init; }

    /// <summary>True: it takes only devices that one of <see cref="Manufacturers"/> vouches for.</summary>
    public bool AttestationRequired { get; init; } = true;

    /// <summary>What the owner of a device pledges for it while it works here.</summary>
    public Amount DeviceBond { get; init; }

    /// <summary>What one unit of its use costs; its kind says what a unit is.</summary>
    public Credits Price { get; init; }

    /// <summary>What its kind's rules want to know beyond the above, density for example; their form is the kind's.</summary>
    public ReadOnlyMemory<byte> KindParameters { get; init; }

    /// <summary>Where its users find it, an https URL; empty: nowhere.</summary>
    public string Endpoint { get; init; } = "";

    /// <summary>Whose devices it accepts, ascending.</summary>
    public required ImmutableArray<Address> Manufacturers { get; init; }

    /// <summary>What every reading holds, ascending by id.</summary>
    public required ImmutableArray<MetricRule> Metrics { get; init; }

    public bool Equals(ServiceDefinition? other) => other is not null && Encode().AsSpan().SequenceEqual(other.Encode());

    public override int GetHashCode() => HashCode.Combine(Name, Kind, Manufacturers.Length, Metrics.Length);

    internal byte[] Encode()
    {
        WireWriter writer = new();
        writer.Text(1, Name);
        writer.UInt64(2, (ulong)Kind);
        writer.UInt64(3, RulesVersion);
        writer.UInt64(4, IntervalMinMs);
        writer.UInt64(5, MaxAgeMs);
        writer.UInt64(6, DriftMs);
        writer.UInt64(7, ConstancyMax);
        writer.UInt64(8, AttestationRequired ? 1UL : 0);
        writer.UInt64(9, DeviceBond.Grains);
        writer.UInt64(10, Price.Units);
        writer.Bytes(11, KindParameters.Span);
        writer.Text(12, Endpoint);
        foreach (Address manufacturer in Manufacturers)
            writer.Address(13, manufacturer);
        foreach (MetricRule metric in Metrics)
            writer.Element(14, metric.Encode());
        return writer.ToArray();
    }

    internal static ServiceDefinition Read(ref WireReader reader) => new()
    {
        Name = reader.Text(1),
        Kind = ReadKind(ref reader),
        RulesVersion = reader.UInt32(3),
        IntervalMinMs = reader.UInt64(4),
        MaxAgeMs = reader.UInt64(5),
        DriftMs = reader.UInt64(6),
        ConstancyMax = reader.UInt32(7),
        AttestationRequired = reader.Flag(8),
        DeviceBond = new Amount(reader.UInt64(9)),
        Price = new Credits(reader.UInt64(10)),
        KindParameters = reader.Bytes(11).ToArray(),
        Endpoint = reader.Text(12),
        Manufacturers = ReadManufacturers(ref reader),
        Metrics = ReadMetrics(ref reader),
    };

    internal void Write(RecordWriter writer)
    {
        writer.Text(Name);
        writer.UInt8((byte)Kind);
        writer.UInt32(RulesVersion);
        writer.UInt64(IntervalMinMs);
        writer.UInt64(MaxAgeMs);
        writer.UInt64(DriftMs);
        writer.UInt32(ConstancyMax);
        writer.Flag(AttestationRequired);
        writer.Amount(DeviceBond);
        writer.Credits(Price);
        writer.Short(KindParameters.Span);
        writer.Text(Endpoint);
        writer.UInt8((byte)Manufacturers.Length);
        foreach (Address manufacturer in Manufacturers)
            writer.Address(manufacturer);
        writer.UInt8((byte)Metrics.Length);
        foreach (MetricRule metric in Metrics)
            metric.Write(writer);
    }

    // An initialiser runs in the order in which it is written: the order of the layout.
    internal static ServiceDefinition Read(ref RecordReader reader) => new()
    {
        Name = reader.Text(),
        Kind = (ProofKind)reader.UInt8(),
        RulesVersion = reader.UInt32(),
        IntervalMinMs = reader.UInt64(),
        MaxAgeMs = reader.UInt64(),
        DriftMs = reader.UInt64(),
        ConstancyMax = reader.UInt32(),
        AttestationRequired = reader.Flag(),
        DeviceBond = reader.Amount(),
        Price = reader.Credits(),
        KindParameters = reader.Short(),
        Endpoint = reader.Text(),
        Manufacturers = ReadManufacturers(ref reader),
        Metrics = ReadMetrics(ref reader),
    };

    private static ProofKind ReadKind(ref WireReader reader)
    {
        uint kind = reader.UInt32(2);
        if (kind > byte.MaxValue)
            reader.Fail(Reason.ServiceOutOfBounds);
        return unchecked((ProofKind)kind);
    }

    private static ImmutableArray<Address> ReadManufacturers(ref WireReader reader)
    {
        List<Address> manufacturers = [];
        while (reader.TryElement(13, out ReadOnlySpan<byte> element))
        {
            if (element.Length == Address.Size)
                manufacturers.Add(new Address(element));
            else
                reader.Fail(Reason.WrongFieldLength);
        }
        return [.. manufacturers];
    }

    private static ImmutableArray<MetricRule> ReadMetrics(ref WireReader reader)
    {
        List<MetricRule> metrics = [];
        while (reader.TryElement(14, out ReadOnlySpan<byte> element))
        {
            WireReader inner = new(element);
            metrics.Add(MetricRule.Read(ref inner));
            reader.Fail(inner.Finish());
        }
        return [.. metrics];
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
            metrics[i] = MetricRule.Read(ref reader);
        return [.. metrics];
    }
}
