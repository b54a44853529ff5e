using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace AppChain.Grpc.Server;

/// <summary>A connection in other hands. Closing it tells its first owner, who then really closes it.</summary>
sealed class HandedConnection(ConnectionContext connection) : ConnectionContext
{
    readonly TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the new owner is done with it.</summary>
    public Task Closed => closed.Task;

    public override string ConnectionId { get => connection.ConnectionId; set => connection.ConnectionId = value; }

    // The new owner's features hide the first one's, which stay as they are.
    public override IFeatureCollection Features { get; } = new FeatureCollection(connection.Features);

    public override IDictionary<object, object?> Items { get => connection.Items; set => connection.Items = value; }

    public override IDuplexPipe Transport { get => connection.Transport; set => connection.Transport = value; }

    public override CancellationToken ConnectionClosed { get => connection.ConnectionClosed; set => connection.ConnectionClosed = value; }

    public override EndPoint? LocalEndPoint { get => connection.LocalEndPoint; set => connection.LocalEndPoint = value; }

    public override EndPoint? RemoteEndPoint { get => connection.RemoteEndPoint; set => connection.RemoteEndPoint = value; }

    public override void Abort(ConnectionAbortedException abortReason) => connection.Abort(abortReason);

    public override ValueTask DisposeAsync()
    {
        closed.TrySetResult();
        return ValueTask.CompletedTask;
    }
}
