using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Text;
using AppChain.Grpc.Wire;
using Microsoft.AspNetCore.Http;

namespace AppChain.Grpc.Server;

/// <summary>A call's two streams of bytes, in the form that the caller speaks.</summary>
sealed class CallBody
{
    const byte TrailersFlag = 0x80; // gRPC-Web, Message framing: the frame holds trailers

    static readonly StreamPipeReaderOptions Reading = new(bufferSize: GrpcLimits.WebBufferBytes, leaveOpen: true);
    static readonly StreamPipeWriterOptions Writing = new(minimumBufferSize: GrpcLimits.WebBufferBytes, leaveOpen: true);

    /// <param name="http">The request.</param>
    /// <param name="form">What the caller speaks.</param>
    /// <param name="room">What an unread response may hold; null: as much as it is.</param>
    public CallBody(HttpContext http, CallForm form, CallerRoom? room)
    {
        var (request, response) = (http.Request, http.Response);
        Requests = form == CallForm.WebText ? PipeReader.Create(new Base64Reading(request.Body), Reading) : request.BodyReader;
        var responses = form switch
        {
            CallForm.Grpc => response.BodyWriter,
            // Kestrel's writer for HTTP/1.1 counts the bytes of its chunks among those written: a pipe of its own counts messages only.
            CallForm.Web => PipeWriter.Create(response.Body, Writing),
            _ => PipeWriter.Create(new Base64Writing(response.Body), Writing),
        };
        if (room is not null) Bounded = new BoundedResponse(responses, room, http);
        Responses = Bounded ?? responses;
    }

    public PipeReader Requests { get; }

    public PipeWriter Responses { get; }

    /// <summary>The same, if it has bounds.</summary>
    public BoundedResponse? Bounded { get; }

    /// <summary>Ends a gRPC-Web response: its trailers are the last frame of the body.</summary>
    public async ValueTask WriteTrailersAsync(IHeaderDictionary trailers, CancellationToken cancellationToken)
    {
        var block = new StringBuilder();
        foreach (var (name, values) in trailers)
        {
            foreach (var value in values) block.Append(name.ToLowerInvariant()).Append(": ").Append(value).Append("\r\n");
        }
        var text = Encoding.ASCII.GetBytes(block.ToString());
        var header = Responses.GetSpan(Frame.HeaderBytes);
        header[0] = TrailersFlag;
        BinaryPrimitives.WriteInt32BigEndian(header[1..], text.Length);
        Responses.Advance(Frame.HeaderBytes);
        Responses.Write(text);
        await Responses.FlushAsync(cancellationToken).ConfigureAwait(false);
    }
}
