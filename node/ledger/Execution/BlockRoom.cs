using System;

namespace AppChain.Ledger;

/// <summary>How many transactions of each class a block has executed, of as many as it may.</summary>
internal sealed class BlockRoom(LedgerSession session)
{
    private readonly ulong[] taken = new ulong[Enum.GetValues<TransactionClass>().Length];

    /// <summary>How many there may be of a class.</summary>
    public ulong Of(TransactionClass kind) => session.Parameters[Parameter.BlockTokens + (ushort)kind];

    /// <summary>Takes the room of one more; false: there is none left.</summary>
    public bool TryTake(TransactionClass of)
    {
        if (taken[(int)of] >= Of(of))
            return false;
        taken[(int)of]++;
        return true;
    }
}
