using System.IO.Pipelines;
using System.Net;
using AppChain.Grpc.Wire;
using Grpc.Core;

namespace AppChain.Grpc.Client;

/// <summary>A request body of one message. It can be sent again, should the transport have to open another connection.</summary>
sealed class RequestMessageContent<T>(Marshaller<T> marshaller, T message, MessageEncoding encoding, WriteOptions? options) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var pipe = RequestPipe.Over(stream);
        new MessageWriter<T>(pipe, marshaller).Write(message, encoding, options);
        await pipe.FlushAsync(cancellationToken).ConfigureAwait(false);
        await pipe.CompleteAsync().ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}

/// <summary>Request bodies as pipes.</summary>
static class RequestPipe
{
    static readonly StreamPipeWriterOptions Options = new(minimumBufferSize: GrpcLimits.SendBufferBytes, leaveOpen: true);

    public static PipeWriter Over(Stream stream) => PipeWriter.Create(stream, Options);
}
