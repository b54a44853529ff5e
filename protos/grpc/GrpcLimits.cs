namespace AppChain.Grpc;

/// <summary>Every limit of this room, with its unit and what happens at it.</summary>
public static class GrpcLimits
{
    /// <summary>Bytes of a received message, compressed or not, unless the options say otherwise: RESOURCE_EXHAUSTED.</summary>
    public const int ReceiveMessageBytesMax = 4 * 1024 * 1024;

    /// <summary>Bytes of responses that <c>BufferHint</c> may hold back: the next write sends them.</summary>
    public const int BufferedWriteBytesMax = 64 * 1024;

    /// <summary>Characters of a status text: the rest is cut off.</summary>
    public const int StatusDetailCharactersMax = 1024;

    /// <summary>The longest deadline that a timer is set for; a later one counts as this.</summary>
    public static readonly TimeSpan DeadlineMax = TimeSpan.FromDays(30);

    /// <summary>
    /// How long before its deadline a call that the server cancels counts as over its deadline: clocks differ by that much.
    /// </summary>
    public static readonly TimeSpan DeadlineSkewMax = TimeSpan.FromMilliseconds(10);

    /// <summary>KiB of response headers or trailers that a client takes: the call fails.</summary>
    public const int ResponseHeadersKib = 64;

    /// <summary>Connections of one channel. A further call waits for a free stream, at most to its deadline.</summary>
    public const int ConnectionsPerChannelMax = 16;

    /// <summary>Calls at a time on one connection to a server: a client waits or opens another connection.</summary>
    public const int CallsPerConnectionMax = 256;

    /// <summary>Bytes that a caller may send ahead of a handler's reading, per call.</summary>
    public const int CallWindowBytes = 1024 * 1024;

    /// <summary>Bytes that a caller may send ahead of the handlers' reading, per connection.</summary>
    public const int ConnectionWindowBytes = 4 * 1024 * 1024;

    /// <summary>How long a client tries to connect: UNAVAILABLE.</summary>
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection may be silent before either side pings it.</summary>
    public static readonly TimeSpan KeepAlivePingDelay = TimeSpan.FromSeconds(30);

    /// <summary>How long a ping may go unanswered: the connection is closed.</summary>
    public static readonly TimeSpan KeepAlivePingTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Bytes that a client buffers at a time of a message that it sends: one HTTP/2 DATA frame of default size.</summary>
    internal const int SendBufferBytes = 16 * 1024;

    /// <summary>Digits of a <c>grpc-timeout</c> (gRPC over HTTP/2, TimeoutValue).</summary>
    internal const int TimeoutDigitsMax = 8;
}
