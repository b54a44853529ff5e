namespace AppChain.Grpc;

/// <summary>What a server may set for the services that it maps.</summary>
public sealed class GrpcServerOptions
{
    /// <summary>The longest request message, in bytes. A longer one fails its call with RESOURCE_EXHAUSTED before it is buffered.</summary>
    public int MaxReceiveMessageSize { get; init; } = GrpcLimits.ReceiveMessageBytesMax;

    /// <summary>
    /// Fires when the server stops, as <c>app.Lifetime.ApplicationStopping</c> does: the tokens of all calls fire with it, and a call
    /// that ends for it ends with UNAVAILABLE. Without it a stream that never ends holds up the stop.
    /// </summary>
    public CancellationToken Stopping { get; init; }
}
