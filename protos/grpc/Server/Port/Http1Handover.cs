using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace AppChain.Grpc.Server;

/// <summary>
/// Brings connections that turned out to speak HTTP/1.1 from a port of HTTP/2 to an endpoint of HTTP/1.1. Kestrel serves both
/// protocols on one port only with TLS, whose handshake tells which; without it, it takes every connection for HTTP/1.1.
/// To Kestrel this is a transport: connections are accepted from it as others are from a socket.
/// </summary>
sealed class Http1Handover : IConnectionListenerFactory, IConnectionListenerFactorySelector, IConnectionListener
{
    // Accepting is never behind for long; whoever hands over waits.
    readonly Channel<ConnectionContext> handed = Channel.CreateBounded<ConnectionContext>(GrpcLimits.HandoverBacklog);

    public EndPoint EndPoint { get; } = new HandedEndPoint();

    public bool CanBind(EndPoint endpoint) => ReferenceEquals(endpoint, EndPoint);

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(this);

    /// <summary>Hands a connection over; completes when it is closed.</summary>
    public async Task HandAsync(ConnectionContext connection)
    {
        var moved = new HandedConnection(connection);
        try
        {
            await handed.Writer.WriteAsync(moved, connection.ConnectionClosed).ConfigureAwait(false);
        }
        catch (Exception cause) when (cause is OperationCanceledException or ChannelClosedException)
        {
            return; // the caller is gone, or the server stops
        }
        await moved.Closed.ConfigureAwait(false);
    }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await handed.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false) && handed.Reader.TryRead(out var connection)
            ? connection
            : null;

    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        handed.Writer.TryComplete();
        // Who was handed over but not accepted is let go: somebody waits for its end.
        while (handed.Reader.TryRead(out var connection)) await connection.DisposeAsync().ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => UnbindAsync();

    sealed class HandedEndPoint : EndPoint
    {
        public override string ToString() => "http/1.1 of the same port";
    }
}
