using System.Globalization;
using Grpc.Core;

namespace AppChain.Grpc.Tests;

/// <summary>A stock gRPC client, written by others in another language, against our server.</summary>
public class StockClientTests
{
    [Theory]
    [InlineData("unary")]
    [InlineData("client_streaming")]
    [InlineData("server_streaming")]
    [InlineData("duplex")]
    [InlineData("large")]
    [InlineData("gzip")]
    [InlineData("deadline")]
    [InlineData("cancel")]
    [InlineData("metadata")]
    [InlineData("status")]
    [InlineData("exception")]
    [InlineData("unimplemented")]
    [InlineData("oversize")]
    public async Task StockClient_OnOurServer_Agrees(string @case)
    {
        using var stock = await StockGrpc.RequireAsync();
        await using var server = await TestServer.StartAsync(Handlers());
        var port = server.Address.Port.ToString(CultureInfo.InvariantCulture);
        var (code, output) = await stock.RunAsync("exchange_client.py", port, @case);
        Assert.True(code == 0 && output.Contains("passed", StringComparison.Ordinal), output);
    }

    [Fact]
    public async Task StockWebClient_OnOurServer_Agrees()
    {
        await using var server = await TestServer.StartAsync(Handlers(), new GrpcPortOptions { Http1 = true });
        var port = server.Address.Port.ToString(CultureInfo.InvariantCulture);
        var schema = Path.Combine(AppContext.BaseDirectory, "exchange.proto");
        var (code, output) = await StockProcess.RunAsync(Interop.StockInterop.StartNode("web.js", port, schema));
        Assert.True(code == 0 && output.Contains("passed", StringComparison.Ordinal), output);
    }

    static ExchangeHandlers Handlers()
    {
        var began = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        return new ExchangeHandlers
        {
            OnEcho = async (note, context) =>
            {
                switch (note.Text)
                {
                    case "wait":
                        began.TrySetResult();
                        await context.CancellationToken.Fired();
                        cancelled.TrySetResult();
                        break;
                    case "began?":
                        return new Note { Text = began.Task.IsCompleted ? "yes" : "no" };
                    case "cancelled?":
                        return new Note { Text = cancelled.Task.IsCompleted ? "yes" : "no" };
                    case "refuse":
                        throw new RpcException(
                            new Status(StatusCode.FailedPrecondition, "größer als 100 %\n"),
                            new Metadata { { "appchain-reason", "no-funds" }, { "grpc-status-details-bin", [8, 9, 0, 255] } });
                    case "throw":
                        throw new InvalidOperationException("secret");
                }
                var headers = new Metadata();
                foreach (var entry in context.RequestHeaders.Where(entry => entry.Key.StartsWith("x-", StringComparison.Ordinal)))
                {
                    headers.Add(entry);
                    context.ResponseTrailers.Add(entry);
                }
                if (context.GetHttpContext().Request.Headers["grpc-encoding"] is [{ } encoding]) headers.Add("x-encoding", encoding);
                await context.WriteResponseHeadersAsync(headers);
                return note;
            },
        };
    }
}
