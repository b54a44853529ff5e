using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Collections.Immutable;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>Which leaves of a batch are to be opened. docs/batches.md says what so many draws find.</summary>
public static class BatchDraw
{
    private static readonly HashTag Tag = new("AppChain/batch-draw");

    /// <summary>
    /// So many different leaves, ascending; all if there are no more. The first steps of a shuffle: step j exchanges place j and place
    /// <c>j + first 8 bytes of TaggedHash("AppChain/batch-draw", beacon ‖ batch ‖ j:4) mod (count − j)</c>.
    /// </summary>
    /// <param name="beacon">Of the block that drew.</param>
    /// <param name="batch">The transaction that brought the batch: two batches of a block are drawn from apart.</param>
    public static ImmutableArray<uint> Of(Hash256 beacon, Hash256 batch, uint count, uint draws)
    {
        uint wanted = uint.Min(count, draws);
        uint[] drawn = new uint[wanted];
        Dictionary<uint, uint> moved = [];
        Span<byte> number = stackalloc byte[sizeof(uint)];
        for (uint j = 0; j < wanted; j++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(number, j);
            ulong random = BinaryPrimitives.ReadUInt64BigEndian(Tag.Hash(beacon.Bytes, batch.Bytes, number).Bytes);
            uint place = j + (uint)(random % (count - j));
            drawn[j] = moved.GetValueOrDefault(place, place);
            moved[place] = moved.GetValueOrDefault(j, j);
        }
        Array.Sort(drawn);
        return [.. drawn];
    }
}
