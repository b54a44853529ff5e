namespace AppChain.Ledger;

/// <summary>Every fixed limit of the ledger, with its unit. docs/protocol.md lists those that the wire knows.</summary>
public static class LedgerLimits
{
    /// <summary>Bytes of an encoded transaction.</summary>
    public const int TransactionBytesMax = 4_096;

    /// <summary>Signatures that a transaction may carry.</summary>
    public const int SignaturesMax = 4;

    /// <summary>Transactions in a batch.</summary>
    public const int BatchTransactionsMax = 4_096;

    /// <summary>Bytes of an encoded batch.</summary>
    public const int BatchBytesMax = 512 * 1_024;

    /// <summary>Batches that a block may name.</summary>
    public const int BlockBatchesMax = 64;

    /// <summary>Bytes of all batches of a block together; what proposes and votes counts them.</summary>
    public const int BlockBytesMax = 8 * 1_024 * 1_024;

    /// <summary>Measurements in one reading.</summary>
    public const int MeasurementsMax = 16;

    /// <summary>How far above the highest used sequence number the next one may lie.</summary>
    public const ulong SequenceAheadMax = 1_024;

    /// <summary>Numbers that a sequence window remembers one by one.</summary>
    public const int SequenceWindow = 64;

    /// <summary>Proposals that are voted on or wait for their execution, of all proposers together.</summary>
    public const int OpenProposalsMax = 32;

    /// <summary>The same of one proposer.</summary>
    public const int OpenProposalsPerProposerMax = 4;

    /// <summary>Parameters that one proposal may set.</summary>
    public const int ParameterChangesMax = 16;

    /// <summary>Bytes in UTF-8 of what an accuser or an accused states in a transaction; more is evidence that a hash names.</summary>
    public const int StatementBytesMax = 512;

    /// <summary>Characters of a chain id.</summary>
    public const int ChainIdLengthMax = 32;

    /// <summary>Services that a chain may have: an epoch's end touches each of them once.</summary>
    public const int ServicesMax = 256;

    /// <summary>Services that one device works for at a time.</summary>
    public const int EnrollmentsMax = 8;

    /// <summary>Accounts that share what a device earns.</summary>
    public const int PayeesMax = 4;

    /// <summary>Keys that attest a manufacturer's devices.</summary>
    public const int ManufacturerRootsMax = 4;

    /// <summary>Bytes of what a proof kind remembers of a device, and of what a service sets for its kind.</summary>
    public const int KindBytesMax = 255;

    /// <summary>Slots of entropy that the state keeps: the longest that a proof may wait for its block.</summary>
    public const int EntropySlotsMax = 8;

    /// <summary>Groups of proofs that a block judges.</summary>
    public const ulong ProofGroupsPerBlock = 64;

    /// <summary>Reward epochs for which a candidate for a service's rules judges beside them.</summary>
    public const uint CandidateEpochsMax = 1_000;

    /// <summary>Proofs in one batch; the chain's parameter may allow fewer.</summary>
    public const uint BatchProofsMax = 65_536;

    /// <summary>Leaves of a batch that entropy draws: what one batch costs the chain is bounded by them.</summary>
    public const uint BatchDrawsMax = 1_024;

    /// <summary>How many lost batches count against a device's next one.</summary>
    public const byte BatchDistrustMax = 10;

    /// <summary>Witnesses of a radio beacon that are kept; with more, entropy draws.</summary>
    public const int WitnessesMax = 14;

    /// <summary>Bytes of a stored file's chunk: with its path it fits into a transaction.</summary>
    public const int ChunkBytesMax = 1_024;

    /// <summary>Chunks that a storage deal may draw in a window: a record keeps a bit for each.</summary>
    public const int StorageDrawsMax = 64;

    /// <summary>Chunks in one storage proof; a window's draws may be shown by several.</summary>
    public const int ShownChunksMax = 16;

    /// <summary>Workers whose offers a job takes, each of another owner.</summary>
    public const int JobOffersMax = 16;

    /// <summary>Characters of a service's endpoint.</summary>
    public const int EndpointLengthMax = 128;

    /// <summary>Manufacturers that one service may name.</summary>
    public const int ServiceManufacturersMax = 64;

    /// <summary>Metrics of a service: a reading holds every one of them.</summary>
    public const int ServiceMetricsMax = MeasurementsMax;

    /// <summary>Bytes of a name (service, manufacturer, metric, unit, moniker) in UTF-8.</summary>
    public const int NameBytesMax = 64;

    /// <summary>Validators in a genesis, and in any later set.</summary>
    public const int ValidatorsMax = 150;

    /// <summary>Places in the directory of validators, in the set or waiting for a seat: a change of the set looks at each of them once.</summary>
    public const int CandidatesMax = 300;

    /// <summary>Validators with which one account may have stake: counting its votes reads each of them.</summary>
    public const int DelegationsMax = 16;

    /// <summary>Missed turns that one block accounts for: the views just before its own.</summary>
    public const int MissedTurnsMax = 64;

    /// <summary>Bytes of a validator's network address, HOST:PORT.</summary>
    public const int NetworkAddressBytesMax = 64;

    /// <summary>Blocks in the shortest epoch of consensus: its end costs a change of core in every validator.</summary>
    public const ulong ValidatorEpochBlocksMin = 10;

    /// <summary>Accounts, and manufacturers, in a genesis.</summary>
    public const int GenesisEntriesMax = 100_000;

    /// <summary>Credits of one account or sponsor in a genesis: with the greatest number of entries their sum still fits.</summary>
    public const ulong GenesisCreditsMax = 1_000_000_000_000;

    /// <summary>Bytes of a genesis file.</summary>
    public const int GenesisBytesMax = 16 * 1_024 * 1_024;

    /// <summary>Accounts that may report the token's price: the feed is one record that every report rewrites.</summary>
    public const int PriceReportersMax = 16;

    /// <summary>Spans that the price's window is divided into; each keeps one median.</summary>
    public const int PriceSamplesMax = 12;

    /// <summary>The highest price that may be reported, in micro-dollars per token: a million dollars.</summary>
    public const ulong PriceMax = 1_000_000_000_000;

    /// <summary>All credits that may ever be issued: with it no sum of credits overflows.</summary>
    public const ulong CreditsIssuedMax = 10_000_000_000_000_000_000;

    /// <summary>Devices that one channel may pay.</summary>
    public const int ChannelDevicesMax = 16;

    /// <summary>Reward epochs that a reward may rest: an account keeps one amount for each.</summary>
    public const ulong RestEpochsMax = 14;

    /// <summary>90° in 10⁻⁷ degrees.</summary>
    public const int LatitudeE7Max = 900_000_000;

    /// <summary>180° in 10⁻⁷ degrees.</summary>
    public const int LongitudeE7Max = 1_800_000_000;

    /// <summary>The lowest altitude of a device in centimetres: below every mine.</summary>
    public const int AltitudeCmMin = -500_000;

    /// <summary>The highest altitude of a device in centimetres: above the balloons, below satellites.</summary>
    public const int AltitudeCmMax = 5_000_000;
}
