using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Client;

/// <summary>What an account does with storage deals and jobs, and what their devices send.</summary>
public static class AgreementWallet
{
    /// <summary>Cancels a deal: as its client after the present window, as the owner of its device at once.</summary>
    public static Task<SubmitResult> CancelDealAsync(this Wallet wallet, Hash256 deal, CancellationToken cancellation = default) =>
        wallet.SubmitAsync(new CancelDeal(deal), cancellation);

    /// <summary>Posts a job; its id is the transaction's.</summary>
    public static Task<SubmitResult> PostJobAsync(this Wallet wallet, PostJob job, CancellationToken cancellation = default) =>
        wallet.SubmitAsync(job, cancellation);

    /// <summary>Shows that this account knew the result of its job.</summary>
    public static Task<SubmitResult> OpenSealAsync(this Wallet wallet, OpenSeal seal, CancellationToken cancellation = default) =>
        wallet.SubmitAsync(seal, cancellation);

    /// <summary>Sends one proof of a device, of what it observes now, and waits for its verdict.</summary>
    /// <param name="device">The device's address; that of the key unless the key was replaced.</param>
    /// <returns>Null if no device of this address is registered.</returns>
    public static Task<SubmitResult?> SubmitProofAsync(
        this NodeClient node, ChainId chain, PrivateKey key, Address device, uint service, ProofPayload payload, CancellationToken cancellation = default) =>
        node.SubmitProofAsync(chain, key, device, new SubmitProof(service, NowMs, payload), cancellation);

    /// <summary>Sends one proof of a device, of what it observed when the proof says, and waits for its verdict.</summary>
    /// <inheritdoc cref="SubmitProofAsync(NodeClient, ChainId, PrivateKey, Address, uint, ProofPayload, CancellationToken)"/>
    public static async Task<SubmitResult?> SubmitProofAsync(
        this NodeClient node, ChainId chain, PrivateKey key, Address device, SubmitProof proof, CancellationToken cancellation = default)
    {
        if (await node.FindDeviceAsync(device, cancellation) is not { } record)
            return null;
        Body body = new(device, record.NextSequence, NowMs + (ulong)ClientLimits.ProofLifetime.TotalMilliseconds, proof);
        return await node.SubmitAndWaitAsync(SignedTransaction.Create(chain, body, key), cancellation);
    }

    private static ulong NowMs => (ulong)TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
}
