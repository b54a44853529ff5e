using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text;

namespace AppChain.Ledger;

/// <summary>
/// Why something was refused, skipped, or earned nothing. The numbers are the wire's: a code never changes its meaning, and
/// a code that is no longer used stays reserved. docs/reasons.md is generated from <see cref="Reasons.All"/>.
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
    FeePayerUnsupported = 9,
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

    // Execution: the sequence number is used up, nothing else changes.
    InsufficientBalance = 200,

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

/// <summary>Where on a transaction's way a reason arises.</summary>
public enum ReasonStage
{
    None,

    /// <summary>The bytes alone show it; no node takes the transaction.</summary>
    Decode,

    /// <summary>Refused at ingress; inside a block skipped without any change.</summary>
    Admission,

    /// <summary>In a block and failed: its sequence number is used, nothing else changed.</summary>
    Execution,

    /// <summary>A proof that was taken in and judged to earn nothing.</summary>
    Verdict,

    /// <summary>A block that is invalid.</summary>
    Block,
}

/// <summary>One entry of the registry.</summary>
/// <param name="Reason">The reason; its number is the wire's.</param>
/// <param name="Stage">Where it arises.</param>
/// <param name="Explanation">A sentence or two for people: what is wrong and what to do.</param>
public sealed record ReasonEntry(Reason Reason, ReasonStage Stage, string Explanation)
{
    /// <summary>The name in lower case with hyphens, as tools show it: <c>sequence-used</c>.</summary>
    public string Name { get; } = Reason == Reason.None ? "ok" : Kebab(Reason.ToString());

    private static string Kebab(string pascal)
    {
        StringBuilder name = new();
        foreach (char c in pascal)
        {
            if (char.IsAsciiLetterUpper(c) && name.Length > 0)
                name.Append('-');
            name.Append(char.ToLowerInvariant(c));
        }
        return name.ToString();
    }
}

