using AppChain.Grpc.Client;
using Grpc.Core;

namespace AppChain.Grpc;

/// <summary>
/// A way to one server: connections that are opened when a call needs one and shared by all calls. Make one per server and keep it.
/// Generated clients are made over it: <c>new QueryService.QueryServiceClient(channel)</c>. Safe for many threads.
/// </summary>
public sealed class GrpcChannel : ChannelBase, IDisposable
{
    readonly HttpMessageInvoker http;
    readonly CancellationTokenSource closing = new();
    int disposed;

    GrpcChannel(Uri address, GrpcChannelOptions options) : base(address.Authority)
    {
        Address = address;
        MaxReceiveMessageSize = options.MaxReceiveMessageSize;
        http = new HttpMessageInvoker(options.HttpHandler ?? Transport(options), disposeHandler: true);
        Closing = closing.Token;
    }

    /// <summary>Fires when the channel is disposed: every call ends with it.</summary>
    internal CancellationToken Closing { get; }

    internal Uri Address { get; }

    internal int MaxReceiveMessageSize { get; }

    /// <summary>A channel to <c>http://host:port</c> (HTTP/2 without TLS, known to both sides) or <c>https://host:port</c>.</summary>
    public static GrpcChannel ForAddress(string address, GrpcChannelOptions? options = null) => ForAddress(new Uri(address), options);

    /// <inheritdoc cref="ForAddress(string, GrpcChannelOptions?)"/>
    public static GrpcChannel ForAddress(Uri address, GrpcChannelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
            throw new ArgumentException("The address is http://host:port or https://host:port.", nameof(address));
        return new GrpcChannel(address, options ?? new GrpcChannelOptions());
    }

    /// <inheritdoc/>
    public override CallInvoker CreateCallInvoker() => new ChannelCallInvoker(this);

    /// <summary>Ends every call with CANCELLED and closes the connections.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 1) return;
        closing.Cancel();
        http.Dispose();
        closing.Dispose();
    }

    internal Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref disposed) == 1, this);
        return http.SendAsync(request, cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task ShutdownAsyncCore()
    {
        Dispose();
        return Task.CompletedTask;
    }

    static SocketsHttpHandler Transport(GrpcChannelOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            // gRPC is neither a browser nor behind one: nothing is followed, remembered, decompressed or proxied.
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = options.ConnectTimeout,
            EnableMultipleHttp2Connections = true,
            MaxConnectionsPerServer = GrpcLimits.ConnectionsPerChannelMax,
            MaxResponseHeadersLength = GrpcLimits.ResponseHeadersKib,
            KeepAlivePingDelay = GrpcLimits.KeepAlivePingDelay,
            KeepAlivePingTimeout = GrpcLimits.KeepAlivePingTimeout,
            // An idle connection is not pinged: a restarted server is found out by the next call, not by traffic for nothing.
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        };
        if (options.SslOptions is not null) handler.SslOptions = options.SslOptions;
        return handler;
    }
}
