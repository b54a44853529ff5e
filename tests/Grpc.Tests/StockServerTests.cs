using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;

namespace AppChain.Grpc.Tests;

/// <summary>Our client against a stock gRPC server, written by others in another language.</summary>
public sealed class StockServerTests : IAsyncLifetime
{
    StockGrpc? stock;
    Process? process;
    Uri? address;
    GrpcChannel? channel;

    Exchange.ExchangeClient Client => new(channel);

    public async ValueTask InitializeAsync()
    {
        stock = await StockGrpc.RequireAsync();
        process = stock.StartScript("exchange_server.py");
        var port = await process.StandardOutput.ReadLineAsync().Soon();
        address = new Uri($"http://127.0.0.1:{port}");
        channel = GrpcChannel.ForAddress(address);
    }

    public async ValueTask DisposeAsync()
    {
        channel?.Dispose();
        if (process is not null) await StockProcess.StopAsync(process);
        stock?.Dispose();
    }

    [Fact]
    public async Task OurClient_AllFourKinds_AreAnswered()
    {
        Assert.Equal("hällo", (await Client.EchoAsync(new Note { Text = "hällo" }).ResponseAsync.Soon()).Text);

        using var sum = Client.Sum();
        for (var value = 1; value <= 100; value++) await sum.RequestStream.WriteAsync(new Number { Value = value }).Soon();
        await sum.RequestStream.CompleteAsync();
        Assert.Equal(5050, (await sum.ResponseAsync.Soon()).Value);

        using var count = Client.Count(new Number { Value = 100 });
        for (var value = 1; value <= 100; value++)
        {
            Assert.True(await count.ResponseStream.MoveNext(CancellationToken.None).Soon());
            Assert.Equal(value, count.ResponseStream.Current.Value);
        }
        Assert.False(await count.ResponseStream.MoveNext(CancellationToken.None).Soon());

        using var chat = Client.Chat();
        for (var i = 0; i < 100; i++)
        {
            await chat.RequestStream.WriteAsync(new Note { Text = $"{i}" }).Soon();
            Assert.True(await chat.ResponseStream.MoveNext(CancellationToken.None).Soon());
            Assert.Equal($"{i}", chat.ResponseStream.Current.Text);
        }
        await chat.RequestStream.CompleteAsync();
        Assert.False(await chat.ResponseStream.MoveNext(CancellationToken.None).Soon());
    }

    [Fact]
    public async Task OurClient_LargeMessage_ComesBackWhole()
    {
        var note = new Note { Payload = ByteString.CopyFrom(new byte[1024 * 1024]) };
        Assert.Equal(note, await Client.EchoAsync(note).ResponseAsync.Soon());
    }

    [Fact]
    public async Task OurClient_GzipAnswer_IsRead()
    {
        var note = new Note { Text = "gzip", Payload = ByteString.CopyFrom(new byte[9000]) };
        using var raw = new RawClient(address!);
        var answer = await raw.PostAsync("Echo", RawClient.Frame(note), ("te", "trailers"), ("grpc-accept-encoding", "identity,gzip")).Soon();
        Assert.Equal(1, answer.Body[0]); // the server does compress
        Assert.Equal(note, await Client.EchoAsync(note).ResponseAsync.Soon());
    }

    [Fact]
    public async Task OurClient_Deadline_IsExceeded()
    {
        using var call = Client.EchoAsync(new Note { Text = "wait" }, deadline: DateTime.UtcNow.AddSeconds(0.3));
        Assert.Equal(StatusCode.DeadlineExceeded, (await call.ResponseAsync.FailsSoon()).StatusCode);
    }

    [Fact]
    public async Task OurClient_Cancel_ReachesTheServer()
    {
        using var source = new CancellationTokenSource();
        using var waiting = Client.EchoAsync(new Note { Text = "wait" }, cancellationToken: source.Token);
        await ServerSaysYesAsync("began?"); // a call that is cancelled before its headers went out leaves no trace
        await source.CancelAsync();
        Assert.Equal(StatusCode.Cancelled, (await waiting.ResponseAsync.FailsSoon()).StatusCode);
        await ServerSaysYesAsync("cancelled?");
    }

    [Fact]
    public async Task OurClient_Metadata_ComesBack()
    {
        using var call = Client.EchoAsync(new Note(), new Metadata { { "x-text", "some text" }, { "x-data-bin", [0, 1, 254, 255] } });
        var headers = await call.ResponseHeadersAsync.Soon();
        await call.ResponseAsync.Soon();
        foreach (var metadata in (Metadata[])[headers, call.GetTrailers()])
        {
            Assert.Equal("some text", metadata.GetValue("x-text"));
            Assert.Equal([0, 1, 254, 255], metadata.GetValueBytes("x-data-bin")!);
        }
    }

    [Fact]
    public async Task OurClient_Refusal_HasStatusDetailAndTrailers()
    {
        var failure = await Client.EchoAsync(new Note { Text = "refuse" }).ResponseAsync.FailsSoon();
        Assert.Equal((StatusCode.FailedPrecondition, "größer als 100 %\n"), (failure.StatusCode, failure.Status.Detail));
        Assert.Equal("no-funds", failure.Trailers.GetValue("appchain-reason"));
        Assert.Equal([8, 9, 255], failure.Trailers.GetValueBytes("grpc-status-details-bin")!);
        Assert.Equal([0, 255], failure.Trailers.GetValueBytes("x-data-bin")!);
    }

    [Fact]
    public async Task OurClient_UnknownMethod_IsUnimplemented() =>
        Assert.Equal(StatusCode.Unimplemented, (await Client.UnservedAsync(new Note()).ResponseAsync.FailsSoon()).StatusCode);

    async Task ServerSaysYesAsync(string question)
    {
        using var polls = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var end = DateTime.UtcNow + Bounded.Wait;
        while ((await Client.EchoAsync(new Note { Text = question }).ResponseAsync.Soon()).Text != "yes")
        {
            Assert.True(DateTime.UtcNow < end, $"The server never said yes to {question}");
            await polls.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
