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

    /// <summary>How long a connection may stay without a call: it is closed; clients open another when they need one.</summary>
    public static readonly TimeSpan IdleConnectionTimeout = TimeSpan.FromMinutes(2);

    /// <summary>How much longer, where an answer waits that nobody takes: it is closed when the next connection comes.</summary>
    internal static readonly TimeSpan IdleGrace = TimeSpan.FromSeconds(10);

    /// <summary>How long a request's headers may take from their first byte to their last: the connection is closed.</summary>
    public static readonly TimeSpan RequestHeadersTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection may take to say its first bytes: it is closed.</summary>
    public static readonly TimeSpan FirstBytesTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Connections of one remote address, or one /64 of IPv6: a further one takes the place of the one that is idle longest, or is
    /// closed at once.</summary>
    public const int ConnectionsPerAddressMax = 512;

    /// <summary>How long a connection that made no call yet keeps its place when others want it: it is closed after that.</summary>
    internal static readonly TimeSpan SilentKeep = TimeSpan.FromSeconds(2);

    /// <summary>How long after its last call a connection keeps its place when others want it. It is closed after that.</summary>
    internal static readonly TimeSpan RestedKeep = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection whose calls move no message keeps its place when others want it. It is closed after that.</summary>
    internal static readonly TimeSpan QuietKeep = TimeSpan.FromSeconds(60);

    /// <summary>How long a connection that has to make room may go on with its calls: it is cut off.</summary>
    internal static readonly TimeSpan GoAwayKeep = TimeSpan.FromSeconds(5);

    /// <summary>How long the answer to what is no call may take, unless the port says otherwise: its stream is reset.</summary>
    public static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Bytes of requests that have come in part, unless the port says otherwise: RESOURCE_EXHAUSTED.</summary>
    public static readonly GrpcByteRoom Arriving = new(PerConnection: 64L << 20, PerAddress: 256L << 20, PerPort: 512L << 20);

    /// <summary>Bytes of responses that are not taken, unless the port says otherwise: the call is reset.</summary>
    public static readonly GrpcByteRoom Leaving = new(PerConnection: 256L << 20, PerAddress: 256L << 20, PerPort: 512L << 20);

    /// <summary>How long a message may take from its first byte to its last, unless the port says otherwise: RESOURCE_EXHAUSTED.</summary>
    public static readonly TimeSpan MessageTimeout = TimeSpan.FromSeconds(60);

    /// <summary>How long a response may wait to be taken, unless the port says otherwise: the call is reset.</summary>
    public static readonly TimeSpan StallTimeout = TimeSpan.FromSeconds(60);

    /// <summary>How long a response that comes at its deadline or after it may wait to be taken: the call is reset.</summary>
    internal static readonly TimeSpan LateResponseTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Addresses whose calls are counted one by one; further ones, all of them busy at once, share one count.</summary>
    internal const int RatedAddressesMax = 16_384;

    /// <summary>Connections of HTTP/1.1 that wait to be accepted from the port where they came in: further ones wait there.</summary>
    internal const int HandoverBacklog = 64;

    /// <summary>Bytes that a client buffers at a time of a message that it sends: one HTTP/2 DATA frame of default size.</summary>
    internal const int SendBufferBytes = 16 * 1024;

    /// <summary>Bytes of a gRPC-Web body that are encoded or decoded at a time.</summary>
    internal const int WebBufferBytes = 16 * 1024;

    /// <summary>How long a browser may remember that a page may call, in seconds; browsers have lower limits of their own.</summary>
    internal const int PreflightSecondsMax = 7200;

    /// <summary>Digits of a <c>grpc-timeout</c> (gRPC over HTTP/2, TimeoutValue).</summary>
    internal const int TimeoutDigitsMax = 8;
}
