using System;

namespace AppChain.Ledger;

/// <summary>How many transactions of each class a block may still execute.</summary>
internal sealed class BlockRoom
{
    private readonly ulong[] left = new ulong[Enum.GetValues<TransactionClass>().Length];

    public BlockRoom(ParametersRecord parameters)
    {
        for (int i = 0; i < left.Length; i++)
            left[i] = parameters[Parameter.BlockTokens + (ushort)i];
    }

    public bool TryTake(TransactionClass of)
    {
        if (left[(int)of] == 0)
            return false;
        left[(int)of]--;
        return true;
    }
}
