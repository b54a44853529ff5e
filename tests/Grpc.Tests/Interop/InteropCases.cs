using Google.Protobuf;
using Grpc.Core;

namespace AppChain.Grpc.Tests.Interop;

/// <summary>
/// The standard cases as our client plays them. Procedure and sizes are those of gRPC's "Interoperability Test Case Descriptions".
/// </summary>
/// <param name="channel">To the server.</param>
/// <param name="flags">What came over this channel: whether messages were compressed.</param>
/// <param name="seesFlags">Whether the server can tell compressed requests; stock servers of most languages cannot.</param>
sealed class InteropCases(GrpcChannel channel, MessageFlags flags, bool seesFlags)
{
    const int RequestBytes = 271828;
    const int ResponseBytes = 314159;
    const string Initial = "x-grpc-test-echo-initial";
    const string Trailing = "x-grpc-test-echo-trailing-bin";

    static readonly int[] RequestSizes = [27182, 8, 1828, 45904];
    static readonly int[] ResponseSizes = [31415, 9, 2653, 58979];
    static readonly Metadata AsGzip = new() { { "grpc-internal-encoding-request", "gzip" } };
    static readonly BoolValue Yes = new() { Value = true };
    static readonly BoolValue No = new() { Value = false };

    readonly TestService.TestServiceClient client = new(channel);

    /// <summary>Every case, by its standard name.</summary>
    public static IReadOnlyDictionary<string, Func<InteropCases, Task>> All { get; } = new Dictionary<string, Func<InteropCases, Task>>
    {
        ["empty_unary"] = cases => cases.EmptyUnary(),
        ["large_unary"] = cases => cases.LargeUnary(),
        ["client_compressed_unary"] = cases => cases.ClientCompressedUnary(),
        ["server_compressed_unary"] = cases => cases.ServerCompressedUnary(),
        ["client_streaming"] = cases => cases.ClientStreaming(),
        ["client_compressed_streaming"] = cases => cases.ClientCompressedStreaming(),
        ["server_streaming"] = cases => cases.ServerStreaming(),
        ["server_compressed_streaming"] = cases => cases.ServerCompressedStreaming(),
        ["ping_pong"] = cases => cases.PingPong(),
        ["empty_stream"] = cases => cases.EmptyStream(),
        ["cancel_after_begin"] = cases => cases.CancelAfterBegin(),
        ["cancel_after_first_response"] = cases => cases.CancelAfterFirstResponse(),
        ["timeout_on_sleeping_server"] = cases => cases.TimeoutOnSleepingServer(),
        ["status_code_and_message"] = cases => cases.StatusCodeAndMessage("test status message"),
        ["special_status_message"] = cases => cases.StatusCodeAndMessage("\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n"),
        ["custom_metadata"] = cases => cases.CustomMetadata(),
        ["unimplemented_method"] = cases => cases.UnimplementedMethod(),
        ["unimplemented_service"] = cases => cases.UnimplementedService(),
    };

    static Payload Zeros(int size) => new() { Body = ByteString.CopyFrom(new byte[size]) };

    static SimpleRequest Large() => new() { ResponseSize = ResponseBytes, Payload = Zeros(RequestBytes) };

    static void AssertZeros(int size, Payload payload) => Assert.Equal(Zeros(size), payload);

    static StreamingOutputCallRequest Ping(int i) => new()
    {
        ResponseParameters = { new ResponseParameters { Size = ResponseSizes[i] } },
        Payload = Zeros(RequestSizes[i]),
    };

    async Task EmptyUnary() => Assert.Equal(new Empty(), await client.EmptyCallAsync(new Empty()).ResponseAsync.Soon());

    async Task LargeUnary() => AssertZeros(ResponseBytes, (await client.UnaryCallAsync(Large()).ResponseAsync.Soon()).Payload);

