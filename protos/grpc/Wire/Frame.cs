using System.Buffers;
using System.Buffers.Binary;

namespace AppChain.Grpc.Wire;

/// <summary>What the start of a buffer is.</summary>
enum FrameResult
{
    /// <summary>A whole message.</summary>
    Complete,
    /// <summary>The start of a message that may be taken.</summary>
    Incomplete,
    /// <summary>A message longer than the limit. Known from its first five bytes: nothing of it is buffered.</summary>
    TooLarge,
    /// <summary>Not a message: its compressed flag is neither 0 nor 1.</summary>
    InvalidFlag,
}

/// <summary>
/// One message on the wire: a compressed flag, a length in four bytes, the payload (gRPC over HTTP/2, Length-Prefixed-Message).
/// </summary>
readonly ref struct Frame(ReadOnlySequence<byte> payload, bool compressed)
{
    public const int HeaderBytes = 5;

    public ReadOnlySequence<byte> Payload { get; } = payload;

    public bool Compressed { get; } = compressed;

    /// <summary>
    /// Looks for a message at the start of a buffer. It neither copies nor trusts the length before comparing it with the limit.
    /// </summary>
    public static FrameResult TryRead(in ReadOnlySequence<byte> buffer, int payloadBytesMax, out Frame frame)
    {
        frame = default;
        if (buffer.Length < HeaderBytes) return FrameResult.Incomplete;
        Span<byte> copy = stackalloc byte[HeaderBytes];
        scoped ReadOnlySpan<byte> header = buffer.FirstSpan;
        if (header.Length < HeaderBytes)
        {
            buffer.Slice(0, HeaderBytes).CopyTo(copy);
            header = copy;
        }
        if (header[0] > 1) return FrameResult.InvalidFlag;
        var length = BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
        if (length > (uint)payloadBytesMax) return FrameResult.TooLarge;
        if (buffer.Length < HeaderBytes + length) return FrameResult.Incomplete;
        frame = new Frame(buffer.Slice(HeaderBytes, length), header[0] == 1);
        return FrameResult.Complete;
    }

    /// <summary>How many bytes a message that has come in part will be in all, with its header; what is there if that is not known yet.</summary>
    public static long BytesOf(in ReadOnlySequence<byte> partial)
    {
        if (partial.Length < HeaderBytes) return partial.Length;
        Span<byte> header = stackalloc byte[HeaderBytes];
        partial.Slice(0, HeaderBytes).CopyTo(header);
        return HeaderBytes + BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
    }

    /// <summary>Writes the five bytes before a payload.</summary>
    public static void WriteHeader(IBufferWriter<byte> writer, int payloadBytes, bool compressed = false)
    {
        var header = writer.GetSpan(HeaderBytes);
        header[0] = compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(header[1..], payloadBytes);
        writer.Advance(HeaderBytes);
    }
}
