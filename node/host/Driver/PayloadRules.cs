using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node.Peers;
using AppChain.Node.Pool;

namespace AppChain.Node.Driver;

/// <summary>What the host puts into a block, and what it demands of another's (the host's part of rules 2 and 3).</summary>
public sealed class PayloadRules(BatchSource batches, TimeProvider clock)
{
    /// <summary>A block on this parent.</summary>
    /// <param name="offered">Verified batches that no ancestor includes, within the limits.</param>
    public BlockContent Build(ExecutedBlock parent, IReadOnlyList<HeldBatch> offered)
    {
        ulong timeMs = Math.Max(clock.UnixMs(), parent.Point.TimeMs + 1);
        BlockPayload payload = new(Executor.MintDue(new LedgerState(parent.State), timeMs)?.EncodeBody(), [.. offered.Select(batch => batch.Id)]);
        return new BlockContent(
            timeMs, payload.Encode(), parent.State.Root.ToDigest(), parent.ReceiptsRoot.ToDigest(), NextValidatorsHash(parent));
    }

    /// <summary>Why this block may not follow this parent, in one sentence; null if it may.</summary>
    /// <param name="included">Batches that ancestors above the final tip include.</param>
    public string? Problem(ExecutedBlock parent, Block block, IReadOnlySet<Hash256> included)
    {
        ulong nowMs = clock.UnixMs();
        if (block.Header.TimeMs > nowMs + NodeLimits.ClockDriftMaxMs)
            return $"its time is {block.Header.TimeMs - nowMs} ms ahead of this node's clock; at most {NodeLimits.ClockDriftMaxMs} are allowed";
        Reason reason = BlockPayload.TryDecode(block.Payload.Span, out BlockPayload? payload);
        if (payload is null)
            return reason.Explanation();
        if (block.Header.NextValidatorsHash != NextValidatorsHash(parent))
            return block.Header.EndsEpoch ? "it ends the epoch, which is not due, or with another set than the state's" : "it must end the epoch";
        if (payload.BatchIds.Any(included.Contains))
            return "it includes a batch that an ancestor includes";
        if (batches.BytesOf(payload.BatchIds) > LedgerLimits.BlockBytesMax)
            return $"its batches are larger than {LedgerLimits.BlockBytesMax} bytes together";
        Reason mint = Executor.CheckMint(new LedgerState(parent.State), block.Header.TimeMs, payload.MintRewards.Span);
        return mint != Reason.None ? mint.Explanation() : ProblemOfRoots(parent, block);
    }

    // Zero but for the last block of an epoch (rule 11).
    private static Digest NextValidatorsHash(ExecutedBlock parent) =>
        ValidatorEpochs.EndingWith(new LedgerState(parent.State), parent.Height + 1) is { } next ? ConsensusEpoch.SetOf(next).Hash : Digest.Zero;

    /// <summary>Why the header's roots are not those of this node's own execution of the parent; null if they are.</summary>
    public static string? ProblemOfRoots(ExecutedBlock parent, Block block) =>
        block.Header.StateRoot != parent.State.Root.ToDigest()
            ? $"it claims state root {block.Header.StateRoot} after height {parent.Height}; this node computed {parent.State.Root}"
        : block.Header.ReceiptsRoot != parent.ReceiptsRoot.ToDigest()
            ? $"it claims receipts root {block.Header.ReceiptsRoot} at height {parent.Height}; this node computed {parent.ReceiptsRoot}"
        : null;
}
