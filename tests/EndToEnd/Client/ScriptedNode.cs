using System.Collections.Concurrent;
using System.Net;
using AppChain.Client;
using AppChain.Grpc;
using AppChain.Protos.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Stage = AppChain.Protos.V1.SubmitResponse.Types.Stage;

namespace AppChain.EndToEnd.Client;

/// <summary>A node's submission stream that answers as a test says: a real server on loopback, without a chain behind it.</summary>
internal sealed class ScriptedNode : TransactionService.TransactionServiceBase, IAsyncDisposable
{
    private readonly Func<ScriptedNode, SubmitRequest, SubmitResponse?> script;
    private readonly WebApplication app;

    private ScriptedNode(Func<ScriptedNode, SubmitRequest, SubmitResponse?> script)
    {
        this.script = script;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(
            kestrel => kestrel.UseGrpcLimits().Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        app = builder.Build();
        app.MapGrpcService(TransactionService.BindService(this));
    }

    public NodeClient Client { get; private set; } = null!;

    /// <summary>Everything that arrived, in order.</summary>
    public ConcurrentQueue<SubmitRequest> Received { get; } = new();

    public int Streams;

    /// <param name="script">Answers a request; null answers nothing. An <see cref="RpcException"/> from it breaks the stream.</param>
    public static async Task<ScriptedNode> StartAsync(Func<ScriptedNode, SubmitRequest, SubmitResponse?> script)
    {
        ScriptedNode node = new(script);
        await node.app.StartAsync();
        node.Client = NodeClient.Connect(node.app.Urls.Single());
        return node;
    }

    public static SubmitResponse Final(SubmitRequest request, uint reason = 0) => new()
    {
        Stage = Stage.Final,
        Tag = request.Tag,
        Height = 7,
        Receipt = new Receipt { Verdict = new Verdict { Reason = reason, Units = reason == 0 ? 1_000_000UL : 0 } },
        Reason = reason == 0 ? "" : "too-soon",
    };

    public static SubmitResponse Answer(SubmitRequest request, Stage stage, Ledger.Reason reason = Ledger.Reason.None) =>
        new() { Stage = stage, Tag = request.Tag, Receipt = new Receipt { Reason = (uint)reason }, Reason = reason.ToString() };

    public override async Task SubmitStream(
        IAsyncStreamReader<SubmitRequest> requestStream, IServerStreamWriter<SubmitResponse> responseStream, ServerCallContext context)
    {
        Interlocked.Increment(ref Streams);
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            Received.Enqueue(requestStream.Current);
            if (script(this, requestStream.Current) is { } answer)
                await responseStream.WriteAsync(answer, context.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await app.DisposeAsync();
    }
}
