using AppChain.Crypto;
using AppChain.Storage;

namespace AppChain.Crash.World;

/// <summary>Everything that was ever tried on a data directory: nothing else may be found in it.</summary>
internal sealed class Attempts
{
    /// <summary>Of each block: its height, its header's hash and the root of the state after it.</summary>
    public HashSet<string> Blocks { get; init; } = [];

    public ulong LastRecord { get; set; }

    public void Commit(IEnumerable<FinalizedBlock> blocks)
    {
        foreach (FinalizedBlock block in blocks)
            Blocks.Add(Name(block.Height, block.HeaderHash, block.State.Root));
    }

    public void Journal(ulong lastRecord) => LastRecord = Math.Max(LastRecord, lastRecord);

    public bool Has(ChainTip tip) => tip.Height == 0 || Blocks.Contains(Name(tip.Height, tip.HeaderHash, tip.StateRoot));

    /// <summary>A record of the journal: it follows from its number.</summary>
    public static byte[] Record(ulong sequence)
    {
        byte[] record = new byte[20 + (int)(sequence * 7919 % 600)];
        new Random((int)sequence).NextBytes(record);
        return record;
    }

    private static string Name(ulong height, Hash256 headerHash, Hash256 stateRoot) => $"{height} {headerHash} {stateRoot}";
}
