using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Client;

/// <summary>What a device finds when it looks at an offer.</summary>
public enum OfferVerdict
{
    Accepted,

    /// <summary>It is for another channel or another device.</summary>
    NotForUs,

    /// <summary>The signature is not the payer's, or does not verify.</summary>
    NotThePayers,

    /// <summary>The nonce is not above the last one, or the promise is lower than before.</summary>
    NotNewer,

    /// <summary>It promises less than the device is owed.</summary>
    TooLittle,

    /// <summary>It promises more than the channel can pay this device.</summary>
    NotCovered,

    /// <summary>It is for something else than what was served.</summary>
    OtherReceipt,
}

/// <summary>What a device must know of the channel that it is paid from.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Payer">Who signs its vouchers.</param>
/// <param name="Device">The device's address; after a change of its key not that of the key.</param>
/// <param name="Credits">
/// What the channel can pay this device in all: its deposit if it names the device. Of a shared one, what is left and what this device had: others may be faster.
/// </param>
public sealed record ChannelTerms(ChannelId Channel, Address Payer, Address Device, Credits Credits);

/// <summary>A device's side of a channel: looks at each offer, countersigns good ones, and keeps the highest for redeeming. One caller at a time.</summary>
/// <param name="key">The device's present key. It stays the caller's.</param>
/// <param name="best">The highest voucher from before a restart.</param>
public sealed class ChannelPayee(PrivateKey key, ChannelTerms terms, SignedVoucher? best = null)
{
    /// <summary>The highest countersigned voucher: keep it before more is served, and redeem it before the channel ends. Null: none yet.</summary>
    public SignedVoucher? Best { get; private set; } = best;

    /// <summary>What it promises.</summary>
    public Credits Promised => Best?.Voucher.Credits ?? Credits.Zero;

    /// <summary>Looks at an offer for what was just served, and countersigns it if it is good.</summary>
    /// <param name="owed">What the device asks for that, on top of <see cref="Promised"/>.</param>
    /// <param name="receipt">The hash of what was served, as the device measured it.</param>
    public OfferVerdict Accept(VoucherOffer offer, Credits owed, Hash256 receipt)
    {
        OfferVerdict verdict = Judge(offer, owed, receipt);
        if (verdict == OfferVerdict.Accepted)
            Best = offer.CountersignedBy(key);
        return verdict;
    }

    private OfferVerdict Judge(VoucherOffer offer, Credits owed, Hash256 receipt)
    {
        Voucher voucher = offer.Voucher;
        if (voucher.Channel != terms.Channel || voucher.Device != terms.Device)
            return OfferVerdict.NotForUs;
        if (voucher.Nonce <= (Best?.Voucher.Nonce ?? 0) || voucher.Credits < Promised)
            return OfferVerdict.NotNewer;
        if (voucher.Credits > terms.Credits)
            return OfferVerdict.NotCovered;
        if (voucher.Credits - Promised < owed)
            return OfferVerdict.TooLittle;
        if (voucher.Receipt != receipt)
            return OfferVerdict.OtherReceipt;
        return offer.IsOf(terms.Payer) ? OfferVerdict.Accepted : OfferVerdict.NotThePayers; // last: it costs most
    }
}