    async Task ClientCompressedUnary()
    {
        var request = Large();
        request.ExpectCompressed = Yes;
        if (seesFlags)
            Assert.Equal(StatusCode.InvalidArgument, (await client.UnaryCallAsync(request).ResponseAsync.FailsSoon()).StatusCode);
        AssertZeros(ResponseBytes, (await client.UnaryCallAsync(request, AsGzip).ResponseAsync.Soon()).Payload);
        request.ExpectCompressed = No;
        AssertZeros(ResponseBytes, (await client.UnaryCallAsync(request).ResponseAsync.Soon()).Payload);
    }

    async Task ServerCompressedUnary()
    {
        foreach (var compressed in (BoolValue[])[Yes, No])
        {
            flags.Clear();
            var request = Large();
            request.ResponseCompressed = compressed;
            AssertZeros(ResponseBytes, (await client.UnaryCallAsync(request).ResponseAsync.Soon()).Payload);
            Assert.Equal([compressed.Value], flags.Received);
        }
    }

    async Task ClientStreaming()
    {
        using var call = client.StreamingInputCall();
        foreach (var size in RequestSizes)
            await call.RequestStream.WriteAsync(new StreamingInputCallRequest { Payload = Zeros(size) }).Soon();
        await call.RequestStream.CompleteAsync();
        Assert.Equal(74922, (await call.ResponseAsync.Soon()).AggregatedPayloadSize);
    }

    async Task ClientCompressedStreaming()
    {
        var expecting = new StreamingInputCallRequest { ExpectCompressed = Yes, Payload = Zeros(27182) };
        if (seesFlags)
        {
            using var probe = client.StreamingInputCall();
            await probe.RequestStream.WriteAsync(expecting).Soon();
            await probe.RequestStream.CompleteAsync();
            Assert.Equal(StatusCode.InvalidArgument, (await probe.ResponseAsync.FailsSoon()).StatusCode);
        }
        using var call = client.StreamingInputCall(AsGzip);
        await call.RequestStream.WriteAsync(expecting).Soon();
        call.RequestStream.WriteOptions = new WriteOptions(WriteFlags.NoCompress);
        await call.RequestStream.WriteAsync(new StreamingInputCallRequest { ExpectCompressed = No, Payload = Zeros(45904) }).Soon();
        await call.RequestStream.CompleteAsync();
        Assert.Equal(73086, (await call.ResponseAsync.Soon()).AggregatedPayloadSize);
    }

    async Task ServerStreaming()
    {
        var request = new StreamingOutputCallRequest();
        request.ResponseParameters.Add(ResponseSizes.Select(size => new ResponseParameters { Size = size }));
        using var call = client.StreamingOutputCall(request);
        foreach (var size in ResponseSizes) await ReceiveAsync(call.ResponseStream, size);
        Assert.False(await call.ResponseStream.MoveNext().Soon());
    }

    async Task ServerCompressedStreaming()
    {
        flags.Clear();
        using var call = client.StreamingOutputCall(new StreamingOutputCallRequest
        {
            ResponseParameters =
            {
                new ResponseParameters { Size = 31415, Compressed = Yes }, new ResponseParameters { Size = 92653, Compressed = No },
            },
        });
        await ReceiveAsync(call.ResponseStream, 31415);
        await ReceiveAsync(call.ResponseStream, 92653);
        Assert.False(await call.ResponseStream.MoveNext().Soon());
        Assert.Equal([true, false], flags.Received);
    }

