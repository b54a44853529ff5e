using System;
using System.Collections.Immutable;
using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What a channel has paid one device.</summary>
/// <param name="Device">The device.</param>
/// <param name="Nonce">The highest nonce of its vouchers that counted.</param>
/// <param name="Credits">What was spent on it.</param>
/// <param name="Barred">It contradicted itself, and is paid no more.</param>
public readonly record struct ChannelShare(Address Device, ulong Nonce, Credits Credits, bool Barred = false);

/// <summary>Credits that a payer has locked for vouchers.</summary>
/// <remarks>
/// version:1 ‖ payer:20 ‖ service:4 ‖ device:20 (zeros: any) ‖ deposit:8 ‖ openedMs:8 ‖ expiresMs:8 ‖ endsMs:8 ‖ closing:1 ‖ disputed:1 ‖
/// count:1 × (device:20 ‖ nonce:8 ‖ credits:8 ‖ barred:1), in order of their first vouchers.
/// </remarks>
public sealed record ChannelRecord : StateRecord
{
    /// <summary>Who signs vouchers, and gets what is left.</summary>
    public required Address Payer { get; init; }

    /// <summary>The service that the credits are spent on.</summary>
    public required uint Service { get; init; }

    /// <summary>The only device that may be paid; null: any of the service.</summary>
    public Address? Device { get; init; }

    /// <summary>What was locked.</summary>
    public required Credits Deposit { get; init; }

    /// <summary>Time of the block that opened it.</summary>
    public required ulong OpenedMs { get; init; }

    /// <summary>The payer's choice: from this time on nothing is redeemed.</summary>
    public required ulong ExpiresMs { get; init; }

    /// <summary>From this time on nothing is redeemed: the expiry, or the end of the challenge window if that is sooner.</summary>
    public required ulong EndsMs { get; init; }

    /// <summary>The challenge window runs.</summary>
    public bool Closing { get; init; }

    /// <summary>It had its one dispute.</summary>
    public bool Disputed { get; init; }

    /// <summary>What it has paid, at most <see cref="LedgerLimits.ChannelDevicesMax"/> devices.</summary>
    public ImmutableArray<ChannelShare> Shares { get; init; } = [];

    /// <summary>What it has paid all together.</summary>
    public Credits Spent => Shares.Aggregate(Credits.Zero, (sum, share) => sum + share.Credits);

    /// <summary>What is still locked.</summary>
    public Credits Left => Deposit - Spent;

    /// <summary>The channel, or null if there is none or it has ended.</summary>
    public static ChannelRecord? Find(ILedgerState state, ChannelId channel) =>
        state.Find(StateKey.Channel(channel), Decode);

    internal static ChannelRecord Get(ILedgerState state, ChannelId channel) =>
        Find(state, channel) ?? throw new LedgerInvariantException("The channel of an admitted message is not in the state.");

    /// <summary>What was paid to a device; nothing yet: nonce 0.</summary>
    public ChannelShare ShareOf(Address device)
    {
        foreach (ChannelShare share in Shares)
        {
            if (share.Device == device)
                return share;
        }
        return new ChannelShare(device, 0, Credits.Zero);
    }

    /// <summary>The channel with this share in the place of the device's, or added.</summary>
    public ChannelRecord With(ChannelShare share)
    {
        for (int i = 0; i < Shares.Length; i++)
        {
            if (Shares[i].Device == share.Device)
                return this with { Shares = Shares.SetItem(i, share) };
        }
        return this with { Shares = Shares.Add(share) };
    }

    public bool Equals(ChannelRecord? other) =>
        other is not null && Payer == other.Payer && Service == other.Service && Device == other.Device && Deposit == other.Deposit
        && OpenedMs == other.OpenedMs && ExpiresMs == other.ExpiresMs && EndsMs == other.EndsMs && Closing == other.Closing
        && Disputed == other.Disputed && Shares.SequenceEqual(other.Shares);

    public override int GetHashCode() => HashCode.Combine(Payer, Deposit, OpenedMs, Shares.Length);

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.Address(Payer);
        writer.UInt32(Service);
        writer.Address(Device ?? default);
        writer.Credits(Deposit);
        writer.UInt64(OpenedMs);
        writer.UInt64(ExpiresMs);
        writer.UInt64(EndsMs);
        writer.Flag(Closing);
        writer.Flag(Disputed);
        writer.UInt8((byte)Shares.Length);
        foreach (ChannelShare share in Shares)
        {
            writer.Address(share.Device);
            writer.UInt64(share.Nonce);
            writer.Credits(share.Credits);
            writer.Flag(share.Barred);
        }
        return writer.ToArray();
    }

    public static ChannelRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        // An initialiser runs in the order in which it is written: the order of the layout.
        ChannelRecord record = new()
        {
            Payer = reader.Address(),
            Service = reader.UInt32(),
            Device = reader.Address() is var device && device == default ? null : device,
            Deposit = reader.Credits(),
            OpenedMs = reader.UInt64(),
            ExpiresMs = reader.UInt64(),
            EndsMs = reader.UInt64(),
            Closing = reader.Flag(),
            Disputed = reader.Flag(),
            Shares = ReadShares(ref reader),
        };
        reader.End();
        return record;
    }

    private static ImmutableArray<ChannelShare> ReadShares(ref RecordReader reader)
    {
        ChannelShare[] shares = new ChannelShare[reader.UInt8()];
        for (int i = 0; i < shares.Length; i++)
            shares[i] = new ChannelShare(reader.Address(), reader.UInt64(), reader.Credits(), reader.Flag());
        return [.. shares];
    }
}
