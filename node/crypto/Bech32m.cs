using System.Text;

namespace AppChain.Crypto;

/// <summary>
/// Bech32m (BIP-350): bytes as text that people can copy by hand. The checksum finds any four wrong characters.
/// </summary>
public static class Bech32m
{
    /// <summary>Longest text, in characters. The checksum's promise holds up to this length.</summary>
    public const int TextLengthMax = 90;

    private const int ChecksumLength = 6;
    private const char Separator = '1';
    private const string Alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    private const uint ChecksumConstant = 0x2bc830a3;
    private static readonly uint[] Generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

    /// <summary>Writes bytes as text.</summary>
    /// <param name="prefix">What kind of thing the bytes are: printable ASCII without capitals.</param>
    /// <param name="data">The bytes.</param>
    /// <exception cref="ArgumentException">The prefix is empty or has other characters, or the text would be too long.</exception>
    public static string Encode(string prefix, ReadOnlySpan<byte> data)
    {
        if (!IsPrefix(prefix) || prefix.AsSpan().ContainsAnyInRange('A', 'Z'))
            throw new ArgumentException("A prefix is printable ASCII without capitals.", nameof(prefix));
        // No text holds more bytes than it has characters; asking first keeps a huge span out of the arithmetic.
        int symbolCount = data.Length > TextLengthMax ? TextLengthMax : (data.Length * 8 + 4) / 5;
        if (prefix.Length + 1 + symbolCount + ChecksumLength > TextLengthMax)
            throw new ArgumentException($"The text would be longer than {TextLengthMax} characters.", nameof(data));

        Span<byte> symbols = stackalloc byte[symbolCount + ChecksumLength];
        ToSymbols(data, symbols);
        uint checksum = Checksum(prefix, symbols) ^ ChecksumConstant;
        for (int i = 0; i < ChecksumLength; i++)
            symbols[symbolCount + i] = (byte)(checksum >> 5 * (ChecksumLength - 1 - i) & 31);

        var text = new StringBuilder(prefix, TextLengthMax).Append(Separator);
        foreach (byte symbol in symbols)
            text.Append(Alphabet[symbol]);
        return text.ToString();
    }

    /// <summary>
    /// Reads bytes back. False for anything that <see cref="Encode"/> would not have written, but for its being all in capitals.
    /// </summary>
    public static bool TryDecode(string? text, out string prefix, out byte[] data)
    {
        data = [];
        return TryDecodeSymbols(text, out prefix, out byte[] symbols) && TryToBytes(symbols, out data);
    }

    /// <summary>Reads the 5-bit symbols between the prefix and the checksum: BIP-350's own notion of a valid text.</summary>
    internal static bool TryDecodeSymbols(string? text, out string prefix, out byte[] symbols)
    {
        prefix = "";
        symbols = [];
        if (text is null or { Length: > TextLengthMax } || IsMixedCase(text))
            return false;
        string lower = text.ToLowerInvariant();
        int separator = lower.LastIndexOf(Separator);
        if (separator < 1 || lower.Length - separator - 1 < ChecksumLength || !IsPrefix(lower[..separator]))
            return false;

        byte[] all = new byte[lower.Length - separator - 1];
        for (int i = 0; i < all.Length; i++)
        {
            int symbol = Alphabet.IndexOf(lower[separator + 1 + i]);
            if (symbol < 0)
                return false;
            all[i] = (byte)symbol;
        }
        if (Checksum(lower[..separator], all) != ChecksumConstant)
            return false;
        prefix = lower[..separator];
        symbols = all[..^ChecksumLength];
        return true;
    }

    private static bool IsPrefix(string? prefix) => !string.IsNullOrEmpty(prefix) && !prefix.AsSpan().ContainsAnyExceptInRange('!', '~');

    private static bool IsMixedCase(string text) =>
        text.AsSpan().ContainsAnyInRange('a', 'z') && text.AsSpan().ContainsAnyInRange('A', 'Z');

    // Regroups 8-bit bytes as 5-bit symbols; the last symbol is filled up with zero bits. The room for the checksum stays zero.
    private static void ToSymbols(ReadOnlySpan<byte> data, Span<byte> symbols)
    {
        symbols.Clear();
        for (int bit = 0; bit < data.Length * 8; bit++)
        {
            if ((data[bit / 8] >> 7 - bit % 8 & 1) != 0)
                symbols[bit / 5] |= (byte)(1 << 4 - bit % 5);
        }
    }

    // The other way. The bits left over must be fewer than a symbol and zero, or two texts would say the same bytes.
    private static bool TryToBytes(ReadOnlySpan<byte> symbols, out byte[] data)
    {
        data = new byte[symbols.Length * 5 / 8];
        bool valid = symbols.Length * 5 % 8 < 5;
        for (int bit = 0; bit < symbols.Length * 5; bit++)
        {
            if ((symbols[bit / 5] >> 4 - bit % 5 & 1) == 0)
                continue;
            if (bit / 8 == data.Length)
                valid = false;
            else
                data[bit / 8] |= (byte)(1 << 7 - bit % 8);
        }
        if (!valid)
            data = [];
        return valid;
    }

    // BIP-173's checksum over the prefix's high bits, a zero, its low bits and the symbols.
    private static uint Checksum(string prefix, ReadOnlySpan<byte> symbols)
    {
        uint state = 1;
        foreach (char character in prefix)
            state = Step(state, character >> 5);
        state = Step(state, 0);
        foreach (char character in prefix)
            state = Step(state, character & 31);
        foreach (byte symbol in symbols)
            state = Step(state, symbol);
        return state;
    }

    private static uint Step(uint state, int symbol)
    {
        uint top = state >> 25;
        state = (state & 0x1ffffff) << 5 ^ (uint)symbol;
        for (int i = 0; i < Generator.Length; i++)
        {
            if ((top >> i & 1) != 0)
                state ^= Generator[i];
        }
        return state;
    }
}
