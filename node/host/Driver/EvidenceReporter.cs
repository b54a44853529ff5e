using System.Net;
using System.Threading.Channels;
using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node.Pool;
using Microsoft.Extensions.Logging;

namespace AppChain.Node.Driver;

/// <summary>
/// What becomes of a contradiction that consensus has seen: with an operator's key it goes on chain at once; without one the log says how. Every node
/// that saw it reports it; the first report counts, and the others are skipped without a fee.
/// </summary>
/// <param name="operatorKey">Signs and pays for the report; null: nobody does.</param>
public sealed class EvidenceReporter(Ledger.ChainId chainId, PrivateKey? operatorKey, Ingress ingress, ChainReader reader, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly Channel<SubmitEvidence> seen = Channel.CreateBounded<SubmitEvidence>(
        new BoundedChannelOptions(NodeLimits.EvidenceWaitingMax) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    private ulong nextSequence;

    /// <summary>Takes a contradiction. Any thread.</summary>
    /// <param name="consensusKey">The offender's.</param>
    public void Report(ReadOnlyMemory<byte> consensusKey, Evidence evidence)
    {
        DriverLog.Evidence(
            log, Convert.ToHexStringLower(consensusKey.Span), evidence.View.Value, Convert.ToHexStringLower(evidence.Encode()));
        if (operatorKey is not null)
            seen.Writer.TryWrite(new SubmitEvidence(consensusKey, evidence.Encode()));
    }

    /// <summary>Submits until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await foreach (SubmitEvidence message in seen.Reader.ReadAllAsync(cancellation))
        {
            AdmissionAnswer answer = await ingress.OfferAsync(Sign(message, operatorKey!), IPAddress.None, follower: null).WaitAsync(cancellation);
            DriverLog.EvidenceSent(log, answer.Result.ToString(), answer.Reason.Explanation());
        }
    }

    private Ledger.Transaction Sign(SubmitEvidence message, PrivateKey key)
    {
        // Several may be under way before the first is final.
        nextSequence = Math.Max(nextSequence, LedgerQueries.Account(reader.State, key.Address).Window.Next);
        Body body = new(
            key.Address, nextSequence++, clock.UnixMs() + (ulong)Lifetime.TotalMilliseconds, message);
        Reason reason = Ledger.Transaction.TryDecode(TransactionBuilder.Sign(chainId, body, key), chainId, out Ledger.Transaction? transaction);
        return transaction ?? throw new InvalidOperationException($"this node's own report of a contradiction does not decode: {reason}");
    }
}
