using System;
using System.Text;

namespace AppChain.Consensus;

/// <summary>The name of a chain: 1 to 32 printable ASCII characters. It is part of all that is signed, so that no vote serves two
/// chains.</summary>
public sealed record ChainId
{
    public const int BytesMax = 32;

    readonly byte[] bytes;

    ChainId(string text)
    {
        Text = text;
        bytes = Encoding.ASCII.GetBytes(text);
    }

    public string Text { get; }

    /// <summary>The ASCII bytes as they are encoded and signed.</summary>
    public ReadOnlySpan<byte> Bytes => bytes;

    /// <exception cref="ArgumentException">The text is empty, too long, or not printable ASCII.</exception>
    public static ChainId Parse(string text) =>
        TryCreate(text, out var chainId) ? chainId : throw new ArgumentException($"Not a chain id: '{text}'.", nameof(text));

    /// <summary>False if the text is empty, longer than <see cref="BytesMax"/>, or has other than printable ASCII characters.</summary>
    public static bool TryCreate(string text, out ChainId chainId)
    {
        chainId = null!;
        if (text.Length is 0 or > BytesMax)
        {
            return false;
        }

        foreach (var character in text)
        {
            if (character is < '!' or > '~')
            {
                return false;
            }
        }

        chainId = new ChainId(text);
        return true;
    }

    public bool Equals(ChainId? other) => other is not null && other.Text == Text;

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;
}
