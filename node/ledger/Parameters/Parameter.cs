namespace AppChain.Ledger;

/// <summary>A governed value of the chain. The numbers are the wire's and the state's: a number never changes its meaning.</summary>
/// <remarks>Each area has its own range of numbers, so that areas grow apart. What each means and its bounds: <see cref="Parameters"/>.</remarks>
public enum Parameter : ushort
{
    // Chain and rewards, 1–.
    EpochMs = 1,
    RewardPerEpoch = 2,
    EpochsPerHalving = 3,
    SupplyMax = 4,
    TreasuryShare = 5,
    TransactionLifetimeMaxMs = 6,
    ValidatorEpochBlocks = 7,

    // Fees and room in blocks, 20–.
    FeeBytesPerCredit = 20,
    FeeTokens = 21,
    FeeIdentity = 22,
    FeeServices = 23,
    FeeProofs = 24,
    FeeDemand = 25,
    FeeValidators = 26,
    FeeGovernance = 27,
    FeeDisputes = 28,
    SponsorQuota = 29,
    BlockTokens = 31,
    BlockIdentity = 32,
    BlockServices = 33,
    BlockProofs = 34,
    BlockDemand = 35,
    BlockValidators = 36,
    BlockGovernance = 37,
    BlockDisputes = 38,

    // Credits and prices, 50–.
    CreditPrice = 50,
    PriceStaleMs = 51,
    PriceMargin = 52,
    PriceQuorum = 53,
    PriceWindowMs = 54,
    PriceDriftMs = 55,
    PriceFallback = 56,

    // Identity and services, 70–.
    WithdrawalDelayMs = 70,
    ServiceBond = 71,

    // Channels, 90–.
    ChannelChallengeMs = 90,
    ChannelLifetimeMaxMs = 91,

    // Validators and stake, 110–.
    StakeMin = 110,
    ValidatorsMax = 111,
    UnbondingMs = 112,
    SlashEquivocation = 113,
    ReporterShare = 114,
    AbsenceWindow = 115,
    AbsenceMax = 116,
    JailMs = 117,
    CommissionChangeMax = 118,
    ValidatorsShare = 119,

    // Governance, 140–.
    ProposalDeposit = 140,
    VotingPeriodMs = 141,
    ExecutionDelayMs = 142,
    VotingQuorum = 143,
    VotingThreshold = 144,
    DepositBurnThreshold = 145,
    UpgradeNoticeBlocks = 146,

    // Disputes, 160–.
    DisputeBond = 160,
    AnswerPeriodMs = 161,
    DisputePeriodMs = 162,

    // Proofs, 180–.
    CoverageOdds = 180,
    CoverageFreshMs = 181,
    CoverageArrivalMs = 182,
    CoverageRevealMs = 183,
    CoverageIdleMs = 184,
    CoverageDistanceMin = 185,
    CoverageDistanceMax = 186,
    CoverageToleranceHz = 187,

    // Economics, 200–.
    NetEmissionMax = 200,
    FloorShare = 201,
    FloorHalvingEpochs = 202,
    UsageCap = 203,
    UsageRate = 204,
    OwnUsageRate = 205,
    ValidatorsBurnShare = 206,
    DemandEpochs = 207,
    RestEpochs = 208,

    // Radio, 240–.
    CoverageExtraLoss = 240,
    CoverageSensitivity = 241,

    // Energy, 250–.
    EnergyCloseMs = 250,
    EnergyPeakMargin = 251,
    EnergyClearSkyMargin = 252,
    EnergyDarkWatts = 253,
    EnergyLossMax = 254,
    EnergyBalanceBand = 255,
    EnergyBalanceTolerance = 256,
    EnergyUsualWeight = 257,
    EnergyReadingUnits = 258,
    EnergyTradeFee = 259,

    // Sensors, 260–.
    SensorSlotMs = 260,
    SensorWindowSlots = 261,
    SensorCloseMs = 262,
    SensorNeighboursMin = 263,
    SensorAvailabilityMin = 264,
    SensorBandShareMin = 265,
    SensorSignalMin = 266,
    SensorConstantRatio = 267,
    SensorCellMax = 268,

    // Mapping, 270–.
    MappingSpeedMax = 270,
    MappingGlitchesMax = 271,
    MappingHalfLifeMs = 272,
    MappingBaseDemand = 273,
    MappingDemandMax = 274,
    MappingReviewMs = 275,
    MappingTolerance = 276,
    MappingMemoryEpochs = 277,

    // Deals and jobs, 280–.
    StorageWindowMs = 280,
    StorageWindowsMax = 281,
    ComputeOfferMs = 282,
    ComputeWorkMs = 283,
    ComputeRevealMs = 284,

    // Batches of proofs, 320–.
    BatchDraws = 320,
    BatchAnswerMs = 321,
    BatchAgeMaxMs = 322,
    BatchDecay = 323,
    BatchProofsMax = 324,

    // What keeps agreements and meters honest, 330–.
    ComputeSilenceShare = 330,
    EnergyPeakWattsMax = 331,
}
