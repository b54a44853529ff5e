using System.Buffers.Binary;
using System.Net;

namespace AppChain.Grpc.Tests.Interop;

/// <summary>Below a channel: takes note of the compressed flag of every response message, which no API shows.</summary>
sealed class MessageFlags() : DelegatingHandler(new SocketsHttpHandler { EnableMultipleHttp2Connections = true })
{
    readonly List<bool> received = [];

    public IReadOnlyList<bool> Received
    {
        get { lock (received) return [.. received]; }
    }

    public void Clear()
    {
        lock (received) received.Clear();
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        var watched = new WatchedContent(response.Content, this);
        foreach (var (name, values) in response.Content.Headers.NonValidated) watched.Headers.TryAddWithoutValidation(name, values);
        response.Content = watched;
        return response;
    }

    void Add(bool compressed)
    {
        lock (received) received.Add(compressed);
    }

    sealed class WatchedContent(HttpContent content, MessageFlags flags) : HttpContent
    {
        protected override async Task<Stream> CreateContentReadStreamAsync() => new WatchedStream(await content.ReadAsStreamAsync(), flags);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => content.CopyToAsync(stream);

        protected override bool TryComputeLength(out long length) => (length = 0) > 0;

        protected override void Dispose(bool disposing)
        {
            if (disposing) content.Dispose();
            base.Dispose(disposing);
        }
    }

    /// <summary>Follows the frames through whatever pieces they are read in.</summary>
    sealed class WatchedStream(Stream stream, MessageFlags flags) : Stream
    {
        readonly byte[] header = new byte[5];
        int headerBytes;
        long payloadBytes;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await stream.ReadAsync(buffer, cancellationToken);
            Follow(buffer.Span[..read]);
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        void Follow(ReadOnlySpan<byte> bytes)
        {
            while (!bytes.IsEmpty)
            {
                var payload = (int)Math.Min(payloadBytes, bytes.Length);
                bytes = bytes[payload..];
                payloadBytes -= payload;
                if (bytes.IsEmpty) return;
                header[headerBytes++] = bytes[0];
                bytes = bytes[1..];
                if (headerBytes < header.Length) continue;
                flags.Add(header[0] == 1);
                (headerBytes, payloadBytes) = (0, BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(1)));
            }
        }
    }
}
