using System.Buffers;
using System.IO.Pipelines;
using Grpc.Core;

namespace AppChain.Grpc.Wire;

/// <summary>Writes messages into a pipe. A marshaller that announces the length, as generated ones do, writes straight into it.</summary>
/// <param name="pipe">The body of the request or response.</param>
/// <param name="marshaller">Encodes a message.</param>
sealed class MessageWriter<T>(PipeWriter pipe, Marshaller<T> marshaller) : SerializationContext
{
    readonly PipeWriter pipe = pipe;
    ArrayBufferWriter<byte>? unannounced;
    int? payloadBytes;
    bool compress;
    long unflushedBefore;
    bool completed;

    /// <summary>Whether a message was left half written: the stream cannot go on.</summary>
    public bool Broken { get; private set; }

    /// <summary>Encodes a message into the pipe, without sending it.</summary>
    /// <param name="message">The message.</param>
    /// <param name="encoding">The stream's encoding, as announced in its headers.</param>
    /// <param name="options">May except this message from the encoding.</param>
    public void Write(T message, MessageEncoding encoding, WriteOptions? options)
    {
        (unannounced, payloadBytes, completed) = (null, null, false);
        compress = encoding == MessageEncoding.Gzip && !Has(options, WriteFlags.NoCompress);
        unflushedBefore = pipe.UnflushedBytes;
        try
        {
            marshaller.ContextualSerializer(message, this); // foreign code, which may throw half-way
            if (!completed) throw new InvalidOperationException("The marshaller did not complete the message.");
        }
        finally
        {
            Broken = !completed && pipe.UnflushedBytes != unflushedBefore;
        }
    }

    /// <summary>Encodes a message and sends it, unless it may wait for the next one. False: the peer takes nothing more.</summary>
    public async ValueTask<bool> WriteAsync(
        T message, MessageEncoding encoding, WriteOptions? options, CancellationToken cancellationToken)
    {
        try
        {
            Write(message, encoding, options);
            message = default!; // what waits to be taken is its bytes, which are counted: not the message as well
        }
        catch (InvalidOperationException)
        {
            // A peer that resets its stream in the middle of this lets bytes vanish, or the pipe refuse them, before anybody is told.
            // Flushing tells it from a marshaller that is at fault.
            if ((await pipe.FlushAsync(cancellationToken).ConfigureAwait(false)).IsCompleted) return false;
            throw;
        }
        if (Has(options, WriteFlags.BufferHint) && pipe.UnflushedBytes < GrpcLimits.BufferedWriteBytesMax) return true;
        var flush = await pipe.FlushAsync(cancellationToken).ConfigureAwait(false);
        return !flush.IsCompleted;
    }

    public override void SetPayloadLength(int payloadLength) => payloadBytes = payloadLength;

    public override IBufferWriter<byte> GetBufferWriter()
    {
        // What is to be compressed passes through memory: its length on the wire is not the announced one.
        if (compress || payloadBytes is not int length) return unannounced ??= new ArrayBufferWriter<byte>();
        Frame.WriteHeader(pipe, length);
        return pipe;
    }

    public override void Complete()
    {
        if (!compress && payloadBytes is int length)
        {
            var written = pipe.UnflushedBytes - unflushedBefore;
            if (written != Frame.HeaderBytes + length)
                throw new InvalidOperationException($"Announced were {length} bytes, written {written - Frame.HeaderBytes}.");
        }
        else
        {
            WriteFrame(unannounced is null ? default : unannounced.WrittenSpan);
            unannounced = null;
        }
        completed = true;
    }

    public override void Complete(byte[] payload)
    {
        WriteFrame(payload);
        completed = true;
    }

    void WriteFrame(ReadOnlySpan<byte> payload)
    {
        var deflated = false;
        if (compress && MessageEncodings.TryDeflate(payload, out var shorter))
        {
            payload = shorter;
            deflated = true;
        }
        Frame.WriteHeader(pipe, payload.Length, deflated);
        pipe.Write(payload);
    }

    static bool Has(WriteOptions? options, WriteFlags flag) => options is not null && options.Flags.HasFlag(flag);
}
