using System.Collections.Immutable;
using static AppChain.Ledger.ReasonEntry;

namespace AppChain.Ledger;

/// <summary>The reasons of channels and vouchers.</summary>
internal static class ChannelReasons
{
    public static ImmutableArray<ReasonEntry> All { get; } =
    [
        AtDecode(Reason.VouchersDoNotContradict,
            "The two vouchers can both be honest. They contradict each other only if they are for one device of one channel, and either have one nonce "
            + "and differ, or the one with the higher nonce promises fewer credits."),
        AtAdmission(Reason.UnknownChannel, "There is no such channel. It may have ended, and its rest gone back to the payer."),
        AtAdmission(Reason.VoucherNotOfPayer, "The voucher's first signature is not the channel's payer's. Only the payer can promise its credits."),
        AtAdmission(Reason.DeviceNotPayable,
            "The device is not registered, does not work for the channel's service, or is not the one that the channel names."),
        AtAdmission(Reason.VoucherNotOfDevice, "The countersignature is not of the device's present key. Have the device sign the voucher."),
        AtAdmission(Reason.NotAPartyOfChannel,
            "Only the payer, and the owner of the only device that a channel names, can close it."),
        AtAdmission(Reason.VoucherSuperseded,
            "A voucher with this nonce or a higher one, or for as many credits, was redeemed before. Redeem the newest one."),
        AtAdmission(Reason.ChannelExhausted, "The channel's credits are spent. Ask the payer to open another one."),
        AtAdmission(Reason.ChannelFull, "The channel pays 16 devices already. Ask the payer to open another one for this device."),
        AtAdmission(Reason.DeviceBarred, "The device countersigned vouchers that contradict each other, and this channel pays it no more."),
        AtExecution(Reason.ChannelExpiryOutOfRange,
            "The channel would end before this block or live longer than the chain allows. Choose another time of expiry."),
        AtExecution(Reason.ChannelEnded, "The channel's time is over: nothing is redeemed any more, and the rest goes back to the payer."),
        AtExecution(Reason.ChannelAlreadyClosing, "The channel closes already. Its rest comes back by itself when the challenge window is over."),
        AtExecution(Reason.ChannelAlreadyDisputed, "The channel had its one dispute. A higher voucher can still be redeemed while its time lasts."),
        AtExecution(Reason.NothingToDispute, "The channel is open and nothing contradicts. Redeem the voucher instead."),
    ];
}
