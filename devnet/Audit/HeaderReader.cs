using AppChain.Client;
using AppChain.Client.Explain;
using AppChain.Consensus;
using AppChain.Ledger;
using Grpc.Core;

namespace AppChain.Devnet.Audit;

/// <summary>The chain's final headers, read from one node as far as they are wanted. Any number of callers.</summary>
internal sealed class HeaderReader(Genesis genesis, NodeClient node) : IDisposable
{
    private readonly FinalHeaders headers = new(genesis);
    private readonly SemaphoreSlim reading = new(1);

    /// <summary>Headers that signatures have made final.</summary>
    public ulong Height => headers.Height;

    /// <summary>Whether the chain has made this header final. It may have been read before.</summary>
    public bool IsFinal(Header header) => headers.IsFinal(header);

    /// <summary>Reads on until a height is final.</summary>
    /// <exception cref="DevnetException">The node's chain does not hang together, a certificate does not hold, or it takes too long.</exception>
    public async Task ReadToAsync(ulong height, CancellationToken cancellation)
    {
        await reading.WaitAsync(cancellation);
        try
        {
            if (headers.Height >= height)
                return;
            using CancellationTokenSource within = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            within.CancelAfter(AuditLimits.FinalWithin);
            try
            {
                await foreach (Protos.V1.Block block in node.SubscribeAsync(headers.Next, withTransactions: false, within.Token))
                {
                    if (headers.Add(block) is { } problem)
                        throw new DevnetException($"{node.Address}: {problem}.");
                    if (headers.Height >= height)
                        return;
                    within.CancelAfter(AuditLimits.FinalWithin);
                }
            }
            catch (Exception e) when (e is RpcException or OperationCanceledException && !cancellation.IsCancellationRequested)
            {
                throw new DevnetException($"{node.Address}: height {height} was not final within {AuditLimits.FinalWithin.TotalSeconds:0} s: {e.Message}");
            }
        }
        finally
        {
            reading.Release();
        }
    }

    public void Dispose() => reading.Dispose();
}
