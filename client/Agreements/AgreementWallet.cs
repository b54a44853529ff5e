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

    /// <summary>Sends one proof of a device and waits for its verdict.</summary>
    /// <param name="device">The device's address; that of the key unless the key was replaced.</param>
    public static async Task<SubmitResult?> SubmitProofAsync(
        this NodeClient node, ChainId chain, PrivateKey key, Address device, uint service, ProofPayload payload, CancellationToken cancellation = default)
    {
        if (await node.FindDeviceAsync(device, cancellation) is not { } record)
            return null;
        ulong nowMs = (ulong)TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        Body body = new(device, record.NextSequence, nowMs + (ulong)ClientLimits.ProofLifetime.TotalMilliseconds, new SubmitProof(service, nowMs, payload));
        return await node.SubmitAndWaitAsync(SignedTransaction.Create(chain, body, key), cancellation);
    }
}
