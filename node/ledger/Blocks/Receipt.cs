using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>The judgement on a proof.</summary>
/// <param name="Reason"><see cref="Reason.None"/>: accepted; else a reason of stage verdict, why it earned nothing.</param>
/// <param name="Units">Units of work credited to the device.</param>
/// <param name="Epoch">The reward epoch that they count in.</param>
/// <param name="Service">The service that the proof was for.</param>
public readonly record struct Verdict(Reason Reason, ulong Units, ulong Epoch, uint Service)
{
    /// <summary>False: the proof waits for what other devices say, and a later receipt has its final verdict (<see cref="Receipt.FinalIdOf"/>).</summary>
    public bool IsFinal => Reason is not (Reason.AwaitsGroup or Reason.AwaitsOpenings);

    /// <summary>True if it counts in the device's work: a proof of a device that does not work for the service is nobody's work.</summary>
    public bool Counts => IsFinal && Reason != Reason.WrongService;
}

/// <summary>
/// What became of one transaction in a block; or of something that a block did by itself because its time had come: the final verdict of a
/// proof that waited, or whatever settled a device.
/// </summary>
/// <param name="TransactionId">The transaction, or an id of the block's own doing (<see cref="FinalIdOf"/>, <see cref="DueIdOf"/>).</param>
/// <param name="Reason"><see cref="Reason.None"/>: applied. Stage execution: failed, number used up. Stage admission: skipped.</param>
/// <param name="Verdict">For a proof that was applied.</param>
public sealed record Receipt(Hash256 TransactionId, Reason Reason, Verdict? Verdict = null)
{
    private const int ShadowField = 110;

    private static readonly HashTag HashTag = new("AppChain/receipt");
    private static readonly HashTag FinalTag = new("AppChain/final-verdict");
    private static readonly HashTag ShadowTag = new("AppChain/shadow-verdict");
    private static readonly HashTag DueTag = new("AppChain/due");

    /// <summary>What was settled on the way, in order: each device's finished epochs are settled by whatever touches it next.</summary>
    public ImmutableArray<Statement> Statements { get; init; } = [];

    /// <summary>The work of devices that was paid for on the way, in order.</summary>
    public ImmutableArray<ServedWork> Served { get; init; } = [];

    /// <summary>What the candidate for the service's rules says of the proof: never paid. Null: there is none, or the proof was not judged.</summary>
    public Verdict? Shadow { get; init; }

    /// <summary>The id of the receipt with a candidate's final verdict on a proof that waited for its group.</summary>
    /// <param name="proof">The proof's transaction.</param>
    public static Hash256 ShadowIdOf(Hash256 proof) => ShadowTag.Hash(proof.Bytes);

    /// <summary>The id of the receipt with the final verdict of a proof that waited for its group.</summary>
    /// <param name="proof">The proof's transaction.</param>
    public static Hash256 FinalIdOf(Hash256 proof) => FinalTag.Hash(proof.Bytes);

    /// <summary>The id of the receipt of an item of a queue whose time has come: <c>TaggedHash("AppChain/due", queue:1 ‖ number:8)</c>.</summary>
    public static Hash256 DueIdOf(QueueKind queue, ulong number)
    {
        Span<byte> item = stackalloc byte[9];
        item[0] = (byte)queue;
        BinaryPrimitives.WriteUInt64BigEndian(item[1..], number);
        return DueTag.Hash(item);
    }

    /// <summary>
    /// True if the block did nothing with the transaction: it had expired, or another batch had brought it before. A skipped copy
    /// says nothing about the transaction itself; the receipt that counts is the one that was not skipped.
    /// </summary>
    public bool Skipped => Reason.Stage() == ReasonStage.Admission;

    /// <summary>True if no later block can execute a copy of it either: its number is gone, or its time.</summary>
    public bool SkippedForGood => Reason is Reason.SequenceUsed or Reason.SequenceTooOld or Reason.Expired;

    /// <summary>The reason that matters to the sender: the transaction's own, else its verdict's.</summary>
    public Reason EffectiveReason => Reason != Reason.None ? Reason : Verdict?.Reason ?? Reason.None;

    /// <summary>The root over receipts in order of execution; 32 zero bytes for none.</summary>
    public static Hash256 Root(IReadOnlyList<Receipt> receipts) => MerkleList.Root(HashTag.HashEach(receipts, static receipt => receipt.Encode()));

