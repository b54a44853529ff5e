using AppChain.Client;
using AppChain.Crypto;
using AppChain.Protos.V1;
using Grpc.Core;

namespace AppChain.Devnet.Checks;

/// <summary>A block by what validators must agree on.</summary>
internal readonly record struct BlockMark(Hash256 Hash, Hash256 StateRoot);

/// <summary>One validator's whole chain, from height 1.</summary>
/// <param name="Failure">A sentence when it could not be read to the end or does not hang together.</param>
internal sealed record ChainScan(string Validator, IReadOnlyList<BlockMark> Blocks, string? Failure)
{
    /// <summary>Reads every block up to a height, and checks that each names the one before and the state after it.</summary>
    /// <param name="onBlock">Sees every block, with its transactions; null reads without them.</param>
    public static async Task<ChainScan> ReadAsync(
        string validator, NodeClient client, ulong toHeight, Action<Block>? onBlock, CancellationToken cancellation)
    {
        List<BlockMark> blocks = [];
        using CancellationTokenSource silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        silence.CancelAfter(DevnetLimits.ScanSilenceMax);
        string? failure = null;
        try
        {
            await foreach (Block block in client.SubscribeAsync(1, onBlock is not null, silence.Token))
            {
                silence.CancelAfter(DevnetLimits.ScanSilenceMax);
                failure = Check(blocks, block);
                if (failure is not null)
                    break;
                blocks.Add(new BlockMark(new Hash256(block.Hash.Span), new Hash256(block.StateRoot.Span)));
                onBlock?.Invoke(block);
                if (block.Header.Height >= toHeight)
                    break;
            }
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            string cause = (e as RpcException)?.Status.Detail ?? "it sent no further block";
            failure = $"reading its chain stopped after height {blocks.Count}: {cause}";
        }
        if (failure is null && (ulong)blocks.Count < toHeight)
            failure = $"its chain ended at height {blocks.Count}, before {toHeight}";
        return new ChainScan(validator, blocks, failure is null ? null : $"{validator}: {failure}");
    }

    private static string? Check(List<BlockMark> before, Block block)
    {
        ulong expected = (ulong)before.Count + 1;
        if (block.Header.Height != expected)
            return $"sent height {block.Header.Height} where {expected} was due";
        if (block.Hash.Length != Hash256.Size || block.StateRoot.Length != Hash256.Size)
            return $"sent block {expected} without its hash or state root";
        if (before.Count == 0)
            return null;
        if (!block.Header.ParentHash.Span.SequenceEqual(before[^1].Hash.Bytes))
            return $"block {expected} does not follow the block before it";
        return block.Header.StateRoot.Span.SequenceEqual(before[^1].StateRoot.Bytes)
            ? null
            : $"block {expected} proves another state than the one after block {expected - 1}";
    }
}
