using Google.Protobuf;
using Grpc.Core;

namespace AppChain.Grpc.Tests;

public class CancellationTests
{
    [Fact]
    public async Task Caller_CancelsUnary_TokenOfHandlerFires()
    {
        using var source = new CancellationTokenSource();
        var started = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        await using var server = await TestServer.StartAsync(new ExchangeHandlers
        {
            OnEcho = async (note, context) =>
            {
                started.SetResult();
                await context.CancellationToken.Fired();
                cancelled.SetResult();
                return note;
            },
        });
        var call = server.Client.EchoAsync(new Note(), cancellationToken: source.Token);
        await started.Task.Soon();
        await source.CancelAsync();
        Assert.Equal(StatusCode.Cancelled, (await call.ResponseAsync.FailsSoon()).StatusCode);
        Assert.Equal(StatusCode.Cancelled, call.GetStatus().StatusCode);
        await cancelled.Task.Soon();
    }

    [Fact]
    public async Task Caller_DisposesDuplex_HandlersReadIsCancelled()
    {
        var ended = new TaskCompletionSource<Exception?>();
        await using var server = await TestServer.StartAsync(new ExchangeHandlers
        {
            OnChat = async (heard, said, _) =>
            {
                await said.WriteAsync(new Note());
                ended.SetResult(await Record.ExceptionAsync(() => heard.MoveNext()));
            },
        });
        var call = server.Client.Chat();
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).Soon());
        call.Dispose();
        Assert.IsAssignableFrom<OperationCanceledException>(await ended.Task.Soon());
        Assert.Equal(StatusCode.Cancelled, (await call.ResponseStream.MoveNext(CancellationToken.None).FailsSoon()).StatusCode);
        Assert.Equal(StatusCode.Cancelled, (await call.RequestStream.WriteAsync(new Note()).FailsSoon()).StatusCode);
    }

    [Fact]
    public async Task Caller_CancelsBetweenReads_HandlersWriteIsCancelled()
    {
        using var source = new CancellationTokenSource();
        var ended = new TaskCompletionSource<Exception?>();
        await using var server = await TestServer.StartAsync(new ExchangeHandlers
        {
            OnCount = async (_, numbers, _) => ended.SetResult(await Record.ExceptionAsync(async () =>
            {
                while (true) await numbers.WriteAsync(new Number { Value = 1 });
            })),
        });
        using var call = server.Client.Count(new Number(), cancellationToken: source.Token);
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).Soon());
        await source.CancelAsync();
        Assert.IsAssignableFrom<OperationCanceledException>(await ended.Task.Soon());
    }

    [Fact]
    public async Task Caller_CancelsOneRead_CallIsCancelled()
    {
        using var source = new CancellationTokenSource();
        await using var server = await TestServer.StartAsync(new ExchangeHandlers());
        using var call = server.Client.Chat();
        var read = call.ResponseStream.MoveNext(source.Token);
        await source.CancelAsync();
        Assert.Equal(StatusCode.Cancelled, (await read.FailsSoon()).StatusCode);
        Assert.Equal(StatusCode.Cancelled, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Caller_TokenAlreadyFired_IsCancelled()
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers());
        var call = server.Client.EchoAsync(new Note(), cancellationToken: new CancellationToken(canceled: true));
        Assert.Equal(StatusCode.Cancelled, (await call.ResponseAsync.FailsSoon()).StatusCode);
    }

    [Fact]
    public async Task Handler_ThrowsCancellation_IsCancelled()
    {
        var handlers = new ExchangeHandlers { OnEcho = (_, _) => throw new OperationCanceledException() };
        await using var server = await TestServer.StartAsync(handlers);
        Assert.Equal(StatusCode.Cancelled, (await server.Client.EchoAsync(new Note()).ResponseAsync.FailsSoon()).StatusCode);
    }

    [Fact]
    public async Task Channel_Disposed_EndsItsCalls()
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers());
        var channel = GrpcChannel.ForAddress(server.Address);
        var call = new Exchange.ExchangeClient(channel).Chat();
        await call.RequestStream.WriteAsync(new Note());
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).Soon());
        var read = call.ResponseStream.MoveNext(CancellationToken.None);
        channel.Dispose();
        Assert.Equal(StatusCode.Cancelled, (await read.FailsSoon()).StatusCode);
        var later = new Exchange.ExchangeClient(channel).EchoAsync(new Note());
        Assert.Equal(StatusCode.Cancelled, (await later.ResponseAsync.FailsSoon()).StatusCode);
    }

    [Fact]
    public async Task Server_AnswersEarly_WriterLearnsTheStatus()
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers
        {
            OnSum = (_, _) => throw new RpcException(new Status(StatusCode.ResourceExhausted, "enough")),
        });
        using var call = server.Client.Sum();
        var failure = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (true) await call.RequestStream.WriteAsync(new Number { Value = 1 }).Soon();
        });
        Assert.Equal((StatusCode.ResourceExhausted, "enough"), (failure.StatusCode, failure.Status.Detail));
        Assert.Equal(StatusCode.ResourceExhausted, (await call.ResponseAsync.FailsSoon()).StatusCode);
    }

    [Fact]
    public async Task Server_AnswersDuplexEarly_WritesEndAndStatusIsRead()
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers
        {
            OnChat = (_, _, _) => throw new RpcException(new Status(StatusCode.PermissionDenied, "no")),
        });
        using var call = server.Client.Chat();
        var write = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (true) await call.RequestStream.WriteAsync(new Note { Payload = ByteString.CopyFrom(new byte[1000]) }).Soon();
        });
        Assert.Contains(write.StatusCode, (IEnumerable<StatusCode>)[StatusCode.PermissionDenied, StatusCode.Unavailable]);
        Assert.Equal(StatusCode.PermissionDenied, (await call.ResponseStream.MoveNext(CancellationToken.None).FailsSoon()).StatusCode);
    }
}
