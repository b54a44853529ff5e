using System.Runtime.ExceptionServices;
using AppChain.Consensus;
using Grpc.Core;
using Block = AppChain.Protos.V1.Block;

namespace AppChain.Client;

/// <summary>A node's blocks do not follow on what was read before: it is not to be believed, or on another chain; or what was read before
/// is not.</summary>
public sealed class BrokenChainException(string message) : Exception(message);

/// <summary>
/// Reads the chain from a cursor on, from whichever of its nodes answers: every transaction once, in order, none left out, whatever breaks
/// meanwhile.
/// </summary>
/// <remarks>
/// <para>A part counts as dealt with when the handler has returned, and <see cref="Cursor"/> then points behind it. Who stores the cursor
/// together with what it makes of the part goes on after any crash without a gap and without a repetition; who stores it later sees again
/// what came in between.</para>
/// <para>That each block names the one before by its hash is checked, by hashes that are computed here of the headers' own bytes, and that
/// the parts join. Signatures are not, nor that the transactions are the ones that the header stands for: these are the node's word.</para>
/// </remarks>
public sealed class BlockFollower
{
    private readonly IReadOnlyList<NodeClient> nodes;
    private readonly BlockFollowerOptions options;
    private readonly TimeProvider time;
    private BlockPlace? last; // the last block of which a part was dealt with

    /// <param name="nodes">At least one. Tried in this order, then again from the first.</param>
    /// <param name="from">The first part that is wanted.</param>
    /// <exception cref="ArgumentOutOfRangeException">No nodes, or a cursor of height 0: that is genesis, which has no block.</exception>
    public BlockFollower(IReadOnlyList<NodeClient> nodes, ChainCursor from, BlockFollowerOptions? options = null, TimeProvider? time = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(nodes.Count, nameof(nodes));
        ArgumentOutOfRangeException.ThrowIfZero(from.Height, nameof(from));
        (this.nodes, Cursor) = (nodes, from);
        this.options = options ?? new BlockFollowerOptions();
        this.time = time ?? TimeProvider.System;
    }

    /// <summary>What comes next.</summary>
    public ChainCursor Cursor { get; private set; }

    /// <summary>Why nothing comes at the moment; null while it does.</summary>
    public string? Problem { get; private set; }

    /// <summary>
    /// Reads on until cancelled. What the handler throws ends it, with the cursor still before that part: call it again to go on with the
    /// same part.
    /// </summary>
    /// <param name="handle">Given each part, one at a time.</param>
    /// <exception cref="RpcException">No node goes on from here, one after the other: NOT_FOUND, they have pruned what comes next;
    /// INVALID_ARGUMENT, the cursor is not of their chain.</exception>
    /// <exception cref="BrokenChainException">The same, and what one of them sent does not follow on what was read before.</exception>
    public async Task RunAsync(Func<Block, CancellationToken, ValueTask> handle, CancellationToken cancellation)
    {
        TimeSpan delay = ClientLimits.ReconnectDelay;
        List<Exception> lastWords = []; // of nodes that do not go on from here, whenever they are asked
        TimeSpan silenceMax = options.SilenceMax;
        for (int turn = 0; ; turn++)
        {
            NodeClient node = nodes[turn % nodes.Count];
            ChainCursor before = Cursor;
            try
            {
                await ReadAsync(node, silenceMax, handle, cancellation);
            }
            catch (NodeFailure failure)
            {
                cancellation.ThrowIfCancellationRequested();
                Problem = $"{node.Address}: {failure.Message}";
                if (Cursor != before || !failure.IsLastWord)
                    lastWords.Clear();
                if (failure.IsLastWord && Cursor == before)
                    lastWords.Add(failure.InnerException!);
                if (lastWords.Count == nodes.Count)
                    ExceptionDispatchInfo.Throw(lastWords.Find(static cause => cause is BrokenChainException) ?? lastWords[^1]);
            }
            // Nodes with many who read old blocks may need longer for each.
            silenceMax = Cursor != before ? options.SilenceMax : silenceMax * 2 < ClientLimits.BlockSilenceMost ? silenceMax * 2 : ClientLimits.BlockSilenceMost;
            if (Cursor != before)
                delay = ClientLimits.ReconnectDelay;
            await Task.Delay(delay, time, cancellation);
            delay = delay * 2 < ClientLimits.ReconnectDelayMax ? delay * 2 : ClientLimits.ReconnectDelayMax;
        }
    }

