using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Client;

/// <summary>The payer's side of an open channel: promises credits to devices, never more than the deposit. Any thread.</summary>
/// <remarks>
/// What was promised must outlive the program: keep the last voucher of each device and give them back after a restart, or a nonce
/// is used twice, which a dispute would punish.
/// </remarks>
public sealed class ChannelPayer
{
    private readonly PrivateKey key;
    private readonly ChannelId channel;
    private readonly Credits deposit;
    private readonly Lock promising = new();
    private readonly Dictionary<Address, Voucher> last;

    /// <param name="key">The payer's key. It stays the caller's.</param>
    /// <param name="deposit">What the channel was opened with.</param>
    /// <param name="issued">The last voucher of each device from before a restart.</param>
    public ChannelPayer(PrivateKey key, ChannelId channel, Credits deposit, params IEnumerable<Voucher> issued)
    {
        (this.key, this.channel, this.deposit) = (key, channel, deposit);
        last = issued.ToDictionary(voucher => voucher.Device);
        Promised = last.Values.Aggregate(Credits.Zero, (sum, voucher) => sum + voucher.Credits);
    }

    /// <summary>What all vouchers together promise.</summary>
    public Credits Promised { get; private set; }

    /// <summary>Promises a device so many credits more.</summary>
    /// <param name="receipt">The hash of what was served, as both agree.</param>
    /// <returns>The offer to send to the device, or null if the deposit does not cover it.</returns>
    public VoucherOffer? TryPay(Address device, Credits credits, Hash256 receipt)
    {
        lock (promising)
        {
            if (credits > deposit - Promised)
                return null;
            Voucher before = last.GetValueOrDefault(device) ?? new Voucher(channel, device, 0, Credits.Zero, Hash256.Zero);
            Voucher voucher = before with { Nonce = before.Nonce + 1, Credits = before.Credits + credits, Receipt = receipt };
            last[device] = voucher;
            Promised += credits;
            return VoucherOffer.By(key, voucher);
        }
    }
}
