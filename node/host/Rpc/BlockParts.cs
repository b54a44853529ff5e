using AppChain.Protos.V1;

namespace AppChain.Node.Rpc;

/// <summary>Cuts a block into the messages of a subscription, each with where to go on after it.</summary>
internal static class BlockParts
{
    /// <summary>The parts from a transaction on, in order: at least one, unless the cursor is behind the block's last transaction.</summary>
    /// <param name="block">Whole. Changed and given back if it is to come in one part.</param>
    /// <param name="from">At most the number of its transactions.</param>
    /// <param name="partMax">Transactions of one part; 0: any number.</param>
    public static IEnumerable<Block> Of(Block block, uint from, uint partMax)
    {
        ulong height = block.Header.Height;
        BlockCursor end = new() { Height = height + 1 };
        if (from == 0 && (partMax == 0 || block.Transactions.Count <= partMax))
        {
            block.Next = end;
            yield return block;
            yield break;
        }
        TransactionRecord[] transactions = [.. block.Transactions];
        block.Transactions.Clear();
        for (uint first = from; first < transactions.Length;)
        {
            uint count = (uint)transactions.Length - first;
            if (partMax > 0)
                count = Math.Min(count, partMax);
            Block part = block.Clone();
            part.FirstIndex = first;
            part.Transactions.AddRange(transactions.AsSpan((int)first, (int)count).ToArray());
            first += count;
            part.Next = first < transactions.Length ? new BlockCursor { Height = height, Index = first } : end;
            yield return part;
        }
    }
}
