using System;
using System.Collections.Immutable;
using System.Linq;

namespace AppChain.Ledger;

/// <summary>What a part of a state key is, for people who write or read one.</summary>
public enum StateKeyPart
{
    /// <summary>An address of 20 bytes: an account's or a manufacturer's.</summary>
    Account,

    /// <summary>An address of 20 bytes: a device's.</summary>
    Device,

    /// <summary>An address of 20 bytes: a validator's.</summary>
    Validator,

    /// <summary>A number of 1 byte.</summary>
    UInt8,

    /// <summary>A number of 4 bytes.</summary>
    UInt32,

    /// <summary>A number of 8 bytes.</summary>
    UInt64,

    /// <summary>The rest of the key, whatever its length.</summary>
    Bytes,
}

/// <summary>One part of a state key, behind the kind byte.</summary>
/// <param name="Name">For people: <c>service</c>.</param>
public readonly record struct StateKeyField(string Name, StateKeyPart Part);

/// <summary>
/// How the records of one kind are keyed and read: what tools that look into a state need to know. <see cref="All"/> has a line for every
/// <see cref="StateKind"/>; a test fails where one is missing.
/// </summary>
/// <param name="Kind">The kind.</param>
/// <param name="Decode">Reads a value; throws <see cref="LedgerInvariantException"/> if it is not one that the ledger wrote.</param>
/// <param name="Key">The parts of the key behind the kind byte; none: there is one record of the kind.</param>
public sealed record StateLayout(StateKind Kind, Func<ReadOnlyMemory<byte>, StateRecord> Decode, params ImmutableArray<StateKeyField> Key)
{
    /// <summary>Every kind, in order of its number.</summary>
    public static ImmutableArray<StateLayout> All { get; } =
    [
        new(StateKind.Account, AccountRecord.Decode, new StateKeyField("address", StateKeyPart.Account)),
        new(StateKind.Device, DeviceRecord.Decode, new StateKeyField("address", StateKeyPart.Device)),
        new(StateKind.Manufacturer, ManufacturerRecord.Decode, new StateKeyField("address", StateKeyPart.Account)),
        new(StateKind.Service, ServiceRecord.Decode, new StateKeyField("service", StateKeyPart.UInt32)),
        new(StateKind.ServiceWork, Ledger.ServiceWork.Decode, new StateKeyField("service", StateKeyPart.UInt32)),
        new(StateKind.Pool, PoolRecord.Decode, new StateKeyField("service", StateKeyPart.UInt32), new StateKeyField("epoch", StateKeyPart.UInt64)),
        new(StateKind.Sponsor, SponsorRecord.Decode, new StateKeyField("service", StateKeyPart.UInt32)),
        new(StateKind.Epoch, EpochRecord.Decode),
        new(StateKind.Supply, SupplyRecord.Decode),
        new(StateKind.Treasury, TreasuryRecord.Decode),
        new(StateKind.Parameters, ParametersRecord.Decode),
        new(StateKind.ServiceDirectory, Ledger.ServiceDirectory.Decode),
        new(StateKind.Validators, ValidatorsRecord.Decode),
        new(StateKind.NextValidators, ValidatorsRecord.Decode),
        new(StateKind.Queue, QueueRecord.Decode, new StateKeyField("queue", StateKeyPart.UInt8)),
        new(StateKind.QueueItem, QueueItemRecord.Decode, new StateKeyField("queue", StateKeyPart.UInt8), new StateKeyField("number", StateKeyPart.UInt64)),
        new(StateKind.RevokedBatch, RevocationRecord.Decode,
            new StateKeyField("manufacturer", StateKeyPart.Account), new StateKeyField("batch", StateKeyPart.UInt32)),
        new(StateKind.RevokedKey, RevocationRecord.Decode,
            new StateKeyField("manufacturer", StateKeyPart.Account), new StateKeyField("address", StateKeyPart.Device)),
        new(StateKind.DeviceKey, DeviceKeyRecord.Decode, new StateKeyField("address", StateKeyPart.Device)),
        new(StateKind.PendingService, PendingServiceRecord.Decode, new StateKeyField("service", StateKeyPart.UInt32)),
        new(StateKind.Channel, ChannelRecord.Decode, new StateKeyField("channel", StateKeyPart.Bytes)),
        new(StateKind.PriceReporters, Ledger.PriceReporters.Decode),
        new(StateKind.PriceFeed, Ledger.PriceFeed.Decode),
        new(StateKind.DeviceUsage, Ledger.DeviceUsage.Decode,
            new StateKeyField("device", StateKeyPart.Device), new StateKeyField("service", StateKeyPart.UInt32)),
        new(StateKind.Validator, ValidatorRecord.Decode, new StateKeyField("operator", StateKeyPart.Validator)),
        new(StateKind.ValidatorDirectory, Ledger.ValidatorDirectory.Decode),
        new(StateKind.ConsensusKey, ConsensusKeyRecord.Decode, new StateKeyField("address", StateKeyPart.Validator)),
        new(StateKind.Stake, StakeRecord.Decode, new StateKeyField("account", StateKeyPart.Account)),
        new(StateKind.ConsensusEpoch, ConsensusEpochRecord.Decode),
        new(StateKind.Governance, GovernanceRecord.Decode),
        new(StateKind.Proposal, ProposalRecord.Decode, new StateKeyField("proposal", StateKeyPart.UInt64)),
        new(StateKind.Ballots, BallotsRecord.Decode, new StateKeyField("voter", StateKeyPart.Account)),
        new(StateKind.Protocol, ProtocolRecord.Decode),
        new(StateKind.Dispute, DisputeRecord.Decode, new StateKeyField("dispute", StateKeyPart.UInt64)),
        new(StateKind.DisputeCount, DisputeCountRecord.Decode),
        new(StateKind.AccusedDevice, AccusedRecord.Decode, new StateKeyField("device", StateKeyPart.Device)),
        new(StateKind.AccusedManufacturer, AccusedRecord.Decode, new StateKeyField("manufacturer", StateKeyPart.Account)),
        new(StateKind.AccusedValidator, AccusedRecord.Decode, new StateKeyField("validator", StateKeyPart.Validator)),
        new(StateKind.Entropy, EntropyRecord.Decode),
        new(StateKind.CoverageGroup, Ledger.CoverageGroup.Decode,
            new StateKeyField("service", StateKeyPart.UInt32), new StateKeyField("device", StateKeyPart.Device)),
        new(StateKind.CellCount, CellCountRecord.Decode, new StateKeyField("service", StateKeyPart.UInt32), new StateKeyField("cell", StateKeyPart.UInt64)),
        new(StateKind.Emission, EmissionRecord.Decode),
        new(StateKind.ServiceDemand, Ledger.ServiceDemand.Decode, new StateKeyField("service", StateKeyPart.UInt32)),
        new(StateKind.DeviceRests, Ledger.DeviceRests.Decode, new StateKeyField("device", StateKeyPart.Device)),
        new(StateKind.Meter, MeterRecord.Decode, new StateKeyField("service", StateKeyPart.UInt32), new StateKeyField("device", StateKeyPart.Device)),
        new(StateKind.Feeder, FeederRecord.Decode, new StateKeyField("service", StateKeyPart.UInt32), new StateKeyField("device", StateKeyPart.Device)),
        new(StateKind.SensorSlots, SensorSlotsRecord.Decode,
            new StateKeyField("service", StateKeyPart.UInt32), new StateKeyField("device", StateKeyPart.Device), new StateKeyField("window", StateKeyPart.UInt64)),
        new(StateKind.SensorRoster, SensorRosterRecord.Decode,
            new StateKeyField("service", StateKeyPart.UInt32), new StateKeyField("cell", StateKeyPart.UInt64), new StateKeyField("window", StateKeyPart.UInt64)),
        new(StateKind.SensorPast, SensorPastRecord.Decode,
            new StateKeyField("service", StateKeyPart.UInt32), new StateKeyField("cell", StateKeyPart.UInt64), new StateKeyField("metric", StateKeyPart.UInt32)),
        new(StateKind.GridEvent, GridEventRecord.Decode,
            new StateKeyField("service", StateKeyPart.UInt32), new StateKeyField("device", StateKeyPart.Device), new StateKeyField("interval", StateKeyPart.UInt64)),
        new(StateKind.MapImage, MapImageRecord.Decode, new StateKeyField("image", StateKeyPart.Bytes)),
        new(StateKind.ImageNullifier, ImageNullifierRecord.Decode,
            new StateKeyField("service", StateKeyPart.UInt32), new StateKeyField("nullifier", StateKeyPart.Bytes)),
        new(StateKind.ImageMemory, ImageMemoryRecord.Decode, new StateKeyField("service", StateKeyPart.UInt32), new StateKeyField("number", StateKeyPart.UInt64)),
        new(StateKind.MappingCounts, MappingCountsRecord.Decode, new StateKeyField("service", StateKeyPart.UInt32)),
        new(StateKind.Reviewers, ReviewersRecord.Decode, new StateKeyField("service", StateKeyPart.UInt32)),
        new(StateKind.MapTile, MapTileRecord.Decode,
            new StateKeyField("service", StateKeyPart.UInt32), new StateKeyField("cell", StateKeyPart.UInt64),
            new StateKeyField("segment", StateKeyPart.UInt32), new StateKeyField("heading", StateKeyPart.UInt8)),
        new(StateKind.Deal, DealRecord.Decode, new StateKeyField("deal", StateKeyPart.Bytes)),
        new(StateKind.OpenWork, OpenWorkRecord.Decode, new StateKeyField("device", StateKeyPart.Device), new StateKeyField("service", StateKeyPart.UInt32)),
        new(StateKind.Job, JobRecord.Decode, new StateKeyField("job", StateKeyPart.Bytes)),
        new(StateKind.Shadow, ShadowRecord.Decode, new StateKeyField("service", StateKeyPart.UInt32)),
        new(StateKind.ShadowedRecord, Ledger.ShadowedRecord.Decode, new StateKeyField("key", StateKeyPart.Bytes)),
        new(StateKind.ProofBatch, ProofBatchRecord.Decode,
            new StateKeyField("service", StateKeyPart.UInt32), new StateKeyField("device", StateKeyPart.Device)),
        new(StateKind.Turns, TurnsRecord.Decode, new StateKeyField("queue", StateKeyPart.UInt8)),
        new(StateKind.TurnItem, TurnItemRecord.Decode,
            new StateKeyField("queue", StateKeyPart.UInt8), new StateKeyField("service", StateKeyPart.UInt32),
            new StateKeyField("place", StateKeyPart.UInt64)),
        new(StateKind.FormerRules, FormerRulesRecord.Decode, new StateKeyField("service", StateKeyPart.UInt32)),
    ];

    /// <summary>The layout of a key's kind, or null if this version of the ledger knows none.</summary>
    public static StateLayout? Of(ReadOnlyMemory<byte> key) =>
        key.IsEmpty ? null : All.FirstOrDefault(layout => (byte)layout.Kind == key.Span[0]);
}
