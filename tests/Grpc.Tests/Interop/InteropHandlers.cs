using AppChain.Grpc.Server;
using Google.Protobuf;
using Grpc.Core;

namespace AppChain.Grpc.Tests.Interop;

/// <summary>Our server's answers to the standard cases: the features that gRPC's interoperability tests ask of a server.</summary>
sealed class InteropHandlers : TestService.TestServiceBase
{
    const string Initial = "x-grpc-test-echo-initial";
    const string Trailing = "x-grpc-test-echo-trailing-bin";

    public override Task<Empty> EmptyCall(Empty request, ServerCallContext context) => Task.FromResult(new Empty());

    public override async Task<SimpleResponse> UnaryCall(SimpleRequest request, ServerCallContext context)
    {
        await EchoMetadataAsync(context);
        Expect(request.ExpectCompressed, context);
        RefuseAsAsked(request.ResponseStatus);
        if (request.ResponseCompressed is { Value: false }) context.WriteOptions = new WriteOptions(WriteFlags.NoCompress);
        return new SimpleResponse { Payload = Zeros(request.ResponseSize) };
    }

    public override async Task<StreamingInputCallResponse> StreamingInputCall(
        IAsyncStreamReader<StreamingInputCallRequest> requestStream, ServerCallContext context)
    {
        var size = 0;
        await foreach (var request in requestStream.ReadAllAsync())
        {
            Expect(request.ExpectCompressed, context);
            size += request.Payload.Body.Length;
        }
        return new StreamingInputCallResponse { AggregatedPayloadSize = size };
    }

    public override Task StreamingOutputCall(
        StreamingOutputCallRequest request, IServerStreamWriter<StreamingOutputCallResponse> responseStream, ServerCallContext context) =>
        AnswerAsync(request, responseStream, context);

    public override async Task FullDuplexCall(
        IAsyncStreamReader<StreamingOutputCallRequest> requestStream, IServerStreamWriter<StreamingOutputCallResponse> responseStream,
        ServerCallContext context)
    {
        await EchoMetadataAsync(context);
        await foreach (var request in requestStream.ReadAllAsync()) await AnswerAsync(request, responseStream, context);
    }

    static async Task AnswerAsync(
        StreamingOutputCallRequest request, IServerStreamWriter<StreamingOutputCallResponse> responses, ServerCallContext context)
    {
        RefuseAsAsked(request.ResponseStatus);
        foreach (var response in request.ResponseParameters)
        {
            if (response.IntervalUs > 0) await Task.Delay(TimeSpan.FromMicroseconds(response.IntervalUs), context.CancellationToken);
            responses.WriteOptions = new WriteOptions(response.Compressed is { Value: false } ? WriteFlags.NoCompress : WriteFlags.None);
            await responses.WriteAsync(new StreamingOutputCallResponse { Payload = Zeros(response.Size) });
        }
    }

    static async Task EchoMetadataAsync(ServerCallContext context)
    {
        if (context.RequestHeaders.Get(Trailing) is { } trailing) context.ResponseTrailers.Add(trailing);
        if (context.RequestHeaders.Get(Initial) is { } initial) await context.WriteResponseHeadersAsync([initial]);
    }

    static void Expect(BoolValue? compressed, ServerCallContext context)
    {
        if (compressed is not null && compressed.Value != ((ServerCall)context).RequestCompressed)
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"Expected: compressed is {compressed.Value}."));
    }

    static void RefuseAsAsked(EchoStatus? status)
    {
        if (status is not null) throw new RpcException(new Status((StatusCode)status.Code, status.Message));
    }

    static Payload Zeros(int size) => new() { Body = ByteString.CopyFrom(new byte[size]) };
}
