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
