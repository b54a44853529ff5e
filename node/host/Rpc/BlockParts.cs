using AppChain.Protos.V1;
using AppChain.Storage;

namespace AppChain.Node.Rpc;

/// <summary>
/// Final blocks as messages, whole or in parts. Each is read from the store when it is asked for: whoever takes the parts slowly has no
/// block held for it meanwhile. Any thread.
/// </summary>
internal sealed class BlockParts(ChainReader reader)
{
    /// <summary>A block in one message; null if there is none of this height yet, or no more.</summary>
    /// <exception cref="StorageException">Pruned, or damaged.</exception>
    public Block? Whole(ulong height, bool withTransactions)
    {
        if (Head(height, withTransactions) is not { } block)
            return null;
        if (withTransactions)
            block.Transactions.AddRange(reader.Transactions(height).Select(WireForm.Of));
        return block;
    }

    /// <summary>The part of a final block that begins at a transaction, with where to go on after it. Empty if the cursor is behind the
    /// last one.</summary>
    /// <param name="partMax">Transactions of one part; 0: any number.</param>
    /// <exception cref="StorageException">Pruned, or damaged.</exception>
    public Block From(BlockCursor cursor, bool withTransactions, uint partMax)
    {
        Block part = Head(cursor.Height, withTransactions)
            ?? throw new InvalidOperationException($"block {cursor.Height} is not final here");
        part.Next = new BlockCursor { Height = cursor.Height + 1 };
        if (!withTransactions)
            return part;
        if (cursor.Index > part.TransactionCount)
            throw Refusals.BadArgument($"from_index: block {cursor.Height} has {part.TransactionCount} transactions, and none above that");
        uint left = part.TransactionCount - cursor.Index;
        uint count = partMax == 0 ? left : Math.Min(left, partMax);
        part.FirstIndex = cursor.Index;
        part.Transactions.AddRange(reader.Transactions(cursor.Height, (int)cursor.Index).Take((int)count).Select(WireForm.Of));
        if (count < left)
            part.Next = new BlockCursor { Height = cursor.Height, Index = cursor.Index + count };
        return part;
    }

    private Block? Head(ulong height, bool withTransactions)
    {
        reader.RequireKept(height, RetentionClass.Headers);
        if (withTransactions)
        {
            reader.RequireKept(height, RetentionClass.Batches);
            reader.RequireKept(height, RetentionClass.Receipts);
        }
        if (reader.Block(height) is not { } stored)
            return null;
        Block block = WireForm.Of(stored, reader.HeaderAt(height), reader.Finalization(height));
        if (reader.StateRootAfter(height) is { } stateRoot)
            block.StateRoot = WireForm.Bytes(stateRoot);
        block.TransactionCount = (uint)stored.TransactionCount;
        return block;
    }
}
