using System;
using System.Collections.Generic;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>The one dispute of a channel, in which everything is decided by doubly signed vouchers. Anybody may bring it, also for a party that is away.</summary>
/// <remarks>
/// <list type="number">
/// <item>A <b>higher voucher</b> than was redeemed, while the channel closes: it is redeemed, and the challenge window starts again, once.</item>
/// <item>Two vouchers that <b>contradict</b> each other, at any time: the higher of them is spent, but earns the device nothing; the
/// device is barred from the channel, and the challenge window starts.</item>
/// </list>
/// </remarks>
/// <param name="Voucher">The higher voucher, or one of the two.</param>
/// <param name="Contradiction">The other one, or null.</param>
public sealed record DisputeChannel(SignedVoucher Voucher, SignedVoucher? Contradiction = null) : Message
{
    internal const int Number = 53;

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Demand;

    private ChannelId Channel => Voucher.Voucher.Channel;

    internal override IEnumerable<Decision> Decides(Address signer) => [new Decision(StateKey.Channel(Channel), Voucher.Voucher.Device)];

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.Element(1, Voucher.Encode());
        if (Contradiction is not null)
            writer.Element(2, Contradiction.Encode());
        return writer.ToArray();
    }

    internal static DisputeChannel Read(ref WireReader reader)
    {
        reader.Fail(SignedVoucher.TryDecode(reader.Element(1), out SignedVoucher? voucher));
        SignedVoucher? contradiction = null;
        if (reader.TryElement(2, out ReadOnlySpan<byte> bytes))
            reader.Fail(SignedVoucher.TryDecode(bytes, out contradiction));
        return new DisputeChannel(voucher!, contradiction);
    }

    internal override Reason CheckShape(Transaction transaction) =>
        Contradiction is null || Voucher.Voucher.Contradicts(Contradiction.Voucher) ? Reason.None : Reason.VouchersDoNotContradict;

    internal override void CollectSignatures(ChainId chainId, List<SignatureCheck> checks)
    {
        Voucher.CollectSignatures(checks);
        Contradiction?.CollectSignatures(checks);
    }

    internal override Reason Admit(ILedgerState state, Address signer)
    {
        if (AccountRecord.Find(state, signer) is null)
            return Reason.UnknownAccount;
        if (ChannelRecord.Find(state, Channel) is not { } channel)
            return Reason.UnknownChannel;
        Reason reason = Channels.CheckParties(state, channel, Voucher);
        if (reason != Reason.None)
            return reason;
        if (Contradiction is null)
            return Channels.CheckPayable(channel, Voucher.Voucher);
        reason = Channels.CheckParties(state, channel, Contradiction);
        return reason == Reason.None ? Channels.CheckRoom(channel, Voucher.Voucher.Device) : reason;
    }

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context)
    {
        ChannelRecord channel = ChannelRecord.Get(session, Channel);
        if (context.TimeMs >= channel.EndsMs)
            return new Outcome(Reason.ChannelEnded);
        if (channel.Disputed)
            return new Outcome(Reason.ChannelAlreadyDisputed);
        if (Contradiction is null && !channel.Closing)
            return new Outcome(Reason.NothingToDispute);

        Voucher highest = Contradiction is not null && Contradiction.Voucher.IsHigherThan(Voucher.Voucher) ? Contradiction.Voucher : Voucher.Voucher;
        ChannelRecord disputed = Channels.Pay(session, channel, highest, barred: Contradiction is not null) with { Disputed = true };
        session.Put(StateKey.Channel(Channel), Channels.StartChallenge(session, Channel, disputed, context.TimeMs));
        // Who contradicted itself earns nothing by what is spent.
        Credits earned = Contradiction is null ? disputed.Spent - channel.Spent : Credits.Zero;
        return new Outcome(Reason.None, TransferWork.Count(session, transaction.Id, channel.Service, Voucher.Voucher.Device, earned));
    }
}
