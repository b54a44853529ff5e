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
    long unflushedBefore;
    bool completed;

    /// <summary>Whether a message was left half written: the stream cannot go on.</summary>
    public bool Broken { get; private set; }

    /// <summary>Encodes a message into the pipe, without sending it.</summary>
    public void Write(T message)
    {
        (unannounced, payloadBytes, completed) = (null, null, false);
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
    public async ValueTask<bool> WriteAsync(T message, WriteOptions? options, CancellationToken cancellationToken)
    {
        try
        {
            Write(message);
        }
        catch (InvalidOperationException)
        {
            // A peer that resets its stream in the middle of this lets bytes vanish, or the pipe refuse them, before anybody is told.
            // Flushing tells it from a marshaller that is at fault.
            if ((await pipe.FlushAsync(cancellationToken).ConfigureAwait(false)).IsCompleted) return false;
            throw;
        }
        var mayWait = options is not null && options.Flags.HasFlag(WriteFlags.BufferHint);
        if (mayWait && pipe.UnflushedBytes < GrpcLimits.BufferedWriteBytesMax) return true;
        var flush = await pipe.FlushAsync(cancellationToken).ConfigureAwait(false);
        return !flush.IsCompleted;
    }

    public override void SetPayloadLength(int payloadLength) => payloadBytes = payloadLength;

    public override IBufferWriter<byte> GetBufferWriter()
    {
        if (payloadBytes is not int length) return unannounced ??= new ArrayBufferWriter<byte>();
        Frame.WriteHeader(pipe, length);
        return pipe;
    }

    public override void Complete()
    {
        if (payloadBytes is int length)
        {
            var written = pipe.UnflushedBytes - unflushedBefore;
            if (written != Frame.HeaderBytes + length)
                throw new InvalidOperationException($"Announced were {length} bytes, written {written - Frame.HeaderBytes}.");
        }
        else
        {
            WriteFrame(unannounced is null ? default : unannounced.WrittenSpan);
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
        Frame.WriteHeader(pipe, payload.Length);
        pipe.Write(payload);
    }
}
