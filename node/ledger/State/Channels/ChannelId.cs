using System;
using System.Diagnostics.CodeAnalysis;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>A channel: the first 20 bytes of <c>TaggedHash("AppChain/channel", id of the opening transaction)</c>.</summary>
/// <remarks>That id names the chain, so a voucher for a channel is worth nothing on another chain.</remarks>
public readonly record struct ChannelId
{
    /// <summary>Length in bytes.</summary>
    public const int Size = 20;

    private static readonly HashTag Tag = new("AppChain/channel");

    // Twenty bytes, which happen to be as many as an address has.
    private readonly Address value;

    /// <summary>Copies 20 bytes.</summary>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public ChannelId(ReadOnlySpan<byte> bytes) => value = new Address(bytes);

    /// <summary>The channel that a transaction opens.</summary>
    public static ChannelId OpenedBy(Hash256 transaction)
    {
        Hash256 hash = Tag.Hash(transaction.Bytes);
        return new ChannelId(hash.Bytes[..Size]);
    }

    /// <summary>The bytes, without a copy; valid as long as the variable is.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Bytes => value.Bytes;

    /// <summary>Reads 40 hex digits.</summary>
    public static bool TryParse(string? text, out ChannelId channel)
    {
        channel = default;
        Span<byte> bytes = stackalloc byte[Size];
        if (text is not { Length: Size * 2 } || Convert.FromHexString(text, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
            return false;
        channel = new ChannelId(bytes);
        return true;
    }

    /// <summary>Lower-case hex.</summary>
    public override string ToString() => value.ToString();
}
