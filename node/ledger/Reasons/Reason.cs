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
    ManufacturerKeyMismatch = 14, // no longer used
    LocationOutOfRange = 15,
    UnknownPayload = 16,
    TooManyMeasurements = 17,
    BatchTooLarge = 18,
    BatchEmpty = 19,
    TooManyBatches = 20,
    DuplicateBatch = 21,
    WrongChain = 22,
    FeePayerMismatch = 23,
    BuyerMismatch = 30,
    SharesWrong = 31,
    AttestationIncomplete = 32,
    RootsWrong = 33,
    ServiceOutOfBounds = 40,

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
    DeviceRevoked = 130,
    NotTheDevicesKey = 131,
    NoSuchDevice = 132,
    NotTheOwner = 133,
    AttestationNotByRoot = 134,
    AttestationRequired = 135,
    AttestationOfAnotherBatch = 136,
    DeviceKeyInUse = 137,
    AlreadyEnrolled = 138,
    TooManyEnrollments = 139,
    NotEnrolled = 140,
    AlreadyLeaving = 141,
    DeviceBondNotCovered = 142,
    NotTheManufacturer = 143,
    AlreadyRevoked = 144,
    TooManyServices = 145,
    NotTheServicesOwner = 146,
    ServiceKindFixed = 147,
    ServiceBondNotCovered = 148,

    // Execution: the sequence number is used up, nothing else changes.
    InsufficientBalance = 200,
    TooFewCredits = 201,
    BuyerCannotPay = 230,

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
