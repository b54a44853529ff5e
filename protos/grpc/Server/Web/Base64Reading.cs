using System.Buffers;
using System.Buffers.Text;

namespace AppChain.Grpc.Server;

/// <summary>
/// Reads base64 that was sent in pieces: each four characters are decoded by themselves, since padding may come at the end of
/// any piece (gRPC-Web, Text-encoded streams).
/// </summary>
/// <exception cref="InvalidDataException">From reading: the text is not base64.</exception>
sealed class Base64Reading(Stream text) : Stream
{
    const int GroupChars = 4;
    const int GroupBytes = 3;

    readonly byte[] chars = new byte[GrpcLimits.WebBufferBytes];
    int charsHeld;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length < GroupBytes) throw new ArgumentException($"At least {GroupBytes} bytes are read at a time.", nameof(buffer));
        while (charsHeld < GroupChars)
        {
            var read = await text.ReadAsync(chars.AsMemory(charsHeld), cancellationToken).ConfigureAwait(false);
            if (read == 0) return charsHeld == 0 ? 0 : throw NotBase64();
            charsHeld += read;
        }
        return Decode(buffer.Span);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    int Decode(Span<byte> target)
    {
        var groups = Math.Min(charsHeld / GroupChars, target.Length / GroupBytes);
        var source = chars.AsSpan(0, groups * GroupChars);
        // Up to the first padding all is decoded in one go; a padded group ends a piece.
        var padding = source.IndexOf((byte)'=');
        if (padding >= 0) source = source[..((padding / GroupChars + 1) * GroupChars)];
        if (Base64.DecodeFromUtf8(source, target, out var consumed, out var written) != OperationStatus.Done || consumed != source.Length)
            throw NotBase64();
        charsHeld -= consumed;
        chars.AsSpan(consumed, charsHeld).CopyTo(chars);
        return written;
    }

    static InvalidDataException NotBase64() => new("The body is not base64.");
}
