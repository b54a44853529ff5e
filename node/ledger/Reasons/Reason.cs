namespace AppChain.Ledger;

/// <summary>
/// Why something was refused, skipped, or earned nothing. The numbers are the wire's: a code never changes its meaning, and
/// a code that is no longer used stays reserved. In each stage the areas have ranges: identity from 30, services 40, demand 50,
/// validators 60, governance 70, disputes 80. docs/reasons.md is generated from <see cref="Reasons.All"/>.
/// </summary>
public enum Reason : uint
{
    /// <summary>Nothing is wrong.</summary>
    None = 0,

    // Decode: the bytes alone show it.
    TransactionTooLarge = 1,
    Malformed = 2,
    WrongFieldLength = 3,
    UnknownKeyScheme = 4,
    UnknownMessage = 5,
    WrongSignatureCount = 6,
    SignerMismatch = 7,
    SequenceZero = 8,
    FeePayerUnsupported = 9, // no longer used
    MintNotSubmittable = 10,
    ZeroAmount = 11,
    SelfTransfer = 12,
    DeviceKeyMismatch = 13,
    ManufacturerKeyMismatch = 14,
    LocationOutOfRange = 15,
    UnknownPayload = 16,
    TooManyMeasurements = 17,
    BatchTooLarge = 18,
    BatchEmpty = 19,
    TooManyBatches = 20,
    DuplicateBatch = 21,
    WrongChain = 22,
    FeePayerMismatch = 23,
    TwoReceivers = 50,
    PriceOutOfRange = 51,
    VouchersDoNotContradict = 52,

    // Decode, validators.
    ConsensusKeyMismatch = 60,
    ProfileWithoutKey = 61,
    MonikerTooLong = 62,
    BadNetworkAddress = 63,
    CommissionTooHigh = 64,
    NoContradiction = 65,

    // Decode, governance and disputes.
    TitleInvalid = 70,
    UnknownAction = 71,
    ParameterChangesInvalid = 72,
    UnknownVoteChoice = 73,
    UpgradePlanInvalid = 74,
    RulingInvalid = 75,
    UnknownSubjectKind = 80,
    EvidenceInvalid = 81,
    StatementTooLong = 82,

    // Admission: the state shows it before execution; inside a block such a transaction is skipped and changes nothing.
    BadSignature = 100,
    Expired = 101,
    ValidUntilTooFar = 102,
    SequenceUsed = 103,
    SequenceTooOld = 104,
    SequenceTooFarAhead = 105,
    UnknownAccount = 106,
    UnknownDevice = 107,
    UnknownManufacturer = 108,
    UnknownService = 109,
    ManufacturerNotAccepted = 110,
    DeviceAlreadyRegistered = 111,
    InsufficientCredits = 112,
    SponsorQuotaExceeded = 113,
    SponsorEmpty = 114,
    BlockFull = 115,
    NotAPriceReporter = 150,
    UnknownChannel = 151,
    VoucherNotOfPayer = 152,
    DeviceNotPayable = 153,
    VoucherNotOfDevice = 154,
    NotAPartyOfChannel = 155,
    VoucherSuperseded = 156,
    ChannelExhausted = 157,
    ChannelFull = 158,
    DeviceBarred = 159,

    // Admission, validators.
    UnknownValidator = 160,
    AlreadyValidator = 161,
    ConsensusKeyTaken = 162,
    StakeBelowMinimum = 163,
    NoRoomForValidator = 164,
    ValidatorTombstoned = 165,
    NothingBonded = 166,
    TooManyPositions = 167,
    NotJailed = 168,
    EvidenceOutOfTime = 169,

    // Admission, governance and disputes.
    UnknownParameter = 170,
    ParameterFixed = 171,
    ParameterOutOfBounds = 172,
    ParametersContradict = 173,
    TooManyProposals = 174,
    TooManyOwnProposals = 175,
    UnknownProposal = 176,
    VotingClosed = 177,
    NoVotingPower = 178,
    UpgradeNotNewer = 179,
    NoUpgradePlanned = 180,
    UnknownDispute = 181,
    DisputeClosed = 182,
    UnknownSubject = 183,
    AlreadyAccused = 184,
    TooManyDisputes = 185,
    NotTheAccused = 186,
    AlreadyAnswered = 187,

    // Execution: the sequence number is used up, nothing else changes.
    InsufficientBalance = 200,
    TooFewCredits = 201,
    NoPrice = 250,
    BurnYieldsTooLittle = 251,
    CreditLimitReached = 252,
    PriceReportNotNewer = 253,
    PriceReportUntimely = 254,
    ChannelExpiryOutOfRange = 255,
    ChannelEnded = 256,
    ChannelAlreadyClosing = 257,
    ChannelAlreadyDisputed = 258,
    NothingToDispute = 259,

    // Execution, validators.
    MoreThanBonded = 260,
    StillJailed = 261,
    CommissionChangeTooLarge = 262,
    CommissionChangedAlready = 263,
    KeyChangedAlready = 264,

    // Execution, governance and disputes.
    VotingOver = 270,
    UpgradeTooSoon = 271,
    TreasuryTooSmall = 272,
    UnbondingShorterThanVoting = 273,
    AnswerTooLate = 280,

    // Verdict: the proof is in the chain and earns nothing.
    WrongService = 300,
    WrongProofKind = 301,
    OutOfOrder = 302,
    FromTheFuture = 303,
    TooOld = 304,
    TooSoon = 305,
    WrongMetrics = 306,
    OutOfBounds = 307,
    JumpTooLarge = 308,
    ConstantTooLong = 309,

    // Block: a proposal that no honest validator votes for.
    MintMissing = 400,
    MintNotDue = 401,
    MintDiffers = 402,
}
