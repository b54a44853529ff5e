using System.Buffers.Text;
using Grpc.Core;

namespace AppChain.Grpc.Wire;

/// <summary>Metadata as headers: text as it is, bytes in base64 (gRPC over HTTP/2, Custom-Metadata).</summary>
static class MetadataText
{
    /// <summary>The header value of an entry. Base64 goes without padding, as the protocol asks.</summary>
    public static string Encode(Metadata.Entry entry) =>
        entry.IsBinary ? Convert.ToBase64String(entry.Bytes).TrimEnd('=') : entry.Value;

    /// <summary>
    /// Adds what a header says, if it is metadata. A value that metadata cannot hold (not ASCII, not base64) is dropped:
    /// the protocol forbids to fail the call over it, and a handler must be able to send back what it was given.
    /// </summary>
    public static void Add(Metadata metadata, string name, string? value)
    {
        var key = name.ToLowerInvariant();
        if (value is null || ProtocolHeaders.IsReserved(key) || !Metadata.Entry.IsKey(key)) return;
        if (!key.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.Ordinal))
        {
            if (Metadata.Entry.IsText(value)) metadata.Add(key, value);
            return;
        }
        // Proxies may join values of one name with commas; base64 has none.
        foreach (var range in value.AsSpan().Split(','))
        {
            if (TryDecode(value.AsSpan(range).Trim(), out var bytes)) metadata.Add(key, bytes);
        }
    }

    static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = [];
        var digits = text.TrimEnd('=');
        if (digits.Length % 4 == 1) return false;
        var padded = string.Concat(digits, new string('=', (4 - digits.Length % 4) % 4));
        if (!Base64.IsValid(padded.AsSpan(), out var length)) return false;
        bytes = new byte[length];
        return Convert.TryFromBase64String(padded, bytes, out var written) && written == length;
    }
}
