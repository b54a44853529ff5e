using System.Collections.Immutable;
using static AppChain.Ledger.ReasonEntry;

namespace AppChain.Ledger;

/// <summary>The reasons of envelopes, blocks, tokens, registrations and sensors.</summary>
internal static class ChainReasons
{
    public static ImmutableArray<ReasonEntry> All { get; } =
    [
        new(Reason.None, ReasonStage.None, "Nothing is wrong."),

        AtDecode(Reason.TransactionTooLarge, "The transaction is empty or larger than 4,096 bytes. Send less in one transaction."),
        AtDecode(Reason.Malformed,
            "The bytes are not a canonical encoding of the message. "
            + "Write the fields in ascending order, leave default values out, add no unknown fields."),
        AtDecode(Reason.WrongFieldLength,
            "A field has the wrong length: addresses have 20 bytes, public keys 32 (secp256k1) or 33 (P-256), signatures 64."),
        AtDecode(Reason.UnknownKeyScheme, "The key scheme is none that the chain knows. Use 1 (secp256k1) or 2 (P-256)."),
        AtDecode(Reason.UnknownMessage,
            "The body holds no message that this version of the chain knows. Set exactly one of the messages of the schema."),
        AtDecode(Reason.WrongSignatureCount,
            "The number of signatures is not what the message asks for. "
            + "Give the signer's first, then those that the message names, and no other."),
        AtDecode(Reason.SignerMismatch,
            "The first signature's key is not the signer's: an account is the address of its key. Sign with the signer's key."),
        AtDecode(Reason.SequenceZero, "Sequence numbers start at 1. Use the signer's next sequence number."),
        AtDecode(Reason.FeePayerUnsupported, "No longer used: fee payers were reserved in the first version of the chain."),
        AtDecode(Reason.MintNotSubmittable, "Rewards are minted by the chain itself at the end of an epoch. Nobody can send this message."),
        AtDecode(Reason.ZeroAmount, "The amount is zero. Send at least one grain."),
        AtDecode(Reason.SelfTransfer, "Sender and receiver are the same account. Name another receiver."),
        AtDecode(Reason.DeviceKeyMismatch,
            "The second signature's key is not the device key of the message. Sign with the device's own key as well."),
        AtDecode(Reason.ManufacturerKeyMismatch,
            "No longer used: a manufacturer has several keys now, and the state knows which (attestation-not-by-root)."),
        AtDecode(Reason.LocationOutOfRange,
            "The location is not on Earth: latitude ±90°, longitude ±180° (both × 10⁷), altitude −5 to 50 km (in centimetres)."),
        AtDecode(Reason.UnknownPayload,
            "The proof holds no payload that this version of the chain knows. Set exactly one payload of the schema."),
        AtDecode(Reason.TooManyMeasurements, "A reading holds at most 16 measurements. Send one for each metric of the service."),
        AtDecode(Reason.BatchTooLarge, "A batch holds at most 4,096 transactions and 512 KiB. Cut smaller batches."),
        AtDecode(Reason.BatchEmpty, "A batch holds at least one transaction."),
        AtDecode(Reason.TooManyBatches, "A block names at most 64 batches."),
        AtDecode(Reason.DuplicateBatch, "A block names each batch at most once."),
        AtDecode(Reason.WrongChain, "The transaction was signed for another chain than this node's. Compare the chain id with the node's status, and sign for that one."),

        AtAdmission(Reason.BadSignature,
            "A signature does not verify. It may have been made for another chain or another body: "
            + "compare the chain id with the node's status, and sign the transaction id."),
        AtAdmission(Reason.Expired, "The transaction's valid-until time has passed. Sign it again with a later one."),
        AtAdmission(Reason.ValidUntilTooFar,
            "The valid-until time lies too far ahead. Choose one within the chain's transaction lifetime (24 hours by default)."),
        AtAdmission(Reason.SequenceUsed,
            "This sequence number was used before; "
            + "perhaps this very transaction is in the chain already. Look it up, or use the next number."),
        AtAdmission(Reason.SequenceTooOld,
            "The sequence number is more than 63 below the highest used one. Use the signer's next sequence number."),
        AtAdmission(Reason.SequenceTooFarAhead,
            "The sequence number is more than 1,024 above the highest used one. Use the signer's next sequence number."),
        AtAdmission(Reason.UnknownAccount, "The signer has no account. Have tokens sent to it first."),
        AtAdmission(Reason.UnknownDevice,
            "The signer is not a registered device. Register it first, or wait until its registration is final."),
        AtAdmission(Reason.UnknownManufacturer,
            "The manufacturer is not registered on this chain. Ask for the chain's list of manufacturers."),
        AtAdmission(Reason.UnknownService, "There is no service of this number. Ask for the list of services."),
        AtAdmission(Reason.ManufacturerNotAccepted, "The service does not accept devices of this manufacturer. Choose another service."),
        AtAdmission(Reason.DeviceAlreadyRegistered,
            "A device with this key is registered already. Nothing is left to do if you are its owner."),

        AtExecution(Reason.InsufficientBalance,
            "The account's balance is below the amount. Send less, or wait for incoming tokens."),

        AsVerdict(Reason.WrongService, "The device does not work for the service that the proof names, or was withdrawn from it. Enrol it there first."),
        AsVerdict(Reason.WrongProofKind, "The service takes proofs of another kind. Send the payload that the service's kind asks for."),
        AsVerdict(Reason.OutOfOrder, "The observed time is not after the device's last one, or not after it enrolled. Send readings in order of time, each once."),
        AsVerdict(Reason.FromTheFuture,
            "The observed time lies ahead of the chain's time by more than the service allows. Set the device's clock."),
        AsVerdict(Reason.TooOld, "The observation is older than the service accepts. Send readings sooner."),
        AsVerdict(Reason.TooSoon, "The observation follows the last one by less than the service's minimum interval. Observe less often."),
        AsVerdict(Reason.WrongMetrics,
            "The reading does not hold exactly the service's metrics in ascending order. Send one value for each metric."),
        AsVerdict(Reason.OutOfBounds, "A value lies outside the metric's bounds. Check the sensor and the unit (values are × 1000)."),
        AsVerdict(Reason.JumpTooLarge,
            "A value changed by more than the metric allows in the time since the last reading. "
            + "If the change is real, the next reading is accepted."),
        AsVerdict(Reason.ConstantTooLong, "The same values came too many times in a row. The sensor seems stuck: check it."),

        OfBlock(Reason.MintMissing,
            "The block's time is past the open reward epoch's end, but the block does not begin by minting its rewards."),
        OfBlock(Reason.MintNotDue, "The block mints rewards though the open reward epoch has not ended."),
        OfBlock(Reason.MintDiffers, "The minted rewards are not those that the state yields."),
    ];
}
