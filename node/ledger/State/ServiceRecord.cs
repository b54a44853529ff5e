using System;
using System.Collections.Immutable;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// A service: version:1 ‖ id:4 ‖ owner:20 (zeros: none) ‖ bond:8 ‖ rewardWeight:4 ‖ <see cref="ServiceDefinition"/>.
/// </summary>
public sealed record ServiceRecord : StateRecord
{
    public required uint Id { get; init; }

    /// <summary>Who created it and may change it; null: it came with genesis, and only governance changes it.</summary>
    public Address? Owner { get; init; }

    /// <summary>What its owner pledged for it, for as long as it is there.</summary>
    public Amount Bond { get; init; }

    /// <summary>
    /// Its share of the services' rewards relative to the other services that worked in the epoch. A created service has 0 until
    /// governance says otherwise: else anybody could mint for devices of his own making.
    /// </summary>
    public required uint RewardWeight { get; init; }

    public required ServiceDefinition Definition { get; init; }

    public string Name => Definition.Name;

    public ProofKind Kind => Definition.Kind;

    public ulong IntervalMinMs => Definition.IntervalMinMs;

    public ulong MaxAgeMs => Definition.MaxAgeMs;

    public ulong DriftMs => Definition.DriftMs;

    public uint ConstancyMax => Definition.ConstancyMax;

    public ImmutableArray<Address> Manufacturers => Definition.Manufacturers;

    public ImmutableArray<MetricRule> Metrics => Definition.Metrics;

    /// <summary>The service, or null if there is none of this number.</summary>
    public static ServiceRecord? Find(ILedgerState state, uint service) => state.Find(StateKey.Service(service), Decode);

    /// <summary>True if devices of this manufacturer may serve it; null: devices that nobody vouches for.</summary>
    public bool Accepts(Address? manufacturer) =>
        !Definition.AttestationRequired || (manufacturer is { } address && Manufacturers.Contains(address));

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.UInt32(Id);
        writer.Address(Owner ?? default);
        writer.Amount(Bond);
        writer.UInt32(RewardWeight);
        Definition.Write(writer);
        return writer.ToArray();
    }

    public static ServiceRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        ServiceRecord record = new()
        {
            Id = reader.UInt32(),
            Owner = reader.Address() is var owner && owner == default ? null : owner,
            Bond = reader.Amount(),
            RewardWeight = reader.UInt32(),
            Definition = ServiceDefinition.Read(ref reader),
        };
        reader.End();
        return record;
    }
}

/// <summary>
/// What a service's definition becomes when the open reward epoch ends, so that no proof is judged by rules that its device could not
/// know: version:1 ‖ <see cref="ServiceDefinition"/>.
/// </summary>
public sealed record PendingServiceRecord(ServiceDefinition Definition) : StateRecord
{
    /// <summary>The service's next definition, or null if it stays as it is.</summary>
    public static PendingServiceRecord? Find(ILedgerState state, uint service) => state.Find(StateKey.PendingService(service), Decode);

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        Definition.Write(writer);
        return writer.ToArray();
    }

    public static PendingServiceRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        PendingServiceRecord record = new(ServiceDefinition.Read(ref reader));
        reader.End();
        return record;
    }
}
