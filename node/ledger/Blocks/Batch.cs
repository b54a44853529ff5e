using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>Transactions that one validator collected, pushed once to every other.</summary>
/// <param name="Author">The author's index in the validator set.</param>
/// <param name="Sequence">The author's own running number.</param>
/// <param name="Transactions">Encoded transactions, at least one. Whether each is well formed is not known here.</param>
public sealed record Batch(uint Author, ulong Sequence, ImmutableArray<ReadOnlyMemory<byte>> Transactions)
{
    private static readonly HashTag IdTag = new("AppChain/batch");

    /// <summary>The id of an encoded batch: <c>TaggedHash("AppChain/batch", bytes)</c>.</summary>
    public static Hash256 IdOf(ReadOnlySpan<byte> encoded) => IdTag.Hash(encoded);

    /// <summary>Bytes that one more transaction of this length adds to a batch, its tag and length included (at most).</summary>
    public static int BytesOf(int transactionLength) => transactionLength + 4;

    /// <summary>
    /// Bytes of a batch without its transactions, at most: room to leave when filling one up to <see cref="LedgerLimits.BatchBytesMax"/>.
    /// </summary>
    public const int OverheadBytesMax = 32;

    /// <summary>The canonical bytes.</summary>
    public byte[] Encode()
    {
        WireWriter writer = new();
        writer.UInt64(1, Author);
        writer.UInt64(2, Sequence);
        foreach (ReadOnlyMemory<byte> transaction in Transactions)
            writer.Element(3, transaction.Span);
        return writer.ToArray();
    }

    /// <summary>Where each transaction lies in the encoded batch, in order.</summary>
    /// <param name="encoded">A batch that was decoded before.</param>
    public static ImmutableArray<(int Offset, int Length)> Locate(ReadOnlySpan<byte> encoded)
    {
        ImmutableArray<(int Offset, int Length)>.Builder places = ImmutableArray.CreateBuilder<(int Offset, int Length)>();
        WireReader reader = new(encoded);
        reader.UInt64(1);
        reader.UInt64(2);
        while (reader.TryElement(3, out ReadOnlySpan<byte> bytes))
            places.Add((reader.Position - bytes.Length, bytes.Length));
        return places.DrainToImmutable();
    }

    /// <summary>Reads a batch and checks its limits.</summary>
    /// <param name="encoded">Kept, not copied: the transactions are slices of it.</param>
    /// <param name="batch">The batch if the result is <see cref="Reason.None"/>, else null.</param>
    /// <returns><see cref="Reason.None"/>, or a reason of stage decode. Never throws, whatever the bytes.</returns>
    public static Reason TryDecode(ReadOnlyMemory<byte> encoded, out Batch? batch)
    {
        batch = null;
        if (encoded.Length > LedgerLimits.BatchBytesMax)
            return Reason.BatchTooLarge;

        WireReader reader = new(encoded.Span);
        uint author = reader.UInt32(1);
        ulong sequence = reader.UInt64(2);
        List<ReadOnlyMemory<byte>> transactions = [];
        while (reader.TryElement(3, out ReadOnlySpan<byte> bytes))
        {
            transactions.Add(encoded.Slice(reader.Position - bytes.Length, bytes.Length));
            if (bytes.Length is 0 or > LedgerLimits.TransactionBytesMax)
                reader.Fail(Reason.TransactionTooLarge);
            if (transactions.Count > LedgerLimits.BatchTransactionsMax)
                reader.Fail(Reason.BatchTooLarge);
        }
        Reason reason = reader.Finish();
        if (reason == Reason.None && transactions.Count == 0)
            reason = Reason.BatchEmpty;
        if (reason == Reason.None)
            batch = new Batch(author, sequence, [.. transactions]);
        return reason;
    }
}