    /// <summary><c>TaggedHash("AppChain/receipt", canonical bytes)</c>: a leaf of the receipts root.</summary>
    public Hash256 Hash() => HashTag.Hash(Encode());

    public bool Equals(Receipt? other) =>
        other is not null && TransactionId == other.TransactionId && Reason == other.Reason && Verdict == other.Verdict
        && Statements.SequenceEqual(other.Statements) && Served.SequenceEqual(other.Served) && Shadow == other.Shadow;

    public override int GetHashCode() => HashCode.Combine(TransactionId, Reason, Verdict);

    /// <summary>The canonical bytes.</summary>
    public byte[] Encode()
    {
        WireWriter writer = new();
        writer.Bytes(1, TransactionId.Bytes);
        WriteOutcome(writer);
        return writer.ToArray();
    }

    /// <summary>The canonical bytes without the transaction's id, for a store that keeps the id apart.</summary>
    public byte[] EncodeOutcome()
    {
        WireWriter writer = new();
        WriteOutcome(writer);
        return writer.ToArray();
    }

    /// <summary>Reads a receipt, whatever its reason codes: those of later versions are kept as they are.</summary>
    /// <returns><see cref="Reason.None"/>, or a reason of stage decode. Never throws, whatever the bytes.</returns>
    public static Reason TryDecode(ReadOnlySpan<byte> encoded, out Receipt? receipt)
    {
        WireReader reader = new(encoded);
        ReadOnlySpan<byte> id = reader.Bytes(1);
        if (id.Length != Hash256.Size)
            reader.Fail(Reason.WrongFieldLength);
        return TryReadOutcome(ref reader, id.Length == Hash256.Size ? new Hash256(id) : default, out receipt);
    }

    /// <summary>Reads what <see cref="EncodeOutcome"/> wrote.</summary>
    /// <returns><see cref="Reason.None"/>, or a reason of stage decode. Never throws, whatever the bytes.</returns>
    public static Reason TryDecodeOutcome(Hash256 transactionId, ReadOnlySpan<byte> outcome, out Receipt? receipt)
    {
        WireReader reader = new(outcome);
        return TryReadOutcome(ref reader, transactionId, out receipt);
    }

    private void WriteOutcome(WireWriter writer)
    {
        writer.UInt64(2, (uint)Reason);
        if (Verdict is { } verdict)
            Write(writer, 3, verdict);
        foreach (Statement statement in Statements)
            writer.Element(4, statement.Encode());
        foreach (ServedWork served in Served)
            writer.Element(5, served.Encode());
        if (Shadow is { } shadow)
            Write(writer, ShadowField, shadow);
    }

    private static void Write(WireWriter writer, int field, in Verdict verdict)
    {
        WireWriter inner = new();
        inner.UInt64(1, (uint)verdict.Reason);
        inner.UInt64(2, verdict.Units);
        inner.UInt64(3, verdict.Epoch);
        inner.UInt64(4, verdict.Service);
        writer.Element(field, inner.ToArray());
    }

    private static Verdict? ReadVerdict(ref WireReader reader, int field)
    {
        if (!reader.TryElement(field, out ReadOnlySpan<byte> bytes))
            return null;
        WireReader inner = new(bytes);
        Verdict verdict = new((Reason)inner.UInt32(1), inner.UInt64(2), inner.UInt64(3), inner.UInt32(4));
        reader.Fail(inner.Finish());
        return verdict;
    }

    private static Reason TryReadOutcome(ref WireReader reader, Hash256 id, out Receipt? receipt)
    {
        Reason outcome = (Reason)reader.UInt32(2);
        Verdict? verdict = ReadVerdict(ref reader, 3);
        List<Statement> statements = [];
        while (reader.TryElement(4, out ReadOnlySpan<byte> element))
        {
            WireReader inner = new(element);
            statements.Add(Statement.Read(ref inner));
            reader.Fail(inner.Finish());
        }
        List<ServedWork> served = [];
        while (reader.TryElement(5, out ReadOnlySpan<byte> element))
        {
            WireReader inner = new(element);
            served.Add(ServedWork.Read(ref inner));
            reader.Fail(inner.Finish());
        }
        Verdict? shadow = ReadVerdict(ref reader, ShadowField);
        Reason reason = reader.Finish();
        receipt = reason == Reason.None ? new Receipt(id, outcome, verdict) { Statements = [.. statements], Served = [.. served], Shadow = shadow } : null;
        return reason;
    }
}
