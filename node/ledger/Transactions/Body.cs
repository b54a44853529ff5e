using System;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What a transaction says and its signatures cover.</summary>
/// <param name="Signer">The address of the first signature's key; a device's own address, whatever key it has now. Zero for <see cref="MintRewards"/>, which no one signs.</param>
/// <param name="Sequence">The signer's sequence number, from 1, each used once.</param>
/// <param name="ValidUntilMs">Unix time in ms; the transaction dies when a block's time passes it.</param>
/// <param name="Message">What is asked for.</param>
/// <param name="FeePayer">The account that pays the fee and has signed last; null: a sponsor, else the signer.</param>
public sealed record Body(Address Signer, ulong Sequence, ulong ValidUntilMs, Message Message, Address? FeePayer = null)
{
    /// <summary>The canonical bytes. They are what is signed; a received body is never encoded again.</summary>
    public byte[] Encode()
    {
        WireWriter writer = new();
        if (Message is not MintRewards)
            writer.Address(1, Signer);
        writer.UInt64(2, Sequence);
        writer.UInt64(3, ValidUntilMs);
        if (FeePayer is { } feePayer)
            writer.Address(4, feePayer);
        writer.Element(Message.Field, Message.Encode());
        return writer.ToArray();
    }

    /// <summary>Reads a body. Whether its content makes sense is <see cref="Transaction.TryDecode"/>'s to say.</summary>
    public static Reason TryDecode(ReadOnlySpan<byte> bytes, out Body? body)
    {
        WireReader reader = new(bytes);
        Address? signer = reader.OptionalAddress(1);
        ulong sequence = reader.UInt64(2);
        ulong validUntilMs = reader.UInt64(3);
        Address? feePayer = reader.OptionalAddress(4);
        Message? message = Message.ReadFrom(ref reader);
        if (message is not null && signer is null != message is MintRewards)
            reader.Fail(Reason.WrongFieldLength); // minting, and only minting, has no signer
        Reason reason = reader.Finish();
        body = reason == Reason.None ? new Body(signer ?? default, sequence, validUntilMs, message!, feePayer) : null;
        return reason;
    }
}
