using AppChain.Crypto;
using AppChain.Grpc;
using AppChain.Protos.V1;
using AppChain.Storage;
using Grpc.Core;

namespace AppChain.Node.Rpc;

/// <summary>Finalised blocks, one or all from a height on.</summary>
public sealed class BlockRpc(ChainReader reader, HeightSignal signal, Subscribers subscribers, HistoryTurns history)
    : BlockService.BlockServiceBase
{
    private readonly BlockParts blocks = new(reader);

    public override async Task<Block> GetBlock(GetBlockRequest request, ServerCallContext context)
    {
        ulong height = Answer.Read(() => HeightOf(request));
        Block? block = await ReadAsync(height, () => blocks.Whole(height, request.WithTransactions), request.WithTransactions, context);
        return block ?? throw Refusals.NotFound(height == 0
            ? "Height 0 is genesis, which has no block; the first block has height 1."
            : $"Block {height} is not final here; the last final one is {reader.Tip.Height}.");
    }

    public override async Task Subscribe(SubscribeRequest request, IServerStreamWriter<Block> responses, ServerCallContext context)
    {
        using IDisposable place = subscribers.Enter(context.GetCallerNetwork());
        if (request.FromIndex > 0 && !(request.WithTransactions && request.FromHeight > 0))
            throw Refusals.BadArgument("from_index: it counts the transactions of the block at from_height, and needs with_transactions");
        if (request.PartMax is > 0 and < NodeLimits.BlockPartMin)
            throw Refusals.BadArgument($"part_max: at least {NodeLimits.BlockPartMin} transactions, or 0 for each block in one message");
        ulong first = request.FromHeight == 0 ? reader.Tip.Height + 1 : request.FromHeight;
        BlockCursor next = new() { Height = first, Index = request.FromIndex };
        // Each part comes from the store when it is its turn: a slow reader waits for nobody's buffer, misses nothing, and pins no block.
        while (true)
        {
            await signal.WaitForAsync(next.Height, context.CancellationToken);
            BlockCursor cursor = next;
            Block Read() => blocks.From(cursor, request.WithTransactions, request.PartMax);
            Block part = await ReadAsync(cursor.Height, Read, takesTurns: true, context);
            bool isBehindTheLast = next.Index > 0 && part.Transactions.Count == 0;
            next = part.Next;
            if (!isBehindTheLast)
                await responses.WriteAsync(part, context.CancellationToken);
        }
    }

    private async ValueTask<T> ReadAsync<T>(ulong height, Func<T> read, bool takesTurns, ServerCallContext context)
    {
        T Read() => Answer.Read(read);
        bool isOld = height + NodeLimits.NewestBlocks < reader.Tip.Height;
        return takesTurns && isOld ? await history.ReadAsync(context.GetCallerNetwork(), Read, context.CancellationToken) : Read();
    }

    private ulong HeightOf(GetBlockRequest request)
    {
        switch (request.WhichCase)
        {
            case GetBlockRequest.WhichOneofCase.Hash:
                if (request.Hash.Length != Hash256.Size)
                    throw Refusals.BadArgument($"hash: expected {Hash256.Size} bytes, got {request.Hash.Length}");
                return reader.TryGetHeight(new Hash256(request.Hash.Span), out ulong height)
                    ? height
                    : throw Refusals.NotFound("No final block that this node keeps has this hash.");
            case GetBlockRequest.WhichOneofCase.TimeMs:
                return reader.HeightAt(request.TimeMs) ?? throw Refusals.NotFound(
                    $"No block that this node keeps is as old as that: the oldest has height {reader.OldestKept(RetentionClass.Headers)}.");
            default:
                return request.Height;
        }
    }
}
