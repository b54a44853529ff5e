using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace AppChain.Grpc.Tests;

public class StatusTests
{
    static ExchangeHandlers Failing(Exception failure) => new() { OnEcho = (_, _) => throw failure };

    [Theory]
    [InlineData("plain")]
    [InlineData("100 % größer\r\nthan 😀")]
    [InlineData("%41 is not A")]
    public async Task RpcException_OfHandler_ArrivesWithDetailAndTrailers(string detail)
    {
        var trailers = new Metadata { { "appchain-reason", "no-funds" }, { "grpc-status-details-bin", [1, 2, 255] } };
        var refusal = new RpcException(new Status(StatusCode.FailedPrecondition, detail), trailers);
        await using var server = await TestServer.StartAsync(Failing(refusal));
        var call = server.Client.EchoAsync(new Note());
        var failure = await call.ResponseAsync.FailsSoon();
        Assert.Equal((StatusCode.FailedPrecondition, detail), (failure.StatusCode, failure.Status.Detail));
        Assert.Equal("no-funds", failure.Trailers.GetValue("appchain-reason"));
        Assert.Equal([1, 2, 255], failure.Trailers.GetValueBytes("grpc-status-details-bin")!);
        Assert.Equal(StatusCode.FailedPrecondition, call.GetStatus().StatusCode);
        Assert.Equal("no-funds", call.GetTrailers().GetValue("appchain-reason"));
    }

    [Fact]
    public async Task RpcException_BeforeAnyMessage_IsTrailersOnly()
    {
        await using var server = await TestServer.StartAsync(Failing(new RpcException(new Status(StatusCode.NotFound, "nö"))));
        using var raw = new RawClient(server.Address);
        var answer = await raw.PostAsync("Echo", RawClient.Frame(new Note())).Soon();
        Assert.True(answer.TrailersOnly);
        Assert.Equal(("5", "n%C3%B6"), (answer.Status, answer.Message));
        Assert.Empty(answer.Body);
    }

    [Fact]
    public async Task RpcException_AfterMessages_ArrivesAfterThem()
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers
        {
            OnCount = async (_, numbers, _) =>
            {
                await numbers.WriteAsync(new Number { Value = 1 });
                throw new RpcException(new Status(StatusCode.DataLoss, "gone"));
            },
        });
        using var call = server.Client.Count(new Number());
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).Soon());
        var failure = await call.ResponseStream.MoveNext(CancellationToken.None).FailsSoon();
        Assert.Equal((StatusCode.DataLoss, "gone"), (failure.StatusCode, failure.Status.Detail));
    }

    [Fact]
    public async Task Exception_OfHandler_IsUnknownAndLoggedAndNotLeaked()
    {
        var secret = new InvalidDataException("the secret");
        await using var server = await TestServer.StartAsync(Failing(secret));
        var failure = await server.Client.EchoAsync(new Note()).ResponseAsync.FailsSoon();
        Assert.Equal(StatusCode.Unknown, failure.StatusCode);
        Assert.DoesNotContain("secret", failure.Status.Detail, StringComparison.Ordinal);
        Assert.Contains(server.Log.Entries, entry => entry.Level == LogLevel.Error && entry.Cause == secret);
    }

    [Fact]
    public async Task Status_SetByHandler_ReplacesTheResponse()
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers
        {
            OnEcho = (note, context) =>
            {
                context.Status = new Status(StatusCode.Aborted, "again");
                return Task.FromResult(note);
            },
        });
        Assert.Equal(StatusCode.Aborted, (await server.Client.EchoAsync(new Note()).ResponseAsync.FailsSoon()).StatusCode);
    }

    [Fact]
    public async Task Response_Null_IsUnknown()
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers { OnEcho = (_, _) => Task.FromResult<Note>(null!) });
        Assert.Equal(StatusCode.Unknown, (await server.Client.EchoAsync(new Note()).ResponseAsync.FailsSoon()).StatusCode);
    }

    [Fact]
    public async Task Detail_TooLong_IsCut()
    {
        var detail = new string('x', GrpcLimits.StatusDetailCharactersMax + 500);
        await using var server = await TestServer.StartAsync(Failing(new RpcException(new Status(StatusCode.Internal, detail))));
        var failure = await server.Client.EchoAsync(new Note()).ResponseAsync.FailsSoon();
        Assert.Equal(detail[..GrpcLimits.StatusDetailCharactersMax], failure.Status.Detail);
    }

    [Fact]
    public async Task Method_NotOverridden_IsUnimplemented()
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers());
        Assert.Equal(StatusCode.Unimplemented, (await server.Client.UnservedAsync(new Note()).ResponseAsync.FailsSoon()).StatusCode);
    }

    [Theory]
    [InlineData("/appchain.grpc.tests.Exchange/Nothing")]
    [InlineData("/nobody.Knows/This")]
    public async Task Path_NotMapped_IsUnimplemented(string path)
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers());
        using var raw = new RawClient(server.Address);
        var answer = await raw.SendAsync(path, RawClient.Frame(new Note()), new Version(2, 0), "application/grpc").Soon();
        Assert.Equal((200, "12"), ((int)answer.Response.StatusCode, answer.Status));
    }

    [Fact]
    public void GetStatus_BeforeTheEnd_Throws()
    {
        using var channel = GrpcChannel.ForAddress("http://192.0.2.1:9");
        using var call = new Exchange.ExchangeClient(channel).Chat();
        Assert.Throws<InvalidOperationException>(() => call.GetStatus());
    }
}
