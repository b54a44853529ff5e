using AppChain.Grpc.Wire;
using Grpc.Core;

namespace AppChain.Grpc.Server;

/// <summary>The messages of one call on the server.</summary>
sealed class Exchange<TRequest, TResponse> : IDisposable where TRequest : class where TResponse : class
{
    readonly PartialMessage? partial;
    readonly MessageReader<TRequest> reader;
    readonly MessageWriter<TResponse> writer;

    public Exchange(Method<TRequest, TResponse> method, ServerCall call, int requestBytesMax)
    {
        Call = call;
        var request = call.Http.Request;
        var encoding = MessageEncodings.Parse(request.Headers[ProtocolHeaders.Encoding]);
        if (call.Http.Features.Get<CallerRoom>() is { } room) partial = new(room.Arriving, room.MessageTimeout);
        reader = new(call.Body.Requests, method.RequestMarshaller, encoding, requestBytesMax, StatusCode.Unimplemented, partial);
        writer = new(call.Body.Responses, method.ResponseMarshaller);
    }

    public ServerCall Call { get; }

    /// <summary>The handler's view of the requests. To be taken once.</summary>
    public IAsyncStreamReader<TRequest> OpenRequests()
    {
        Call.EndWhenQuiet();
        return new RequestReader<TRequest>(reader, Call);
    }

    /// <summary>The handler's view of the responses. To be taken once.</summary>
    public IServerStreamWriter<TResponse> OpenResponses() => new ResponseWriter<TResponse>(writer, Call);

    /// <summary>Whether a response message was left half written.</summary>
    public bool Broken => writer.Broken;

    /// <summary>The only request of the call, or null if there is none to be had: the call's status then says why.</summary>
    public async ValueTask<TRequest?> TryReadOnlyAsync()
    {
        Received<TRequest> received;
        try
        {
            received = await reader.ReadOnlyAsync(Call.CancellationToken).ConfigureAwait(false);
        }
        catch (IOException cause)
        {
            throw CallerLost.From(cause);
        }
        Call.RequestCompressed = reader.LastCompressed;
        if (received.Fault is { } fault) Call.Status = fault;
        return received.Message;
    }

    /// <summary>Writes the only response of the call. It goes out together with the status.</summary>
    public void WriteOnly(TResponse response)
    {
        if (response is null) throw new InvalidOperationException("The handler returned no response.");
        if (Call.Status.StatusCode != StatusCode.OK) return;
        Call.MessageWritten = true;
        writer.Write(response, Call.ResponseEncoding, Call.WriteOptions);
    }

    public void Dispose() => partial?.Dispose();
}
