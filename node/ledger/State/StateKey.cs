using System;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What a state key is the key of: its first byte. The numbers are part of the state root and never change.</summary>
public enum StateKind : byte
{
    Account = 0x01,
    Device = 0x02,
    Manufacturer = 0x03,
    Service = 0x04,
    ServiceWork = 0x05,
    Pool = 0x06,
    Sponsor = 0x07,
    Epoch = 0x10,
    Supply = 0x11,
    Treasury = 0x12,
    Parameters = 0x13,
    ServiceDirectory = 0x14,
    Validators = 0x15,
    NextValidators = 0x16,
    Queue = 0x17,
    QueueItem = 0x18,

    RevokedBatch = 0x20,
    RevokedKey = 0x21,
    DeviceKey = 0x22,
    PendingService = 0x23,
    Channel = 0x30,
    PriceReporters = 0x31,
    PriceFeed = 0x32,
    DeviceUsage = 0x33,
    Validator = 0x40,
    ValidatorDirectory = 0x41,
    ConsensusKey = 0x42,
    Stake = 0x43,
    ConsensusEpoch = 0x44,

    Governance = 0x50,
    Proposal = 0x51,
    Ballots = 0x52,
    Protocol = 0x53,
    Dispute = 0x60,
    DisputeCount = 0x61,
    AccusedDevice = 0x62,
    AccusedManufacturer = 0x63,
    AccusedValidator = 0x64,

    Entropy = 0x70,
    CoverageGroup = 0x71,
    CellCount = 0x72,

    Emission = 0x80,
    ServiceDemand = 0x81,
    DeviceRests = 0x82,

    Meter = 0x90,
    Feeder = 0x91,
    SensorSlots = 0x92,
    SensorRoster = 0x93,
    SensorPast = 0x94,
    GridEvent = 0x95,

    MapImage = 0x96,
    ImageNullifier = 0x97,
    ImageMemory = 0x98,
    MappingCounts = 0x99,
    Reviewers = 0x9a,
    MapTile = 0x9b,

    Deal = 0xa0,
    OpenWork = 0xa1,
    Job = 0xa2,

    Shadow = 0xb0,
    ShadowedRecord = 0xb1,
    ProofBatch = 0xb2,

    Turns = 0xc0,
    TurnItem = 0xc1,
    FormerRules = 0xc2,

    // Identity 20–. Credits, prices and demand 30–. Stake 40–. Governance 50–. Disputes 60–. Proofs 70–. Economics 80–. Energy 90–. Deals and jobs a0–. Candidates and batches b0–.
    // Turns and former rules c0–.
}

