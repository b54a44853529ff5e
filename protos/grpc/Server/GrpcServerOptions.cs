using Grpc.Core;

namespace AppChain.Grpc;

/// <summary>What a server may set for the services that it maps.</summary>
public sealed class GrpcServerOptions
{
    /// <summary>The longest request message, in bytes. A longer one fails its call with RESOURCE_EXHAUSTED before it is buffered.</summary>
    public int MaxReceiveMessageSize { get; init; } = GrpcLimits.ReceiveMessageBytesMax;

    /// <summary>
    /// How responses are compressed for callers that can read it: <c>gzip</c>, or null for not at all. A handler may ask for it in
    /// one call, with an entry <c>grpc-internal-encoding-request: gzip</c> of its response headers, and may except a message
    /// from it with <see cref="WriteFlags.NoCompress"/>. What gzip does not make shorter goes as it is.
    /// </summary>
    /// <exception cref="ArgumentException">Another name.</exception>
    public string? ResponseCompressionAlgorithm
    {
        get;
        init => field = value is null or "gzip" ? value : throw new ArgumentException("Expected gzip or null.", nameof(value));
    }

    /// <summary>
    /// How long a call whose caller may send any number of messages may go on without one, in either direction: it ends with UNAVAILABLE.
    /// Null: for ever.
    /// </summary>
    public TimeSpan? QuietTimeout { get; init; }

    /// <summary>
    /// Fires when the server stops, as <c>app.Lifetime.ApplicationStopping</c> does: the tokens of all calls fire with it, and a call
    /// that ends for it ends with UNAVAILABLE. Without it a stream that never ends holds up the stop.
    /// </summary>
    public CancellationToken Stopping { get; init; }
}
