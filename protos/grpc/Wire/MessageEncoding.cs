using System.Buffers;
using System.IO.Compression;

namespace AppChain.Grpc.Wire;

/// <summary>How a peer compresses its messages: its <c>grpc-encoding</c>.</summary>
enum MessageEncoding
{
    /// <summary>Not at all.</summary>
    Identity,
    /// <summary>With gzip, each message by itself.</summary>
    Gzip,
    /// <summary>In a way that is not known here.</summary>
    Unknown,
}

/// <summary>What became of a compressed payload.</summary>
enum InflateResult
{
    /// <summary>It was decompressed.</summary>
    Complete,
    /// <summary>It would be longer than the limit.</summary>
    TooLarge,
    /// <summary>It is not gzip.</summary>
    Invalid,
}

static class MessageEncodings
{
    const int ChunkBytes = 4096;

    /// <summary>The encodings that this runtime reads, as <c>grpc-accept-encoding</c> says it.</summary>
    public const string Accepted = "identity,gzip";

    public static MessageEncoding Parse(string? grpcEncoding) => grpcEncoding switch
    {
        null or "" or "identity" => MessageEncoding.Identity,
        "gzip" => MessageEncoding.Gzip,
        _ => MessageEncoding.Unknown,
    };

    /// <summary>The name of an encoding that is sent, as <c>grpc-encoding</c> says it.</summary>
    public static string NameOf(MessageEncoding encoding) => encoding == MessageEncoding.Gzip ? "gzip" : "identity";

    /// <summary>Whether a peer's <c>grpc-accept-encoding</c> names gzip.</summary>
    public static bool AcceptsGzip(string? grpcAcceptEncoding)
    {
        foreach (var range in grpcAcceptEncoding.AsSpan().Split(','))
        {
            if (grpcAcceptEncoding.AsSpan(range).Trim().SequenceEqual("gzip")) return true;
        }
        return false;
    }

    /// <summary>
    /// Compresses one payload. False if that would not make it shorter: then it is to go as it is, which every message may
    /// (gRPC over HTTP/2, Compressed-Flag).
    /// </summary>
    public static bool TryDeflate(ReadOnlySpan<byte> payload, out ReadOnlySpan<byte> deflated)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(payload);
        deflated = target.GetBuffer().AsSpan(0, (int)target.Length);
        return deflated.Length < payload.Length;
    }

    /// <summary>
    /// Decompresses one payload, stopping at the limit however small the payload is: a compressed bomb costs the limit, no more.
    /// </summary>
    public static InflateResult TryInflate(in ReadOnlySequence<byte> payload, int bytesMax, out ReadOnlyMemory<byte> message)
    {
        message = default;
        var inflated = new ArrayBufferWriter<byte>();
        using var gzip = new GZipStream(new MemoryStream(payload.ToArray(), writable: false), CompressionMode.Decompress);
        try
        {
            while (gzip.Read(inflated.GetSpan(ChunkBytes)) is > 0 and var read)
            {
                if (inflated.WrittenCount + read > bytesMax) return InflateResult.TooLarge;
                inflated.Advance(read);
            }
        }
        catch (InvalidDataException)
        {
            return InflateResult.Invalid;
        }
        message = inflated.WrittenMemory;
        return InflateResult.Complete;
    }
}
