using System.Buffers.Binary;
using System.Text;

namespace AppChain.Devnet.Siege;

/// <summary>HTTP/2 by hand (RFC 9113, RFC 7541), to say what no client would.</summary>
internal static class Http2Bytes
{
    public const byte Data = 0, Headers = 1, Settings = 4;
    public const byte EndStream = 1, EndHeaders = 4;

    public static readonly byte[] Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();

    /// <summary>What a client begins with.</summary>
    public static readonly byte[] Beginning = [.. Preface, .. Frame(Settings, 0, 0, [])];

    public static byte[] Frame(byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[9 + payload.Length];
        (frame[0], frame[1], frame[2], frame[3], frame[4]) = ((byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame.AsSpan(9));
        return frame;
    }

    /// <summary>The headers of a gRPC call.</summary>
    public static byte[] Call(int stream, string path)
    {
        using MemoryStream block = new();
        block.Write([0x83, 0x86]); // ":method: POST", ":scheme: http" of the static table (RFC 7541, appendix A)
        Literal(block, ":path", path);
        Literal(block, ":authority", "localhost");
        Literal(block, "content-type", "application/grpc");
        Literal(block, "te", "trailers");
        return Frame(Headers, EndHeaders, stream, block.ToArray());
    }

    /// <summary>A gRPC message in a DATA frame; more may be promised than is there.</summary>
    public static byte[] Message(int stream, byte flags, ReadOnlySpan<byte> message, int promised)
    {
        byte[] body = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(1), promised);
        message.CopyTo(body.AsSpan(5));
        return Frame(Data, flags, stream, body);
    }

    // Not indexed, not compressed; all names and values here are shorter than 127 bytes.
    private static void Literal(MemoryStream block, string name, string value)
    {
        block.WriteByte(0);
        foreach (string text in (string[])[name, value])
        {
            block.WriteByte((byte)text.Length);
            block.Write(Encoding.ASCII.GetBytes(text));
        }
    }
}
