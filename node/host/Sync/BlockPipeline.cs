using System.Threading.Channels;
using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Node.Driver;
using AppChain.Node.Peers;
using AppChain.Node.Pool;
using AppChain.Protos.V1;
using Grpc.Core;

namespace AppChain.Node.Sync;

/// <summary>Blocks that a finalization proves, with their batches, whose signatures are being verified.</summary>
/// <param name="Verified">The batches that were not held before; or what is wrong with one.</param>
/// <param name="Bytes">What they take of the room.</param>
/// <param name="Applied">Completed once they are in the chain.</param>
internal sealed record ProvenBlocks(
    SyncedBlocks Blocks, long Bytes, Task<(string? Problem, List<HeldBatch> Batches)> Verified, TaskCompletionSource Applied);

/// <summary>
/// The way of one peer's answer into the chain: links and certificates are checked as the blocks come, the signatures in what is proven are
/// verified some runs of blocks ahead, on all cores, and meanwhile earlier ones are executed and written. Nothing is stored, and no
/// signature looked at, before a finalization proves that the block is the chain's: a liar costs a bounded buffer and one certificate.
/// </summary>
public sealed class BlockPipeline(Chain chain, SyncChecks checks, BatchIntake intake)
{
    private readonly Channel<ProvenBlocks> ahead = Channel.CreateBounded<ProvenBlocks>(
        new BoundedChannelOptions(NodeLimits.SyncRunsAhead) { SingleReader = true, SingleWriter = true });

    private readonly SyncRoom room = new(NodeLimits.SyncAheadBytesMax);

    /// <summary>Takes the blocks above this header. Returns what was wrong with the answer; null if nothing.</summary>
    public async Task<string?> RunAsync(Hash256 parent, ulong height, IAsyncStreamReader<FinalizedBlock> answers, CancellationToken cancellation)
    {
        using CancellationTokenSource ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task<string?> applying = ApplyAllAsync(ends);
        string? problem = null;
        try
        {
            problem = await ReadAllAsync(parent, height, answers, ends.Token);
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            // What was read before was refused: that is the answer.
        }
        finally
        {
            ahead.Writer.TryComplete();
            problem = await applying ?? problem;
        }
        return problem;
    }

    private async Task<string?> ReadAllAsync(Hash256 parent, ulong height, IAsyncStreamReader<FinalizedBlock> answers, CancellationToken cancellation)
    {
        List<SyncedBlock> blocks = [];
        List<(Hash256 Id, ReadOnlyMemory<byte> Encoded)> batches = [];
        AnswerSize size = new();
        while (!size.IsEnough && await answers.MoveNext(cancellation))
        {
            FinalizedBlock answer = answers.Current;
            if (size.Add(answer.CalculateSize()) is { } tooMuch)
                return tooMuch;
            if (checks.TryOpen(answer, parent, ++height, out SyncedBlock? synced) is { } problem)
                return problem;
            blocks.Add(synced!);
            batches.AddRange(synced!.Batches.Zip(answer.Batches.Select(static batch => batch.Memory)));
            parent = synced.Block.Hash.ToHash();
            if (synced.Finalization is not { } finalization)
                continue;
            await room.TakeAsync(size.UnprovenBytes, cancellation);
            List<(Hash256 Id, ReadOnlyMemory<byte> Encoded)> proven = batches;
            ProvenBlocks run = new(
                new SyncedBlocks([.. blocks], finalization), size.UnprovenBytes,
                Task.Run(() => (Problem: intake.TryVerify(proven, out List<HeldBatch> verified), verified), CancellationToken.None),
                new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            await ahead.Writer.WriteAsync(run, cancellation);
            // The validators after it are in the state after it.
            if (synced.Block.Header.EndsEpoch)
                await run.Applied.Task.WaitAsync(cancellation);
            (blocks, batches) = ([], []);
            size.Prove();
        }
        return null;
    }

    /// <summary>Takes what is verified, in order, and as much as is ready in one write: the disk is waited for once.</summary>
    private async Task<string?> ApplyAllAsync(CancellationTokenSource ends)
    {
        string? problem = null;
        try
        {
            while (problem is null && await ahead.Reader.WaitToReadAsync(CancellationToken.None))
            {
                List<SyncedBlock> blocks = [];
                List<ProvenBlocks> runs = [];
                while (blocks.Count < NodeLimits.SyncBlocksPerWrite && ahead.Reader.TryPeek(out ProvenBlocks? next) && (runs.Count == 0 || next.Verified.IsCompleted))
                {
                    (problem, List<HeldBatch> batches) = await next.Verified;
                    if (problem is not null)
                        break;
                    ahead.Reader.TryRead(out _);
                    foreach (HeldBatch batch in batches)
                        intake.Keep(batch, own: false);
                    blocks.AddRange(next.Blocks.Blocks);
                    runs.Add(next);
                }
                if (runs.Count > 0 && !await chain.ApplyAsync(new SyncedBlocks(blocks, runs[^1].Blocks.Finalization)).WaitAsync(ends.Token))
                    problem ??= "a batch of its blocks was dropped while they were checked; they are asked for again";
                runs.ForEach(run =>
                {
                    room.Give(run.Bytes);
                    run.Applied.TrySetResult();
                });
            }
        }
        finally
        {
            await ends.CancelAsync(); // also when this fails: whoever reads on must not wait for it
        }
        return problem;
    }
}