    async Task PingPong()
    {
        using var call = client.FullDuplexCall();
        for (var i = 0; i < RequestSizes.Length; i++)
        {
            await call.RequestStream.WriteAsync(Ping(i)).Soon();
            await ReceiveAsync(call.ResponseStream, ResponseSizes[i]);
        }
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext().Soon());
    }

    async Task EmptyStream()
    {
        using var call = client.FullDuplexCall();
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext().Soon());
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    async Task CancelAfterBegin()
    {
        using var source = new CancellationTokenSource();
        using var call = client.StreamingInputCall(cancellationToken: source.Token);
        await source.CancelAsync();
        Assert.Equal(StatusCode.Cancelled, (await call.ResponseAsync.FailsSoon()).StatusCode);
    }

    async Task CancelAfterFirstResponse()
    {
        using var source = new CancellationTokenSource();
        using var call = client.FullDuplexCall(cancellationToken: source.Token);
        await call.RequestStream.WriteAsync(Ping(0)).Soon();
        await ReceiveAsync(call.ResponseStream, ResponseSizes[0]);
        await source.CancelAsync();
        Assert.Equal(StatusCode.Cancelled, (await call.ResponseStream.MoveNext().FailsSoon()).StatusCode);
    }

    async Task TimeoutOnSleepingServer()
    {
        using var call = client.FullDuplexCall(deadline: DateTime.UtcNow.AddMilliseconds(1));
        await WriteToEndingAsync(call.RequestStream, new StreamingOutputCallRequest { Payload = Zeros(27182) }, StatusCode.DeadlineExceeded);
        Assert.Equal(StatusCode.DeadlineExceeded, (await call.ResponseStream.MoveNext().FailsSoon()).StatusCode);
    }

    async Task StatusCodeAndMessage(string message)
    {
        var status = new EchoStatus { Code = (int)StatusCode.Unknown, Message = message };
        var unary = await client.UnaryCallAsync(new SimpleRequest { ResponseStatus = status }).ResponseAsync.FailsSoon();
        Assert.Equal((StatusCode.Unknown, message), (unary.StatusCode, unary.Status.Detail));
        using var call = client.FullDuplexCall();
        await WriteToEndingAsync(call.RequestStream, new StreamingOutputCallRequest { ResponseStatus = status }, StatusCode.Unknown);
        await call.RequestStream.CompleteAsync();
        var duplex = await call.ResponseStream.MoveNext().FailsSoon();
        Assert.Equal((StatusCode.Unknown, message), (duplex.StatusCode, duplex.Status.Detail));
    }

    async Task CustomMetadata()
    {
        var sent = new Metadata { { Initial, "test_initial_metadata_value" }, { Trailing, [0xab, 0xab, 0xab] } };
        using var unary = client.UnaryCallAsync(Large(), sent);
        AssertZeros(ResponseBytes, (await unary.ResponseAsync.Soon()).Payload);
        AssertEchoed(await unary.ResponseHeadersAsync.Soon(), unary.GetTrailers());

        using var duplex = client.FullDuplexCall(sent);
        await duplex.RequestStream.WriteAsync(new StreamingOutputCallRequest
        {
            ResponseParameters = { new ResponseParameters { Size = ResponseBytes } },
            Payload = Zeros(RequestBytes),
        }).Soon();
        await duplex.RequestStream.CompleteAsync();
        await ReceiveAsync(duplex.ResponseStream, ResponseBytes);
        Assert.False(await duplex.ResponseStream.MoveNext().Soon());
        AssertEchoed(await duplex.ResponseHeadersAsync.Soon(), duplex.GetTrailers());
    }

    async Task UnimplementedMethod() =>
        Assert.Equal(StatusCode.Unimplemented, (await client.UnimplementedCallAsync(new Empty()).ResponseAsync.FailsSoon()).StatusCode);

    async Task UnimplementedService()
    {
        var other = new UnimplementedService.UnimplementedServiceClient(channel);
        Assert.Equal(StatusCode.Unimplemented, (await other.UnimplementedCallAsync(new Empty()).ResponseAsync.FailsSoon()).StatusCode);
    }

    static void AssertEchoed(Metadata headers, Metadata trailers)
    {
        Assert.Equal("test_initial_metadata_value", headers.GetValue(Initial));
        Assert.Equal([0xab, 0xab, 0xab], trailers.GetValueBytes(Trailing)!);
    }

    // The call may be over before the write is: then the write says what the read will say.
    static async Task WriteToEndingAsync<T>(IClientStreamWriter<T> requests, T request, StatusCode expected)
    {
        if (await Record.ExceptionAsync(() => requests.WriteAsync(request).Soon()) is { } early)
            Assert.Equal(expected, Assert.IsType<RpcException>(early).StatusCode);
    }

    static async Task ReceiveAsync(IAsyncStreamReader<StreamingOutputCallResponse> responses, int size)
    {
        Assert.True(await responses.MoveNext().Soon());
        AssertZeros(size, responses.Current.Payload);
    }
}