/// <summary>
/// A key of the state: one kind byte and an identifier, integers big-endian. Every layout is in this file.
/// Ordered as its bytes are.
/// </summary>
public readonly struct StateKey : IEquatable<StateKey>, IComparable<StateKey>
{
    /// <summary>Bytes of the longest key.</summary>
    public const int SizeMax = 1 + (2 * Address.Size);

    private readonly Storage storage;
    private readonly byte length;

    private StateKey(StateKind kind, ReadOnlySpan<byte> identifier = default)
    {
        Span<byte> bytes = MemoryMarshal.CreateSpan(ref storage.First, SizeMax);
        bytes[0] = (byte)kind;
        identifier.CopyTo(bytes[1..]);
        length = (byte)(1 + identifier.Length);
    }

    /// <summary><c>01 ‖ address</c> → <see cref="AccountRecord"/>.</summary>
    public static StateKey Account(Address address) => new(StateKind.Account, address.Bytes);

    /// <summary><c>02 ‖ address</c> → <see cref="DeviceRecord"/>.</summary>
    public static StateKey Device(Address address) => new(StateKind.Device, address.Bytes);

    /// <summary><c>03 ‖ address</c> → <see cref="ManufacturerRecord"/>.</summary>
    public static StateKey Manufacturer(Address address) => new(StateKind.Manufacturer, address.Bytes);

    /// <summary><c>04 ‖ service:4</c> → <see cref="ServiceRecord"/>.</summary>
    public static StateKey Service(uint service) => OfService(StateKind.Service, service);

    /// <summary><c>05 ‖ service:4</c> → <see cref="ServiceWork"/>, the units of the open epoch.</summary>
    public static StateKey ServiceWork(uint service) => OfService(StateKind.ServiceWork, service);

    /// <summary><c>06 ‖ service:4 ‖ epoch:8</c> → <see cref="PoolRecord"/>.</summary>
    public static StateKey Pool(uint service, ulong epoch)
    {
        Span<byte> identifier = stackalloc byte[12];
        BinaryPrimitives.WriteUInt32BigEndian(identifier, service);
        BinaryPrimitives.WriteUInt64BigEndian(identifier[4..], epoch);
        return new StateKey(StateKind.Pool, identifier);
    }

    /// <summary><c>07 ‖ service:4</c> → <see cref="SponsorRecord"/>.</summary>
    public static StateKey Sponsor(uint service) => OfService(StateKind.Sponsor, service);

    /// <summary><c>10</c> → <see cref="EpochRecord"/>.</summary>
    public static StateKey Epoch { get; } = new(StateKind.Epoch);

    /// <summary><c>11</c> → <see cref="SupplyRecord"/>.</summary>
    public static StateKey Supply { get; } = new(StateKind.Supply);

    /// <summary><c>12</c> → <see cref="TreasuryRecord"/>.</summary>
    public static StateKey Treasury { get; } = new(StateKind.Treasury);

    /// <summary><c>13</c> → <see cref="ParametersRecord"/>.</summary>
    public static StateKey Parameters { get; } = new(StateKind.Parameters);

    /// <summary><c>14</c> → <see cref="Ledger.ServiceDirectory"/>.</summary>
    public static StateKey ServiceDirectory { get; } = new(StateKind.ServiceDirectory);

    /// <summary><c>15</c> → <see cref="ValidatorsRecord"/>, of this epoch of consensus.</summary>
    public static StateKey Validators { get; } = new(StateKind.Validators);

    /// <summary><c>16</c> → <see cref="ValidatorsRecord"/>, of the next one; absent if it stays the same.</summary>
    public static StateKey NextValidators { get; } = new(StateKind.NextValidators);

    /// <summary><c>17 ‖ queue:1</c> → <see cref="QueueRecord"/>.</summary>
    public static StateKey Queue(QueueKind queue) => new(StateKind.Queue, [(byte)queue]);

    /// <summary><c>18 ‖ queue:1 ‖ number:8</c> → <see cref="QueueItemRecord"/>.</summary>
    public static StateKey QueueItem(QueueKind queue, ulong number)
    {
        Span<byte> identifier = stackalloc byte[9];
        identifier[0] = (byte)queue;
        BinaryPrimitives.WriteUInt64BigEndian(identifier[1..], number);
        return new StateKey(StateKind.QueueItem, identifier);
    }

    /// <summary><c>20 ‖ manufacturer ‖ batch:4</c> → <see cref="RevocationRecord"/>.</summary>
    public static StateKey RevokedBatch(Address manufacturer, uint batch)
    {
        Span<byte> identifier = stackalloc byte[Address.Size + 4];
        manufacturer.Bytes.CopyTo(identifier);
        BinaryPrimitives.WriteUInt32BigEndian(identifier[Address.Size..], batch);
        return new StateKey(StateKind.RevokedBatch, identifier);
    }

    /// <summary><c>21 ‖ manufacturer ‖ key's address</c> → <see cref="RevocationRecord"/>.</summary>
    public static StateKey RevokedKey(Address manufacturer, Address key)
    {
        Span<byte> identifier = stackalloc byte[2 * Address.Size];
        manufacturer.Bytes.CopyTo(identifier);
        key.Bytes.CopyTo(identifier[Address.Size..]);
        return new StateKey(StateKind.RevokedKey, identifier);
    }

    /// <summary><c>22 ‖ key's address</c> → <see cref="DeviceKeyRecord"/>.</summary>
    public static StateKey DeviceKey(Address key) => new(StateKind.DeviceKey, key.Bytes);

    /// <summary><c>23 ‖ service:4</c> → <see cref="PendingServiceRecord"/>.</summary>
    public static StateKey PendingService(uint service) => OfService(StateKind.PendingService, service);

    /// <summary><c>30 ‖ channel:20</c> → <see cref="ChannelRecord"/>.</summary>
    public static StateKey Channel(ChannelId channel) => new(StateKind.Channel, channel.Bytes);

    /// <summary><c>31</c> → <see cref="Ledger.PriceReporters"/>; absent: nobody reports.</summary>
    public static StateKey PriceReporters { get; } = new(StateKind.PriceReporters);

    /// <summary><c>32</c> → <see cref="Ledger.PriceFeed"/>; absent: nobody has reported.</summary>
    public static StateKey PriceFeed { get; } = new(StateKind.PriceFeed);

    /// <summary><c>33 ‖ device:20 ‖ service:4</c> → <see cref="Ledger.DeviceUsage"/>.</summary>
    public static StateKey DeviceUsage(Address device, uint service)
    {
        Span<byte> identifier = stackalloc byte[Address.Size + 4];
        device.Bytes.CopyTo(identifier);
        BinaryPrimitives.WriteUInt32BigEndian(identifier[Address.Size..], service);
        return new StateKey(StateKind.DeviceUsage, identifier);
    }
    /// <summary><c>40 ‖ operator</c> → <see cref="ValidatorRecord"/>.</summary>
    public static StateKey Validator(Address validator) => new(StateKind.Validator, validator.Bytes);

    /// <summary><c>41</c> → <see cref="Ledger.ValidatorDirectory"/>.</summary>
    public static StateKey ValidatorDirectory { get; } = new(StateKind.ValidatorDirectory);

    /// <summary><c>42 ‖ key's address</c> → <see cref="ConsensusKeyRecord"/>.</summary>
    public static StateKey ConsensusKey(Address key) => new(StateKind.ConsensusKey, key.Bytes);

    /// <summary><c>43 ‖ account</c> → <see cref="StakeRecord"/>.</summary>
    public static StateKey Stake(Address account) => new(StateKind.Stake, account.Bytes);

    /// <summary><c>44</c> → <see cref="ConsensusEpochRecord"/>.</summary>
    public static StateKey ConsensusEpoch { get; } = new(StateKind.ConsensusEpoch);

    /// <summary><c>50</c> → <see cref="GovernanceRecord"/>.</summary>
    public static StateKey Governance { get; } = new(StateKind.Governance);

    /// <summary><c>51 ‖ number:8</c> → <see cref="ProposalRecord"/>.</summary>
    public static StateKey Proposal(ulong number) => Numbered(StateKind.Proposal, number);

    /// <summary><c>52 ‖ voter</c> → <see cref="BallotsRecord"/>.</summary>
    public static StateKey Ballots(Address voter) => new(StateKind.Ballots, voter.Bytes);

    /// <summary><c>53</c> → <see cref="ProtocolRecord"/>.</summary>
    public static StateKey Protocol { get; } = new(StateKind.Protocol);

    /// <summary><c>60 ‖ number:8</c> → <see cref="DisputeRecord"/>.</summary>
    public static StateKey Dispute(ulong number) => Numbered(StateKind.Dispute, number);

    /// <summary><c>61</c> → <see cref="DisputeCountRecord"/>.</summary>
    public static StateKey DisputeCount { get; } = new(StateKind.DisputeCount);

    /// <summary><c>62, 63 or 64 ‖ address</c> → <see cref="AccusedRecord"/>: one kind of key for each <see cref="SubjectKind"/>.</summary>
    public static StateKey Accused(Subject subject) => new(KindOf(subject.Kind), subject.Address.Bytes);

    /// <summary><c>70</c> → <see cref="EntropyRecord"/>; absent: no service asks for it.</summary>
    public static StateKey Entropy { get; } = new(StateKind.Entropy);

    /// <summary><c>71 ‖ service:4 ‖ device:20</c> → <see cref="Ledger.CoverageGroup"/>.</summary>
    public static StateKey CoverageGroup(uint service, Address beaconer)
    {
        Span<byte> identifier = stackalloc byte[4 + Address.Size];
        BinaryPrimitives.WriteUInt32BigEndian(identifier, service);
        beaconer.Bytes.CopyTo(identifier[4..]);
        return new StateKey(StateKind.CoverageGroup, identifier);
    }

    /// <summary><c>72 ‖ service:4 ‖ cell:8</c> → <see cref="CellCountRecord"/>.</summary>
    public static StateKey CellCount(uint service, ulong cell)
    {
        Span<byte> identifier = stackalloc byte[12];
        BinaryPrimitives.WriteUInt32BigEndian(identifier, service);
        BinaryPrimitives.WriteUInt64BigEndian(identifier[4..], cell);
        return new StateKey(StateKind.CellCount, identifier);
    }

    /// <summary><c>80</c> → <see cref="EmissionRecord"/>; absent: nothing was burned or minted.</summary>
    public static StateKey Emission { get; } = new(StateKind.Emission);

    /// <summary><c>81 ‖ service:4</c> → <see cref="Ledger.ServiceDemand"/>.</summary>
    public static StateKey ServiceDemand(uint service) => OfService(StateKind.ServiceDemand, service);

    /// <summary><c>82 ‖ device:20</c> → <see cref="Ledger.DeviceRests"/>; absent: nothing rests.</summary>
    public static StateKey DeviceRests(Address device) => new(StateKind.DeviceRests, device.Bytes);

    /// <summary><c>90 ‖ service:4 ‖ device:20</c> → <see cref="MeterRecord"/>.</summary>
    public static StateKey Meter(uint service, Address device) => OfServiceAndDevice(StateKind.Meter, service, device);

    /// <summary><c>91 ‖ service:4 ‖ device:20</c> → <see cref="FeederRecord"/>.</summary>
    public static StateKey Feeder(uint service, Address device) => OfServiceAndDevice(StateKind.Feeder, service, device);

    /// <summary><c>92 ‖ service:4 ‖ device:20 ‖ startMs:8</c> → <see cref="SensorSlotsRecord"/>.</summary>
    public static StateKey SensorSlots(uint service, Address device, ulong startMs) =>
        OfServiceDeviceAndTime(StateKind.SensorSlots, service, device, startMs);

    /// <summary><c>93 ‖ service:4 ‖ cell:8 ‖ startMs:8</c> → <see cref="SensorRosterRecord"/>.</summary>
    public static StateKey SensorRoster(uint service, ulong cell, ulong startMs)
    {
        Span<byte> identifier = stackalloc byte[20];
        BinaryPrimitives.WriteUInt32BigEndian(identifier, service);
        BinaryPrimitives.WriteUInt64BigEndian(identifier[4..], cell);
        BinaryPrimitives.WriteUInt64BigEndian(identifier[12..], startMs);
        return new StateKey(StateKind.SensorRoster, identifier);
    }

    /// <summary><c>94 ‖ service:4 ‖ cell:8 ‖ metric:4</c> → <see cref="SensorPastRecord"/>.</summary>
    public static StateKey SensorPast(uint service, ulong cell, uint metric)
    {
        Span<byte> identifier = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32BigEndian(identifier, service);
        BinaryPrimitives.WriteUInt64BigEndian(identifier[4..], cell);
        BinaryPrimitives.WriteUInt32BigEndian(identifier[12..], metric);
        return new StateKey(StateKind.SensorPast, identifier);
    }

    /// <summary><c>95 ‖ service:4 ‖ feeder:20 ‖ from:8</c> → <see cref="GridEventRecord"/>.</summary>
    public static StateKey GridEvent(uint service, Address feeder, ulong fromSeconds) =>
        OfServiceDeviceAndTime(StateKind.GridEvent, service, feeder, fromSeconds);

    /// <summary><c>96 ‖ image:32</c> → <see cref="MapImageRecord"/>.</summary>
    public static StateKey MapImage(Hash256 image) => new(StateKind.MapImage, image.Bytes);

    /// <summary><c>97 ‖ service:4 ‖ nullifier:32</c> → <see cref="ImageNullifierRecord"/>.</summary>
    public static StateKey ImageNullifier(uint service, Hash256 nullifier)
    {
        Span<byte> identifier = stackalloc byte[4 + Hash256.Size];
        BinaryPrimitives.WriteUInt32BigEndian(identifier, service);
        nullifier.Bytes.CopyTo(identifier[4..]);
        return new StateKey(StateKind.ImageNullifier, identifier);
    }

    /// <summary><c>98 ‖ service:4 ‖ number:8</c> → <see cref="ImageMemoryRecord"/>.</summary>
    public static StateKey ImageMemory(uint service, ulong number)
    {
        Span<byte> identifier = stackalloc byte[12];
        BinaryPrimitives.WriteUInt32BigEndian(identifier, service);
        BinaryPrimitives.WriteUInt64BigEndian(identifier[4..], number);
        return new StateKey(StateKind.ImageMemory, identifier);
    }

    /// <summary><c>99 ‖ service:4</c> → <see cref="MappingCountsRecord"/>; absent: there was no image yet.</summary>
    public static StateKey MappingCounts(uint service) => OfService(StateKind.MappingCounts, service);

    /// <summary><c>9a ‖ service:4</c> → <see cref="ReviewersRecord"/>; absent: nobody reviews.</summary>
    public static StateKey Reviewers(uint service) => OfService(StateKind.Reviewers, service);

    /// <summary><c>9b ‖ service:4 ‖ cell:8 ‖ segment:4 ‖ heading:1</c> → <see cref="MapTileRecord"/>.</summary>
    public static StateKey MapTile(uint service, in MapTile tile)
    {
        Span<byte> identifier = stackalloc byte[4 + Ledger.MapTile.Size];
        BinaryPrimitives.WriteUInt32BigEndian(identifier, service);
        BinaryPrimitives.WriteUInt64BigEndian(identifier[4..], tile.Cell);
        BinaryPrimitives.WriteUInt32BigEndian(identifier[12..], tile.Segment);
        identifier[16] = tile.Heading;
        return new StateKey(StateKind.MapTile, identifier);
    }

    /// <summary><c>a0 ‖ deal:32</c> → <see cref="DealRecord"/>.</summary>
    public static StateKey Deal(Hash256 deal) => new(StateKind.Deal, deal.Bytes);

    /// <summary><c>a1 ‖ device:20 ‖ service:4</c> → <see cref="OpenWorkRecord"/>.</summary>
    public static StateKey OpenWork(Address device, uint service)
    {
        Span<byte> identifier = stackalloc byte[Address.Size + 4];
        device.Bytes.CopyTo(identifier);
        BinaryPrimitives.WriteUInt32BigEndian(identifier[Address.Size..], service);
        return new StateKey(StateKind.OpenWork, identifier);
    }

    /// <summary><c>a2 ‖ job:32</c> → <see cref="JobRecord"/>.</summary>
    public static StateKey Job(Hash256 job) => new(StateKind.Job, job.Bytes);

    /// <summary><c>b0 ‖ service:4</c> → <see cref="ShadowRecord"/>; absent: the service's rules never had a candidate.</summary>
    public static StateKey Shadow(uint service) => OfService(StateKind.Shadow, service);

    /// <summary><c>b1 ‖ key</c> → <see cref="Ledger.ShadowedRecord"/>: a record of a kind of proof, under a candidate.</summary>
    public static StateKey Shadowed(in StateKey key)
    {
        Invariant.Check(key.length < SizeMax, "A record that a kind keeps for its groups has too long a key to be kept twice.");
        return new StateKey(StateKind.ShadowedRecord, key.Bytes);
    }

    /// <summary><c>b2 ‖ service:4 ‖ device:20</c> → <see cref="ProofBatchRecord"/>; absent: none is open.</summary>
    public static StateKey ProofBatch(uint service, Address device)
    {
        Span<byte> identifier = stackalloc byte[4 + Address.Size];
        BinaryPrimitives.WriteUInt32BigEndian(identifier, service);
        device.Bytes.CopyTo(identifier[4..]);
        return new StateKey(StateKind.ProofBatch, identifier);
    }

    /// <summary><c>c0 ‖ queue:1</c> → <see cref="TurnsRecord"/>; absent: nothing waits for its service's turn.</summary>
    public static StateKey Turns(QueueKind queue) => new(StateKind.Turns, [(byte)queue]);

    /// <summary><c>c1 ‖ queue:1 ‖ service:4 ‖ place:8</c> → <see cref="TurnItemRecord"/>.</summary>
    public static StateKey TurnItem(QueueKind queue, uint service, ulong place)
    {
        Span<byte> identifier = stackalloc byte[13];
        identifier[0] = (byte)queue;
        BinaryPrimitives.WriteUInt32BigEndian(identifier[1..], service);
        BinaryPrimitives.WriteUInt64BigEndian(identifier[5..], place);
        return new StateKey(StateKind.TurnItem, identifier);
    }

    /// <summary><c>c2 ‖ service:4</c> → <see cref="FormerRulesRecord"/>; absent: the service never had other rules.</summary>
    public static StateKey FormerRules(uint service) => OfService(StateKind.FormerRules, service);

    /// <summary>The key of these bytes, which need not be one of the layouts above.</summary>
    /// <exception cref="ArgumentException">There are none, or more than <see cref="SizeMax"/>.</exception>
    public static StateKey From(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length is 0 or > SizeMax)
            throw new ArgumentException($"A state key has 1 to {SizeMax} bytes, not {bytes.Length}.", nameof(bytes));
        return new StateKey((StateKind)bytes[0], bytes[1..]);
    }

    /// <summary>The bytes, without a copy; valid as long as the variable is.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> Bytes => MemoryMarshal.CreateReadOnlySpan(in storage.First, length);

    public bool Equals(StateKey other) => Bytes.SequenceEqual(other.Bytes);

    public override bool Equals(object? obj) => obj is StateKey other && Equals(other);

    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(Bytes); // seeded per process: nobody outside can choose keys that collide
        return hash.ToHashCode();
    }

    public int CompareTo(StateKey other) => Bytes.SequenceCompareTo(other.Bytes);

    /// <summary>Lower-case hex.</summary>
    public override string ToString() => Convert.ToHexStringLower(Bytes);

    public static bool operator ==(StateKey left, StateKey right) => left.Equals(right);

    public static bool operator !=(StateKey left, StateKey right) => !left.Equals(right);

    private static StateKey OfService(StateKind kind, uint service)
    {
        Span<byte> identifier = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(identifier, service);
        return new StateKey(kind, identifier);
    }

    private static StateKind KindOf(SubjectKind accused) => accused switch
    {
        SubjectKind.Device => StateKind.AccusedDevice,
        SubjectKind.Manufacturer => StateKind.AccusedManufacturer,
        SubjectKind.Validator => StateKind.AccusedValidator,
        _ => throw new ArgumentOutOfRangeException(nameof(accused), accused, "Not a kind of subject."),
    };

    private static StateKey OfServiceAndDevice(StateKind kind, uint service, Address device)
    {
        Span<byte> identifier = stackalloc byte[4 + Address.Size];
        BinaryPrimitives.WriteUInt32BigEndian(identifier, service);
        device.Bytes.CopyTo(identifier[4..]);
        return new StateKey(kind, identifier);
    }

    private static StateKey OfServiceDeviceAndTime(StateKind kind, uint service, Address device, ulong time)
    {
        Span<byte> identifier = stackalloc byte[4 + Address.Size + 8];
        BinaryPrimitives.WriteUInt32BigEndian(identifier, service);
        device.Bytes.CopyTo(identifier[4..]);
        BinaryPrimitives.WriteUInt64BigEndian(identifier[(4 + Address.Size)..], time);
        return new StateKey(kind, identifier);
    }

    private static StateKey Numbered(StateKind kind, ulong number)
    {
        Span<byte> identifier = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(identifier, number);
        return new StateKey(kind, identifier);
    }

    [InlineArray(SizeMax)]
    private struct Storage
    {
        public byte First;
    }
}
