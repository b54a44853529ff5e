using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What a header's payload hash covers: what the block executes, in order.</summary>
/// <param name="MintRewards">An encoded <see cref="Body"/> with <see cref="Ledger.MintRewards"/> if an epoch ended, else empty.</param>
/// <param name="BatchIds">The batches in order of execution, each at most once.</param>
public sealed record BlockPayload(ReadOnlyMemory<byte> MintRewards, ImmutableArray<Hash256> BatchIds)
{
    private static readonly HashTag HashTag = new("AppChain/payload");

    /// <summary>A payload without anything in it.</summary>
    public static BlockPayload Empty { get; } = new(default, []);

    /// <summary><c>TaggedHash("AppChain/payload", canonical bytes)</c>.</summary>
    public Hash256 Hash() => HashOf(Encode());

    /// <summary>The hash of an encoded payload.</summary>
    public static Hash256 HashOf(ReadOnlySpan<byte> encoded) => HashTag.Hash(encoded);

    /// <summary>The canonical bytes.</summary>
    public byte[] Encode()
    {
        WireWriter writer = new();
        writer.Bytes(1, MintRewards.Span);
        foreach (Hash256 id in BatchIds)
            writer.Element(2, id.Bytes);
        return writer.ToArray();
    }

    /// <summary>Reads a payload and checks its limits. The mint is only carried: <see cref="Executor.Execute"/> judges it.</summary>
    /// <returns><see cref="Reason.None"/>, or a reason of stage decode. Never throws, whatever the bytes.</returns>
    public static Reason TryDecode(ReadOnlySpan<byte> encoded, out BlockPayload? payload)
    {
        WireReader reader = new(encoded);
        ReadOnlySpan<byte> mintRewards = reader.Bytes(1);
        List<Hash256> ids = [];
        HashSet<Hash256> seen = [];
        while (reader.TryElement(2, out ReadOnlySpan<byte> bytes))
        {
            if (bytes.Length != Hash256.Size)
            {
                reader.Fail(Reason.WrongFieldLength);
                break;
            }
            Hash256 id = new(bytes);
            ids.Add(id);
            if (!seen.Add(id))
                reader.Fail(Reason.DuplicateBatch);
            if (ids.Count > LedgerLimits.BlockBatchesMax)
                reader.Fail(Reason.TooManyBatches);
        }
        Reason reason = reader.Finish();
        payload = reason == Reason.None ? new BlockPayload(mintRewards.ToArray(), [.. ids]) : null;
        return reason;
    }
}
