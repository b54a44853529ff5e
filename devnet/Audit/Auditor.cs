using AppChain.Client;
using AppChain.Client.Explain;
using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Devnet.Watch;
using AppChain.Ledger;
using AppChain.Protos.V1;
using Google.Protobuf;
using Grpc.Core;
using Address = AppChain.Crypto.Address;
using ChainId = AppChain.Ledger.ChainId;

namespace AppChain.Devnet.Audit;

/// <summary>Asks nodes why devices got what they got, and what accounts have, and believes in nothing but the validators' signatures.</summary>
internal sealed class Auditor(IReadOnlyList<NodeClient> nodes, ChainId chain, HeaderReader headers, TimeProvider time)
{
    /// <summary>One explanation that holds.</summary>
    /// <exception cref="DevnetException">It does not hold.</exception>
    public async Task<VerifiedExplanation> ExplainAsync(int node, Address device, ulong epoch, CancellationToken cancellation)
    {
        Protos.V1.Explanation? answer = await AskAsync(() => nodes[node].ExplainAsync(device, epoch, cancellation), cancellation);
        // An epoch in which there was no block is unknown to all. If the node hides one, what was paid for it is missing in the sum.
        if (answer is null)
            return new VerifiedExplanation(device, epoch, [], Mint: null);
        foreach (ByteString encoded in HeadersOf(answer))
            await ReadToAsync(encoded, cancellation);
        return VerifiedExplanation.TryVerify(answer, chain, device, epoch, headers.IsFinal, out string? problem) ?? throw Wrong(node, device, epoch, problem!);
    }

    /// <summary>What an account has, by a proven record: what it can spend, and what rests.</summary>
    /// <exception cref="DevnetException">The proof does not hold.</exception>
    public async Task<(ulong Balance, ulong Resting)> AccountAsync(int node, Address account, CancellationToken cancellation)
    {
        StateKey key = StateKey.Account(account);
        StateEvidence answer = await AskAsync(() => nodes[node].ProveRecordAsync(key, cancellation), cancellation);
        await ReadToAsync(answer.Header, cancellation);
        if (!VerifiedRecord.TryVerify(answer, key, headers.IsFinal, out VerifiedRecord? record))
            throw new DevnetException($"{nodes[node].Address}: its proof of {AddressText.Format(account, AddressKind.Account)} does not hold.");
        if (record.Value is not { } value)
            return default;
        AccountRecord held = AccountRecord.Decode(value);
        return (held.Balance.Grains, held.Resting.Total.Grains);
    }

    private async Task ReadToAsync(ByteString encoded, CancellationToken cancellation)
    {
        if (Header.TryDecode(encoded.Span, out Header header))
            await headers.ReadToAsync(header.Height.Value, cancellation);
    }

    // A node proves its newest block only with the next one.
    private async Task<T> AskAsync<T>(Func<Task<T>> call, CancellationToken cancellation)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded && attempt < AuditLimits.AttemptsMax)
            {
                await Task.Delay(AuditLimits.AttemptPause, time, cancellation);
            }
        }
    }

    private DevnetException Wrong(int node, Address device, ulong epoch, string problem) =>
        new($"{nodes[node].Address}: why {AddressText.Format(device, AddressKind.Device)} got what it got in epoch {epoch} does not hold: {problem}.");

    private static IEnumerable<ByteString> HeadersOf(Protos.V1.Explanation answer) => answer.Services
        .Select(static service => service.Settled?.Header).Append(answer.State?.Header).Append(answer.Mint?.Receipt?.Header).OfType<ByteString>();
}
