using System;
using System.Collections.Generic;
using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>The judgement on a proof.</summary>
/// <param name="Reason"><see cref="Reason.None"/>: accepted; else a reason of stage verdict, why it earned nothing.</param>
/// <param name="Units">Units of work credited to the device.</param>
/// <param name="Epoch">The reward epoch that they count in.</param>
public readonly record struct Verdict(Reason Reason, ulong Units, ulong Epoch);

/// <summary>What became of one transaction in a block.</summary>
/// <param name="TransactionId">The transaction.</param>
/// <param name="Reason"><see cref="Reason.None"/>: applied. Stage execution: failed, number used up. Stage admission: skipped.</param>
/// <param name="Verdict">For a proof that was applied.</param>
public sealed record Receipt(Hash256 TransactionId, Reason Reason, Verdict? Verdict = null)
{
    private static readonly HashTag HashTag = new("AppChain/receipt");

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
    public static Hash256 Root(IReadOnlyList<Receipt> receipts) => MerkleList.Root([.. receipts.Select(receipt => receipt.Hash())]);

    /// <summary><c>TaggedHash("AppChain/receipt", canonical bytes)</c>: a leaf of the receipts root.</summary>
    public Hash256 Hash() => HashTag.Hash(Encode());

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
        {
            WireWriter inner = new();
            inner.UInt64(1, (uint)verdict.Reason);
            inner.UInt64(2, verdict.Units);
            inner.UInt64(3, verdict.Epoch);
            writer.Element(3, inner.ToArray());
        }
    }

    private static Reason TryReadOutcome(ref WireReader reader, Hash256 id, out Receipt? receipt)
    {
        Reason outcome = (Reason)reader.UInt32(2);
        Verdict? verdict = null;
        if (reader.TryElement(3, out ReadOnlySpan<byte> bytes))
        {
            WireReader inner = new(bytes);
            verdict = new Verdict((Reason)inner.UInt32(1), inner.UInt64(2), inner.UInt64(3));
            reader.Fail(inner.Finish());
        }
        Reason reason = reader.Finish();
        receipt = reason == Reason.None ? new Receipt(id, outcome, verdict) : null;
        return reason;
    }
}
