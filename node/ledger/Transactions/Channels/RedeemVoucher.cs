using System.Collections.Generic;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>Spends what a voucher promises beyond what was redeemed before. Anybody may send it: the signatures of payer and device suffice.</summary>
public sealed record RedeemVoucher(SignedVoucher Voucher) : Message
{
    internal const int Number = 51;

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Demand;

    private ChannelId Channel => Voucher.Voucher.Channel;

    internal override IEnumerable<Decision> Decides(Address signer) => [new Decision(StateKey.Channel(Channel), Voucher.Voucher.Device)];

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.Element(1, Voucher.Encode());
        return writer.ToArray();
    }

    internal static RedeemVoucher Read(ref WireReader reader)
    {
        reader.Fail(SignedVoucher.TryDecode(reader.Element(1), out SignedVoucher? voucher));
        return new RedeemVoucher(voucher!);
    }

    internal override void CollectSignatures(ChainId chainId, List<SignatureCheck> checks) => Voucher.CollectSignatures(checks);

    internal override Reason Admit(ILedgerState state, Address signer)
    {
        if (AccountRecord.Find(state, signer) is null)
            return Reason.UnknownAccount;
        if (ChannelRecord.Find(state, Channel) is not { } channel)
            return Reason.UnknownChannel;
        Reason reason = Channels.CheckParties(state, channel, Voucher);
        return reason == Reason.None ? Channels.CheckPayable(channel, Voucher.Voucher) : reason;
    }

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context)
    {
        ChannelRecord channel = ChannelRecord.Get(session, Channel);
        if (context.TimeMs >= channel.EndsMs)
            return new Outcome(Reason.ChannelEnded);
        ChannelRecord paid = Channels.Pay(session, channel, Voucher.Voucher);
        session.Put(StateKey.Channel(Channel), paid);
        return new Outcome(Reason.None, TransferWork.Count(session, transaction.Id, channel.Service, Voucher.Voucher.Device, paid.Spent - channel.Spent));
    }
}