    // What comes from the node is told apart from what the handler throws, which may be of the same type.
    private sealed class NodeFailure(Exception cause) : Exception(cause.Message, cause)
    {
        // All else may pass.
        public bool IsLastWord => InnerException
            is BrokenChainException or RpcException { StatusCode: StatusCode.NotFound or StatusCode.InvalidArgument };
    }

    private readonly record struct BlockPlace(ulong Height, Digest Hash);

    private async Task ReadAsync(NodeClient node, TimeSpan silenceMax, Func<Block, CancellationToken, ValueTask> handle, CancellationToken cancellation)
    {
        using CancellationTokenSource silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        IAsyncEnumerable<Block> stream = node.SubscribeAsync(Cursor, options.PartMax, silence.Token);
        await using IAsyncEnumerator<Block> parts = stream.GetAsyncEnumerator(silence.Token);
        while (true)
        {
            (Block part, BlockPlace place) = await NextAsync(parts, silence, silenceMax);
            await handle(part, cancellation);
            (last, Cursor, Problem) = (place, ChainCursor.After(part), null);
        }
    }

    private async Task<(Block Part, BlockPlace Place)> NextAsync(IAsyncEnumerator<Block> parts, CancellationTokenSource silence, TimeSpan silenceMax)
    {
        try
        {
            silence.CancelAfter(silenceMax);
            if (!await parts.MoveNextAsync())
                throw new RpcException(new global::Grpc.Core.Status(StatusCode.Unavailable, "the node closed the stream"));
            silence.CancelAfter(Timeout.InfiniteTimeSpan); // the handler may take its time
            return (parts.Current, RequireToFollow(parts.Current));
        }
        catch (Exception e) when (e is RpcException or BrokenChainException or IOException or OperationCanceledException)
        {
            throw new NodeFailure(e);
        }
    }

    private BlockPlace RequireToFollow(Block part)
    {
        if (!Header.TryDecode(part.HeaderBytes.Span, out Header header))
            throw new BrokenChainException("it sent a block without a header");
        BlockPlace place = new(header.Height.Value, header.Hash);
        ulong height = place.Height;
        if (!HeaderForm.Of(header).Equals(part.Header) || !part.Hash.Span.SequenceEqual(place.Hash.ToArray()))
            throw new BrokenChainException($"what it says of block {height} is not what the block's header says");
        if ((height, part.FirstIndex) != (Cursor.Height, Cursor.Index) && !IsEndOfBlock(part, height))
            throw new BrokenChainException(
                $"asked for transaction {Cursor.Index} of block {Cursor.Height} on, it sent {part.FirstIndex} of {height}");
        uint end = part.FirstIndex + (uint)part.Transactions.Count;
        if (part.Next is not { } next || ((next.Height, next.Index) != (height, end) && (next.Height, next.Index) != (height + 1, 0)))
            throw new BrokenChainException($"its part of block {height} does not say where to go on");
        if (next.Height > height && end != part.TransactionCount)
            throw new BrokenChainException($"its last part of block {height} is short");
        if (next.Height == height && part.Transactions.Count == 0)
            throw new BrokenChainException($"its part of block {height} is empty");
        if (last is { } before && !Follows(before, place, header.ParentHash))
            throw new BrokenChainException($"its block {height} does not follow on the block before, or is another one");
        return place;
    }

    private static bool Follows(BlockPlace before, BlockPlace place, Digest parent) =>
        place.Height == before.Height ? place.Hash == before.Hash : place.Height != before.Height + 1 || parent == before.Hash;

    // A cursor behind a block's last transaction, of a reader that counted itself: the next block comes.
    private bool IsEndOfBlock(Block part, ulong height) => Cursor.Index > 0 && (height, part.FirstIndex) == (Cursor.Height + 1, 0);
}

/// <summary>What a follower of blocks may be told. Every value has a default.</summary>
public sealed record BlockFollowerOptions
{
    /// <summary>Transactions of one part; large blocks come in several. 0: each block in one; else nodes refuse less than 64.</summary>
    public uint PartMax { get; init; } = ClientLimits.BlockPartMax;

    /// <summary>A node that sends nothing for so long is left for the next one. An idle chain makes a block a second.</summary>
    public TimeSpan SilenceMax { get; init; } = ClientLimits.BlockSilenceMax;
}
