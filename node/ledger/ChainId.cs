using System;
using System.Linq;
using System.Text;

namespace AppChain.Ledger;

/// <summary>The name of a chain: 1 to 32 characters of <c>a–z 0–9 -</c>. Every transaction's id and signatures cover it.</summary>
public sealed record ChainId
{
    private readonly byte[] prefix;

    private ChainId(string text)
    {
        Text = text;
        prefix = [(byte)text.Length, .. Encoding.ASCII.GetBytes(text)];
    }

    /// <summary>The name itself.</summary>
    public string Text { get; }

    /// <summary>Its length in one byte, then its characters: how hashes take it in.</summary>
    internal ReadOnlySpan<byte> Prefix => prefix;

    /// <summary>Accepts a name of the stated form.</summary>
    public static bool TryParse(string? text, out ChainId chainId)
    {
        bool valid = text is { Length: > 0 and <= LedgerLimits.ChainIdLengthMax }
            && text.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-');
        chainId = valid ? new ChainId(text!) : null!;
        return valid;
    }

    /// <summary>The chain of that name.</summary>
    /// <exception cref="ArgumentException">The name has not the stated form.</exception>
    public static ChainId Parse(string text) =>
        TryParse(text, out ChainId chainId) ? chainId : throw new ArgumentException($"'{text}' is not a chain id.", nameof(text));

    public bool Equals(ChainId? other) => other is not null && Text == other.Text;

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;
}