/// <summary>The registry of reasons: the one place that names and explains them.</summary>
public static class Reasons
{
    /// <summary>Every reason, ascending by code.</summary>
    public static ImmutableArray<ReasonEntry> All { get; } =
    [
        new(Reason.None, ReasonStage.None, "Nothing is wrong."),

        Decode(Reason.TransactionTooLarge, "The transaction is empty or larger than 4,096 bytes. Send less in one transaction."),
        Decode(Reason.Malformed,
            "The bytes are not a canonical encoding of the message. "
            + "Write the fields in ascending order, leave default values out, add no unknown fields."),
        Decode(Reason.WrongFieldLength,
            "A field has the wrong length: addresses have 20 bytes, public keys 32 (secp256k1) or 33 (P-256), signatures 64."),
        Decode(Reason.UnknownKeyScheme, "The key scheme is none that the chain knows. Use 1 (secp256k1) or 2 (P-256)."),
        Decode(Reason.UnknownMessage,
            "The body holds no message that this version of the chain knows. Set exactly one of the messages of the schema."),
        Decode(Reason.WrongSignatureCount,
            "The number of signatures is not what the message asks for. "
            + "Give the signer's first, then those that the message names, and no other."),
        Decode(Reason.SignerMismatch,
            "The first signature's key is not the signer's: the signer is the address of that key. Sign with the signer's key."),
        Decode(Reason.SequenceZero, "Sequence numbers start at 1. Use the signer's next sequence number."),
        Decode(Reason.FeePayerUnsupported, "The fee payer is reserved for later versions. Leave the field empty."),
        Decode(Reason.MintNotSubmittable, "Rewards are minted by the chain itself at the end of an epoch. Nobody can send this message."),
        Decode(Reason.ZeroAmount, "The amount is zero. Send at least one grain."),
        Decode(Reason.SelfTransfer, "Sender and receiver are the same account. Name another receiver."),
        Decode(Reason.DeviceKeyMismatch,
            "The second signature's key is not the device key of the message. Sign with the device's own key as well."),
        Decode(Reason.ManufacturerKeyMismatch,
            "The attestation's key is not the manufacturer's: "
            + "the manufacturer is the address of that key. Use the attestation that came with the device."),
        Decode(Reason.LocationOutOfRange,
            "The location is not on Earth: latitude ±90°, longitude ±180° (both × 10⁷), altitude −5 to 50 km (in centimetres)."),
        Decode(Reason.UnknownPayload,
            "The proof holds no payload that this version of the chain knows. Set exactly one payload of the schema."),
        Decode(Reason.TooManyMeasurements, "A reading holds at most 16 measurements. Send one for each metric of the service."),
        Decode(Reason.BatchTooLarge, "A batch holds at most 4,096 transactions and 512 KiB. Cut smaller batches."),
        Decode(Reason.BatchEmpty, "A batch holds at least one transaction."),
        Decode(Reason.TooManyBatches, "A block names at most 64 batches."),
        Decode(Reason.DuplicateBatch, "A block names each batch at most once."),
        Decode(Reason.WrongChain, "The transaction was signed for another chain than this node's. Compare the chain id with the node's status, and sign for that one."),

        Admission(Reason.BadSignature,
            "A signature does not verify. It may have been made for another chain or another body: "
            + "compare the chain id with the node's status, and sign the transaction id."),
        Admission(Reason.Expired, "The transaction's valid-until time has passed. Sign it again with a later one."),
        Admission(Reason.ValidUntilTooFar,
            "The valid-until time lies too far ahead. Choose one within the chain's transaction lifetime (24 hours by default)."),
        Admission(Reason.SequenceUsed,
            "This sequence number was used before; "
            + "perhaps this very transaction is in the chain already. Look it up, or use the next number."),
        Admission(Reason.SequenceTooOld,
            "The sequence number is more than 63 below the highest used one. Use the signer's next sequence number."),
        Admission(Reason.SequenceTooFarAhead,
            "The sequence number is more than 1,024 above the highest used one. Use the signer's next sequence number."),
        Admission(Reason.UnknownAccount, "The signer has no account. Have tokens sent to it first."),
        Admission(Reason.UnknownDevice,
            "The signer is not a registered device. Register it first, or wait until its registration is final."),
        Admission(Reason.UnknownManufacturer,
            "The manufacturer is not registered on this chain. Ask for the chain's list of manufacturers."),
        Admission(Reason.UnknownService, "There is no service of this number. Ask for the list of services."),
        Admission(Reason.ManufacturerNotAccepted, "The service does not accept devices of this manufacturer. Choose another service."),
        Admission(Reason.DeviceAlreadyRegistered,
            "A device with this key is registered already. Nothing is left to do if you are its owner."),

        new(Reason.InsufficientBalance, ReasonStage.Execution,
            "The account's balance is below the amount. Send less, or wait for incoming tokens."),

        Verdict(Reason.WrongService, "The proof names another service than the device serves. Send it to the device's own service."),
        Verdict(Reason.WrongProofKind, "The service takes proofs of another kind. Send the payload that the service's kind asks for."),
        Verdict(Reason.OutOfOrder, "The observed time is not after the device's last one. Send readings in order of time, each once."),
        Verdict(Reason.FromTheFuture,
            "The observed time lies ahead of the chain's time by more than the service allows. Set the device's clock."),
        Verdict(Reason.TooOld, "The observation is older than the service accepts. Send readings sooner."),
        Verdict(Reason.TooSoon, "The observation follows the last one by less than the service's minimum interval. Observe less often."),
        Verdict(Reason.WrongMetrics,
            "The reading does not hold exactly the service's metrics in ascending order. Send one value for each metric."),
        Verdict(Reason.OutOfBounds, "A value lies outside the metric's bounds. Check the sensor and the unit (values are × 1000)."),
        Verdict(Reason.JumpTooLarge,
            "A value changed by more than the metric allows in the time since the last reading. "
            + "If the change is real, the next reading is accepted."),
        Verdict(Reason.ConstantTooLong, "The same values came too many times in a row. The sensor seems stuck: check it."),

        Block(Reason.MintMissing,
            "The block's time is past the open reward epoch's end, but the block does not begin by minting its rewards."),
        Block(Reason.MintNotDue, "The block mints rewards though the open reward epoch has not ended."),
        Block(Reason.MintDiffers, "The minted rewards are not those that the state yields."),
    ];

    private static readonly Dictionary<Reason, ReasonEntry> ByReason = All.ToDictionary(entry => entry.Reason);

    /// <summary>The entry of a reason, or null for a code that this version does not know.</summary>
    public static ReasonEntry? Find(Reason reason) => ByReason.GetValueOrDefault(reason);

    /// <summary>The reason's name for tools: <c>sequence-used</c>; <c>ok</c> for none; <c>reason-N</c> for an unknown code.</summary>
    public static string Name(this Reason reason) => Find(reason)?.Name ?? $"reason-{(uint)reason}";

    /// <summary>Where the reason arises.</summary>
    public static ReasonStage Stage(this Reason reason) => Find(reason)?.Stage ?? ReasonStage.None;

    /// <summary>What is wrong and what to do, for people.</summary>
    public static string Explanation(this Reason reason) => Find(reason)?.Explanation ?? "This version does not know the reason's code.";

    private static ReasonEntry Decode(Reason reason, string explanation) => new(reason, ReasonStage.Decode, explanation);

    private static ReasonEntry Admission(Reason reason, string explanation) => new(reason, ReasonStage.Admission, explanation);

    private static ReasonEntry Verdict(Reason reason, string explanation) => new(reason, ReasonStage.Verdict, explanation);

    private static ReasonEntry Block(Reason reason, string explanation) => new(reason, ReasonStage.Block, explanation);
}
