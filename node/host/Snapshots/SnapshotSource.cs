using AppChain.Storage;

namespace AppChain.Node.Snapshots;

/// <summary>What a snapshot is made of.</summary>
/// <param name="Records">A node's, running or not: headers and the block.</param>
/// <param name="Tip">The block after which <paramref name="State"/> is the state; it has a finalization of its own.</param>
/// <param name="ProvenAt">A later height with a finalization of its own.</param>
/// <param name="State">All records of the state.</param>
internal sealed record SnapshotSource(StoreRecords Records, ChainTip Tip, ulong ProvenAt, IEnumerable<StateEntry> State);
