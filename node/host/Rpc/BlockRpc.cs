using AppChain.Crypto;
using AppChain.Grpc;
using AppChain.Protos.V1;
using AppChain.Storage;
using Grpc.Core;

namespace AppChain.Node.Rpc;

/// <summary>Finalised blocks, one or all from a height on.</summary>
public sealed class BlockRpc(ChainReader reader, HeightSignal signal, Subscribers subscribers, HistoryTurns history) : BlockService.BlockServiceBase
{
    public override Task<Block> GetBlock(GetBlockRequest request, ServerCallContext context) => Answer.With(() =>
    {
        ulong height = request.Height;
        if (request.WhichCase == GetBlockRequest.WhichOneofCase.Hash)
        {
            if (request.Hash.Length != Hash256.Size)
                throw Refusals.BadArgument($"hash: expected {Hash256.Size} bytes, got {request.Hash.Length}");
            if (!reader.TryGetHeight(new Hash256(request.Hash.Span), out height))
                throw Refusals.NotFound("No final block that this node keeps has this hash.");
        }
        else if (request.WhichCase == GetBlockRequest.WhichOneofCase.TimeMs)
        {
            height = reader.HeightAt(request.TimeMs)
                ?? throw Refusals.NotFound($"No block that this node keeps is as old as that: the oldest has height {reader.OldestKept(RetentionClass.Headers)}.");
        }
        return Read(height, request.WithTransactions) ?? throw Refusals.NotFound(height == 0
            ? "Height 0 is genesis, which has no block; the first block has height 1."
            : $"Block {height} is not final here; the last final one is {reader.Tip.Height}.");
    });

    public override async Task Subscribe(SubscribeRequest request, IServerStreamWriter<Block> responses, ServerCallContext context)
    {
        using IDisposable place = subscribers.Enter(context.GetCallerNetwork());
        if (request.FromIndex > 0 && !(request.WithTransactions && request.FromHeight > 0))
            throw Refusals.BadArgument("from_index: it counts the transactions of the block at from_height, and needs with_transactions");
        ulong height = request.FromHeight == 0 ? reader.Tip.Height + 1 : request.FromHeight;
        uint index = request.FromIndex;
        // Blocks come from the store, one after the other: a slow reader waits for nobody's buffer and misses nothing.
        for (; ; (height, index) = (height + 1, 0))
        {
            await signal.WaitForAsync(height, context.CancellationToken);
            Block Next() => Answer.Read(() => Read(height, request.WithTransactions)!);
            bool isOld = height + NodeLimits.NewestBlocks < reader.Tip.Height;
            Block block = isOld ? await history.ReadAsync(context.GetCallerNetwork(), Next, context.CancellationToken) : Next();
            if (index > block.TransactionCount)
                throw Refusals.BadArgument($"from_index: block {height} has {block.TransactionCount} transactions, and none above that");
            foreach (Block part in BlockParts.Of(block, index, request.PartMax))
                await responses.WriteAsync(part, context.CancellationToken);
        }
    }

    private Block? Read(ulong height, bool withTransactions)
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
        if (withTransactions)
            block.Transactions.AddRange(reader.Transactions(height).Select(WireForm.Of));
        return block;
    }
}
