using System.Collections.Generic;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// Closes a channel. By its payer: vouchers are redeemed for the challenge window yet. By the owner of its only device, who gives up what is not
/// redeemed, and by the payer of one whose time is over: at once.
/// </summary>
public sealed record CloseChannel(ChannelId Channel) : Message
{
    internal const int Number = 52;

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Demand;

    internal override IEnumerable<Decision> Decides(Address signer) => [new Decision(StateKey.Channel(Channel))];

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.Bytes(1, Channel.Bytes);
        return writer.ToArray();
    }

    internal static CloseChannel Read(ref WireReader reader) => new(reader.Channel(1));

    internal override Reason Admit(ILedgerState state, Address signer)
    {
        if (AccountRecord.Find(state, signer) is null)
            return Reason.UnknownAccount;
        if (ChannelRecord.Find(state, Channel) is not { } channel)
            return Reason.UnknownChannel;
        return signer == channel.Payer || IsPayee(state, channel, signer) ? Reason.None : Reason.NotAPartyOfChannel;
    }

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context)
    {
        ChannelRecord channel = ChannelRecord.Get(session, Channel);
        if (context.TimeMs >= channel.EndsMs || IsPayee(session, channel, transaction.Body.Signer))
        {
            Channels.End(session, Channel, channel);
            return Outcome.Applied;
        }
        if (channel.Closing)
            return new Outcome(Reason.ChannelAlreadyClosing);
        session.Put(StateKey.Channel(Channel), Channels.StartChallenge(session, Channel, channel, context.TimeMs));
        return Outcome.Applied;
    }

    private static bool IsPayee(ILedgerState state, ChannelRecord channel, Address signer) =>
        channel.Device is { } device && DeviceRecord.Find(state, device)?.Owner == signer;
}
