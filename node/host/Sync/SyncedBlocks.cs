using AppChain.Consensus;
using AppChain.Crypto;

namespace AppChain.Node.Sync;

/// <summary>A finalised block from a peer.</summary>
/// <param name="Batches">The ids that its payload names.</param>
/// <param name="Finalization">Its own, if it has one.</param>
public sealed record SyncedBlock(Block Block, IReadOnlyList<Hash256> Batches, Certificate? Finalization);

/// <summary>Blocks from a peer whose links are checked: consecutive, hash by hash, up to one that this finalization makes final, and with it all.</summary>
public sealed record SyncedBlocks(IReadOnlyList<SyncedBlock> Blocks, Certificate Finalization);
