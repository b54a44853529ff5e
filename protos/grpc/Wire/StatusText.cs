using System.Globalization;
using System.Text;
using Grpc.Core;

namespace AppChain.Grpc.Wire;

/// <summary>The two headers of a status: the code in decimal and the text in percent-encoded UTF-8 (gRPC over HTTP/2, Responses).</summary>
static class StatusText
{
    static ReadOnlySpan<byte> HexDigits => "0123456789ABCDEF"u8;

    public static string EncodeCode(StatusCode code) => ((int)code).ToString(CultureInfo.InvariantCulture);

    /// <summary>Reads a code. One that is not a number or not known is <see cref="StatusCode.Unknown"/>.</summary>
    public static StatusCode DecodeCode(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code <= (int)StatusCode.Unauthenticated
            ? (StatusCode)code
            : StatusCode.Unknown;

    /// <summary>Everything but printable ASCII other than % becomes %XX, so that any text can travel in a header.</summary>
    public static string EncodeDetail(string detail)
    {
        if (detail.Length > GrpcLimits.StatusDetailCharactersMax) detail = Cut(detail);
        if (!detail.AsSpan().ContainsAnyExceptInRange(' ', '~') && !detail.Contains('%')) return detail;
        var encoded = new StringBuilder(detail.Length * 2);
        foreach (var octet in Encoding.UTF8.GetBytes(detail))
        {
            if (octet is >= (byte)' ' and <= (byte)'~' and not (byte)'%') encoded.Append((char)octet);
            else encoded.Append('%').Append((char)HexDigits[octet >> 4]).Append((char)HexDigits[octet & 15]);
        }
        return encoded.ToString();
    }

    /// <summary>The opposite. A broken escape stays as it is: the text must not be lost over it.</summary>
    public static string DecodeDetail(string encoded)
    {
        if (!encoded.Contains('%')) return encoded;
        var octets = Encoding.UTF8.GetBytes(encoded);
        var length = 0;
        for (var i = 0; i < octets.Length; i++)
        {
            var escaped = i + 2 < octets.Length && octets[i] == '%'
                && char.IsAsciiHexDigit((char)octets[i + 1]) && char.IsAsciiHexDigit((char)octets[i + 2]);
            octets[length++] = escaped
                ? byte.Parse(octets.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
                : octets[i];
            if (escaped) i += 2;
        }
        return Encoding.UTF8.GetString(octets, 0, length);
    }

    // A surrogate pair is one character for people: it is kept or cut as one.
    static string Cut(string detail)
    {
        var length = GrpcLimits.StatusDetailCharactersMax;
        return detail[..(char.IsHighSurrogate(detail[length - 1]) ? length - 1 : length)];
    }
}
