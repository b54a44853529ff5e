using System;
using System.Buffers.Binary;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>A payer's promise to a device, made off chain.</summary>
/// <param name="Channel">The channel that it is paid from.</param>
/// <param name="Device">The device that served.</param>
/// <param name="Nonce">Rises with every voucher for this device on this channel, from 1; the highest counts.</param>
/// <param name="Credits">All credits promised to this device on this channel so far; never less than before.</param>
/// <param name="Receipt">The hash of what was served, as payer and device agree; the chain does not look into it.</param>
public sealed record Voucher(ChannelId Channel, Address Device, ulong Nonce, Credits Credits, Hash256 Receipt)
{
    private static readonly HashTag Tag = new("AppChain/voucher");

    /// <summary>What payer and device sign: <c>TaggedHash("AppChain/voucher", channel ‖ device ‖ nonce:8 ‖ credits:8 ‖ receipt)</c>.</summary>
    public Hash256 Digest()
    {
        Span<byte> numbers = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(numbers, Nonce);
        BinaryPrimitives.WriteUInt64BigEndian(numbers[8..], Credits.Units);
        return Tag.Hash([.. Channel.Bytes, .. Device.Bytes, .. numbers, .. Receipt.Bytes]);
    }

    /// <summary>True if an honest payer and device cannot have signed both: one nonce with two meanings, or fewer credits with a higher nonce.</summary>
    public bool Contradicts(Voucher other)
    {
        if (Channel != other.Channel || Device != other.Device)
            return false;
        if (Nonce == other.Nonce)
            return Credits != other.Credits || Receipt != other.Receipt;
        return Nonce > other.Nonce ? Credits < other.Credits : Credits > other.Credits;
    }

    /// <summary>True if it counts before the other one: by nonce, then by credits.</summary>
    public bool IsHigherThan(Voucher other) => Nonce != other.Nonce ? Nonce > other.Nonce : Credits > other.Credits;

    internal byte[] Encode()
    {
        WireWriter writer = new();
        writer.Bytes(1, Channel.Bytes);
        writer.Address(2, Device);
        writer.UInt64(3, Nonce);
        writer.UInt64(4, Credits.Units);
        writer.Bytes(5, Receipt.Bytes);
        return writer.ToArray();
    }

    internal static Reason TryDecode(ReadOnlySpan<byte> bytes, out Voucher voucher)
    {
        WireReader reader = new(bytes);
        ChannelId channel = reader.Channel(1);
        Address device = reader.Address(2);
        (ulong nonce, ulong credits) = (reader.UInt64(3), reader.UInt64(4));
        ReadOnlySpan<byte> receipt = reader.Bytes(5);
        if (receipt.Length != Hash256.Size)
            reader.Fail(Reason.WrongFieldLength);
        Reason reason = reader.Finish();
        voucher = reason == Reason.None ? new Voucher(channel, device, nonce, new Credits(credits), new Hash256(receipt)) : null!;
        return reason;
    }
}
