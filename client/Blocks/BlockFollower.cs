using AppChain.Protos.V1;
using Google.Protobuf;
using Grpc.Core;

namespace AppChain.Client;

/// <summary>A node's blocks do not follow on what was read before: it is not to be believed, or on another chain.</summary>
internal sealed class BrokenChainException(string message) : Exception(message);

/// <summary>
/// Reads the chain from a cursor on, from whichever of its nodes answers: every transaction once, in order, none left out, whatever breaks meanwhile.
/// </summary>
/// <remarks>
/// <para>A part counts as dealt with when the handler has returned, and <see cref="Cursor"/> then points behind it. Who stores the cursor together with what
/// it makes of the part goes on after any crash without a gap and without a repetition; who stores it later sees again what came in between.</para>
/// <para>That each block names the one before by its hash is checked, and that the parts join. Signatures are not.</para>
/// </remarks>
/// <param name="nodes">Tried in this order, then again from the first.</param>
/// <param name="from">The first part that is wanted.</param>
public sealed class BlockFollower(IReadOnlyList<NodeClient> nodes, ChainCursor from, BlockFollowerOptions? options = null, TimeProvider? time = null)
{
    private readonly BlockFollowerOptions options = options ?? new BlockFollowerOptions();
    private readonly TimeProvider time = time ?? TimeProvider.System;
    private ByteString? lastHash; // of the last block of which a part was dealt with
    private ulong lastHeight;

    /// <summary>What comes next.</summary>
    public ChainCursor Cursor { get; private set; } = from;

    /// <summary>Why nothing comes at the moment; null while it does.</summary>
    public string? Problem { get; private set; }

    /// <summary>
    /// Reads on until cancelled. What the handler throws ends it, with the cursor still before that part: call it again to go on with the same part.
    /// </summary>
    /// <param name="handle">Given each part, one at a time.</param>
    /// <exception cref="RpcException">NOT_FOUND: all nodes have pruned what comes next. INVALID_ARGUMENT: the cursor is not of this chain.</exception>
    public async Task RunAsync(Func<Block, CancellationToken, ValueTask> handle, CancellationToken cancellation)
    {
        TimeSpan delay = ClientLimits.ReconnectDelay;
        int gone = 0;
        for (int turn = 0; ; turn++)
        {
            NodeClient node = nodes[turn % nodes.Count];
            ChainCursor before = Cursor;
            try
            {
                await ReadAsync(node, handle, cancellation);
            }
            catch (NodeFailure failure)
            {
                cancellation.ThrowIfCancellationRequested();
                Problem = $"{node.Address}: {failure.Message}";
                RpcException? answer = failure.InnerException as RpcException;
                gone = Cursor == before && answer?.StatusCode == StatusCode.NotFound ? gone + 1 : 0;
                if (answer is { StatusCode: StatusCode.InvalidArgument } || gone == nodes.Count)
                    throw answer!;
            }
            if (Cursor != before)
                delay = ClientLimits.ReconnectDelay;
            await Task.Delay(delay, time, cancellation);
            delay = delay * 2 < ClientLimits.ReconnectDelayMax ? delay * 2 : ClientLimits.ReconnectDelayMax;
        }
    }

    // What comes from the node is told apart from what the handler throws, which may be of the same type.
    private sealed class NodeFailure(Exception cause) : Exception(cause.Message, cause);

    private async Task ReadAsync(NodeClient node, Func<Block, CancellationToken, ValueTask> handle, CancellationToken cancellation)
    {
        using CancellationTokenSource silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using IAsyncEnumerator<Block> parts = node.SubscribeAsync(Cursor, options.PartMax, silence.Token).GetAsyncEnumerator(silence.Token);
        while (true)
        {
            Block part = await NextAsync(parts, silence);
            await handle(part, cancellation);
            (lastHeight, lastHash, Cursor, Problem) = (part.Header.Height, part.Hash, ChainCursor.After(part), null);
        }
    }

    private async Task<Block> NextAsync(IAsyncEnumerator<Block> parts, CancellationTokenSource silence)
    {
        try
        {
            silence.CancelAfter(options.SilenceMax);
            if (!await parts.MoveNextAsync())
                throw new RpcException(new global::Grpc.Core.Status(StatusCode.Unavailable, "the node closed the stream"));
            silence.CancelAfter(Timeout.InfiniteTimeSpan); // the handler may take its time
            RequireToFollow(parts.Current);
            return parts.Current;
        }
        catch (Exception e) when (e is RpcException or BrokenChainException or IOException or OperationCanceledException)
        {
            throw new NodeFailure(e);
        }
    }

    private void RequireToFollow(Block part)
    {
        ulong height = part.Header?.Height ?? 0;
        if ((height, part.FirstIndex) != (Cursor.Height, Cursor.Index) && !IsEndOfBlock(part, height))
            throw new BrokenChainException($"asked for transaction {Cursor.Index} of block {Cursor.Height} on, it sent {part.FirstIndex} of {height}");
        if (part.Next is not { } next || (next.Height, next.Index) != (height, part.FirstIndex + (uint)part.Transactions.Count) && (next.Height, next.Index) != (height + 1, 0))
            throw new BrokenChainException($"its part of block {height} does not say where to go on");
        if (next.Height > height && part.FirstIndex + part.Transactions.Count != part.TransactionCount)
            throw new BrokenChainException($"its last part of block {height} is short");
        if (next.Height == height && part.Transactions.Count == 0)
            throw new BrokenChainException($"its part of block {height} is empty");
        ByteString? expected = height == lastHeight ? part.Hash : height == lastHeight + 1 ? part.Header!.ParentHash : null;
        if (lastHash is not null && expected is not null && expected != lastHash)
            throw new BrokenChainException($"its block {height} does not follow on the block before, or is another one");
    }

    // A cursor behind a block's last transaction, of a reader that counted itself: the next block comes.
    private bool IsEndOfBlock(Block part, ulong height) => Cursor.Index > 0 && (height, part.FirstIndex) == (Cursor.Height + 1, 0);
}

/// <summary>What a follower of blocks may be told. Every value has a default.</summary>
public sealed record BlockFollowerOptions
{
    /// <summary>Transactions of one part; large blocks come in several.</summary>
    public uint PartMax { get; init; } = ClientLimits.BlockPartMax;

    /// <summary>A node that sends nothing for so long is left for the next one. An idle chain makes a block a second.</summary>
    public TimeSpan SilenceMax { get; init; } = ClientLimits.BlockSilenceMax;
}
