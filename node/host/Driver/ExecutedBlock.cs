using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Storage;

namespace AppChain.Node.Driver;

/// <summary>A block that has been executed, with the state after it.</summary>
/// <param name="Point">The block's place in the chain.</param>
/// <param name="Parent">Hash of the parent.</param>
/// <param name="Receipts">In order of execution, MintRewards first.</param>
/// <param name="Batches">Ids that the payload names.</param>
/// <param name="EndsEpoch">It is the last block of its epoch of consensus.</param>
public sealed record ExecutedBlock(
    ChainPoint Point,
    Digest Parent,
    StateView State,
    Hash256 ReceiptsRoot,
    IReadOnlyList<Receipt> Receipts,
    IReadOnlyList<Hash256> Batches,
    bool EndsEpoch)
{
    public ulong Height => Point.Height.Value;

    /// <summary>Deadlines have passed that the next block must deal with.</summary>
    public bool MoreIsDue { get; init; }

    /// <summary>By what its transactions can be found.</summary>
    public BlockIndex Index { get; init; } = BlockIndex.Empty;
}
