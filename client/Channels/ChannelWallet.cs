using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Client;

/// <summary>What a wallet does with credits, prices and channels.</summary>
public static class ChannelWallet
{
    /// <summary>Burns tokens for credits of this account.</summary>
    /// <param name="creditsMin">Fail rather than get fewer: the price may have moved.</param>
    public static Task<SubmitResult> BurnForCreditsAsync(
        this Wallet wallet, Amount amount, Credits creditsMin = default, CancellationToken cancellation = default) =>
        wallet.SubmitAsync(new BurnForCredits(amount, CreditsMin: creditsMin), cancellation);

    /// <summary>Reports a token's price: only for the chain's reporters.</summary>
    /// <param name="microDollars">For one token.</param>
    public static Task<SubmitResult> SubmitPriceAsync(
        this Wallet wallet, ulong microDollars, DateTimeOffset observed, CancellationToken cancellation = default) =>
        wallet.SubmitAsync(new SubmitPrice(microDollars, (ulong)observed.ToUnixTimeMilliseconds()), cancellation);

    /// <summary>Locks credits for vouchers. If it succeeded, <see cref="ChannelId.OpenedBy"/> of the result's id is the channel.</summary>
    /// <param name="device">The only device that may be paid; null: any of the service.</param>
    public static Task<SubmitResult> OpenChannelAsync(
        this Wallet wallet, uint service, Credits credits, Address? device, DateTimeOffset expires, CancellationToken cancellation = default) =>
        wallet.SubmitAsync(new OpenChannel(service, credits, device, (ulong)expires.ToUnixTimeMilliseconds()), cancellation);

    /// <summary>Redeems a voucher that both have signed.</summary>
    public static Task<SubmitResult> RedeemVoucherAsync(this Wallet wallet, SignedVoucher voucher, CancellationToken cancellation = default) =>
        wallet.SubmitAsync(new RedeemVoucher(voucher), cancellation);

    /// <summary>Closes a channel: as its payer, or as the owner of its only device.</summary>
    public static Task<SubmitResult> CloseChannelAsync(this Wallet wallet, ChannelId channel, CancellationToken cancellation = default) =>
        wallet.SubmitAsync(new CloseChannel(channel), cancellation);

    /// <summary>Brings a channel's one dispute: a higher voucher while it closes, or two that contradict each other.</summary>
    public static Task<SubmitResult> DisputeChannelAsync(
        this Wallet wallet, SignedVoucher voucher, SignedVoucher? contradiction = null, CancellationToken cancellation = default) =>
        wallet.SubmitAsync(new DisputeChannel(voucher, contradiction), cancellation);
}
