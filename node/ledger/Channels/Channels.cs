using System;
using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What the messages of channels share: who may be paid, paying, and the end of a channel.</summary>
/// <remarks>
/// <list type="number">
/// <item>A channel holds <c>deposit − spent</c> credits. Redeeming spends them for good; the end gives the rest back to the payer.</item>
/// <item>Vouchers are redeemed until <see cref="ChannelRecord.EndsMs"/>: the expiry, or the end of the challenge window if that is sooner.</item>
/// <item>Every channel ends by itself: it waits in <see cref="QueueKind.ChannelExpiry"/> from its opening, and in
/// <see cref="QueueKind.ChannelChallenge"/> from its close or dispute. Whoever comes first ends it; the other finds nothing.</item>
/// <item>Of several vouchers for one device the one with the highest nonce counts, then the one with more credits.</item>
/// </list>
/// </remarks>
internal static class Channels
{
    /// <summary>Whether the voucher is one that this channel honours: signed by its payer and by a device that it may pay.</summary>
    public static Reason CheckParties(ILedgerState state, ChannelRecord channel, SignedVoucher signed)
    {
        if (signed.Payer.Signer != channel.Payer)
            return Reason.VoucherNotOfPayer;
        Address device = signed.Voucher.Device;
        if (channel.Device is { } only && only != device)
            return Reason.DeviceNotPayable;
        if (FindPayable(state, device, channel.Service) is not { } record)
            return Reason.DeviceNotPayable;
        return signed.Device.IsOf(record.Scheme, record.PublicKey.Span) ? Reason.None : Reason.VoucherNotOfDevice;
    }

    /// <summary>The device if it works for the service, or is leaving it and has vouchers for what it did; else null.</summary>
    public static DeviceRecord? FindPayable(ILedgerState state, Address device, uint service) =>
        DeviceRecord.Find(state, device) is { } record && record.In(service) is not null ? record : null;

    /// <summary>Whether a voucher would be paid anything.</summary>
    public static Reason CheckPayable(ChannelRecord channel, Voucher voucher)
    {
        ChannelShare share = channel.ShareOf(voucher.Device);
        if (share.Barred)
            return Reason.DeviceBarred;
        if (voucher.Nonce <= share.Nonce || voucher.Credits <= share.Credits)
            return Reason.VoucherSuperseded;
        if (channel.Left == Credits.Zero)
            return Reason.ChannelExhausted;
        return CheckRoom(channel, voucher.Device);
    }

    /// <summary>Whether the channel can write down what it pays this device.</summary>
    public static Reason CheckRoom(ChannelRecord channel, Address device) =>
        channel.Shares.Length < LedgerLimits.ChannelDevicesMax || channel.Shares.Any(share => share.Device == device)
            ? Reason.None
            : Reason.ChannelFull;

    /// <summary>
    /// Spends what a voucher promises beyond what was spent on its device before, at most what is left, and counts it as demand for the service.
    /// </summary>
    /// <param name="barred">The device contradicted itself: it is paid for the last time, and the credits earn it nothing.</param>
    /// <returns>The channel after that. The caller puts it into the session.</returns>
    public static ChannelRecord Pay(LedgerSession session, ChannelRecord channel, Voucher voucher, bool barred = false)
    {
        ChannelShare before = channel.ShareOf(voucher.Device);
        Credits promised = voucher.Credits > before.Credits ? voucher.Credits - before.Credits : Credits.Zero;
        Credits paid = promised < channel.Left ? promised : channel.Left;
        if (paid != Credits.Zero)
        {
            session.SpendCredits(paid);
            session.Touch(StateKind.Account, channel.Payer);
            session.Touch(StateKind.Device, voucher.Device);
            if (!barred)
                Demand.Served(session, channel.Service, voucher.Device, channel.Payer, paid);
        }
        return channel.With(new ChannelShare(voucher.Device, Math.Max(before.Nonce, voucher.Nonce), before.Credits + paid, barred));
    }

    /// <summary>Starts or restarts the challenge window. It never reaches beyond the expiry.</summary>
    public static ChannelRecord StartChallenge(LedgerSession session, ChannelId id, ChannelRecord channel, ulong nowMs)
    {
        ulong endsMs = nowMs + session.Parameters[Parameter.ChannelChallengeMs];
        DueWork.Enqueue(session, QueueKind.ChannelChallenge, endsMs, id.Bytes.ToArray());
        return channel with { Closing = true, EndsMs = Math.Min(endsMs, channel.ExpiresMs) };
    }

    /// <summary>Ends a channel: what is left goes back to its payer.</summary>
    public static void End(LedgerSession session, ChannelId id, ChannelRecord channel)
    {
        session.Delete(StateKey.Channel(id));
        AccountRecord.AddCredits(session, channel.Payer, channel.Left);
    }

    /// <summary>An item of one of the two queues is due.</summary>
    public static void OnDue(LedgerSession session, BlockContext context, ReadOnlySpan<byte> about)
    {
        ChannelId id = new(about);
        // It may have ended before, or have more time since a dispute: then a later item of the queue ends it.
        if (ChannelRecord.Find(session, id) is { } channel && channel.EndsMs <= context.TimeMs)
            End(session, id, channel);
    }
}
