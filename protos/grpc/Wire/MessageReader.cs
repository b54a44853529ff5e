using System.Buffers;
using System.IO.Pipelines;
using Grpc.Core;

namespace AppChain.Grpc.Wire;

/// <summary>
/// Reads messages from a pipe. Bytes that are not yet asked for stay in the pipe, so a slow reader slows the sender down.
/// </summary>
/// <param name="pipe">The body of the request or response.</param>
/// <param name="marshaller">Decodes a message.</param>
/// <param name="encoding">The sender's <c>grpc-encoding</c>.</param>
/// <param name="messageBytesMax">The longest message, compressed or not.</param>
/// <param name="unknownEncoding">The code for an encoding that is not known: servers say UNIMPLEMENTED, clients INTERNAL.</param>
/// <param name="partial">Bounds what has come of a message that is not whole; null: the sender is trusted with the longest one.</param>
sealed class MessageReader<T>(
    PipeReader pipe, Marshaller<T> marshaller, MessageEncoding encoding, int messageBytesMax, StatusCode unknownEncoding,
    PartialMessage? partial = null)
    where T : class
{
    readonly Payload payload = new();
    Received<T>? last;

    /// <summary>Whether the message that was read last came compressed.</summary>
    public bool LastCompressed { get; private set; }

    /// <summary>Waits for a message. After an end or a breach it answers the same again.</summary>
    public async ValueTask<Received<T>> ReadAsync(CancellationToken cancellationToken)
    {
        while (last is null)
        {
            ReadResult read;
            using var bound = partial?.Bound(cancellationToken);
            try
            {
                read = await pipe.ReadAsync(bound?.Token ?? cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (partial is { IsLate: true } && !cancellationToken.IsCancellationRequested)
            {
                last = Received<T>.Breach(StatusCode.ResourceExhausted, "The rest of a message did not come in time.");
                break;
            }
            catch (InvalidDataException cause)
            {
                // The bytes came in an encoding of their own (gRPC-Web in base64), and are not it.
                last = Received<T>.Breach(StatusCode.Internal, cause.Message, cause);
                break;
            }
            if (!TryTake(read, out var received)) continue;
            partial?.End();
            return received;
        }
        partial?.End();
        return last.Value;
    }

    /// <summary>Reads the only message of a stream and its end. None is a breach, and so are two.</summary>
    public async ValueTask<Received<T>> ReadOnlyAsync(CancellationToken cancellationToken)
    {
        // Its time runs from the call's beginning, and to its end: who says nothing holds a call as well as who says half.
        partial?.Begin();
        var first = await ReadAsync(cancellationToken).ConfigureAwait(false);
        if (first.Fault is not null) return first;
        if (!first.IsMessage) return Received<T>.Breach(StatusCode.Internal, "The stream ended without its message.");
        partial?.Begin();
        var second = await ReadAsync(cancellationToken).ConfigureAwait(false);
        if (second.IsMessage) return Received<T>.Breach(StatusCode.Internal, "The stream has more than its one message.");
        return second.Fault is null ? first : second;
    }

    /// <summary>Gives the pipe's buffers back, after the end or a breach.</summary>
    public void Complete() => pipe.Complete();

    bool TryTake(in ReadResult read, out Received<T> received)
    {
        var buffer = read.Buffer;
        received = default;
        switch (Frame.TryRead(buffer, messageBytesMax, out var frame))
        {
            case FrameResult.Complete:
                LastCompressed = frame.Compressed;
                received = Decode(frame);
                if (received.Fault is not null) last = received;
                pipe.AdvanceTo(frame.Payload.End);
                return true;
            case FrameResult.Incomplete when !read.IsCompleted && !buffer.IsEmpty && partial?.TryHold(Frame.BytesOf(buffer)) == false:
                received = Received<T>.Breach(StatusCode.ResourceExhausted, "There is no room for a message that comes in parts: try again later.");
                break;
            case FrameResult.Incomplete when !read.IsCompleted:
                pipe.AdvanceTo(buffer.Start, buffer.End);
                return false;
            case FrameResult.Incomplete:
                received = buffer.IsEmpty ? Received<T>.End : Received<T>.Breach(StatusCode.Internal, "The stream ended within a message.");
                break;
            case FrameResult.TooLarge:
                received = TooLarge();
                break;
            case FrameResult.InvalidFlag:
                received = Received<T>.Breach(StatusCode.Internal, "A message's compressed flag is neither 0 nor 1.");
                break;
        }
        last = received;
        pipe.AdvanceTo(buffer.End);
        return true;
    }

    Received<T> Decode(in Frame frame)
    {
        if (!frame.Compressed) return Decode(frame.Payload);
        if (encoding == MessageEncoding.Unknown)
            return Received<T>.Breach(unknownEncoding, $"The message encoding is not known here. Known are: {MessageEncodings.Accepted}.");
        if (encoding == MessageEncoding.Identity)
            return Received<T>.Breach(StatusCode.Internal, "A message's compressed flag is set, but grpc-encoding names no encoding.");
        return MessageEncodings.TryInflate(frame.Payload, messageBytesMax, out var message) switch
        {
            InflateResult.Complete => Decode(new ReadOnlySequence<byte>(message)),
            InflateResult.TooLarge => TooLarge(),
            _ => Received<T>.Breach(StatusCode.Internal, "A message is not what its encoding says."),
        };
    }

    Received<T> Decode(in ReadOnlySequence<byte> bytes)
    {
        try
        {
            return Received<T>.Of(payload.Decode(marshaller, bytes));
        }
        // A marshaller is foreign code and says "these bytes are no such message" with an exception of its own choice.
        catch (Exception cause)
        {
            return Received<T>.Breach(StatusCode.Internal, "A message cannot be decoded.", cause);
        }
    }

    Received<T> TooLarge() => Received<T>.Breach(
        StatusCode.ResourceExhausted, $"A message is longer than the limit of {messageBytesMax} bytes.");
}
