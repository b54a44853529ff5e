using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace AppChain.Grpc;

/// <summary>What a server may set for one port.</summary>
public sealed class GrpcPortOptions
{
    /// <summary>Whether HTTP/1.1 is served, too, on the same port: browsers' gRPC-Web comes over it. Else only HTTP/2 is.</summary>
    public bool Http1 { get; init; }

    /// <summary>The server's certificate with its key: the port speaks TLS then, and only TLS.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>The certificates between the server's and one that callers trust; null for none.</summary>
    public X509Certificate2Collection? CertificateChain { get; init; }

    /// <summary>
    /// The port speaks only TLS, and each connection's handshake is decided here by its remote end. Takes the place of
    /// <see cref="Certificate"/> where callers show certificates, too.
    /// </summary>
    public Func<EndPoint?, SslServerAuthenticationOptions>? Handshake { get; init; }

    /// <summary>Connections of one remote address (of one /64, for IPv6). A further one takes the place of the one that is idle longest, or
    /// is closed at once.</summary>
    public int ConnectionsPerAddressMax { get; init; } = GrpcLimits.ConnectionsPerAddressMax;

    /// <summary>Connections of other machines than this one; further ones likewise. So who looks after the server finds room.</summary>
    public int StrangersMax { get; init; } = int.MaxValue;

    /// <summary>
    /// Connections of other machines whose handshake is not done, where <see cref="Handshake"/> decides; further ones likewise. So whoever
    /// was accepted before keeps its place, and the rest of <see cref="StrangersMax"/> is for such.
    /// </summary>
    public int HandshakesMax { get; init; } = int.MaxValue;

    /// <summary>Room for requests that have come in part. Without it: RESOURCE_EXHAUSTED.</summary>
    public GrpcByteRoom Arriving { get; init; } = GrpcLimits.Arriving;

    /// <summary>Room for responses that are not taken. Without it the call is reset with ENHANCE_YOUR_CALM, which clients see as
    /// RESOURCE_EXHAUSTED.</summary>
    public GrpcByteRoom Leaving { get; init; } = GrpcLimits.Leaving;

    /// <summary>
    /// How long a request message may take from its first byte to its last, while the handler waits for it; the only one of a call from the
    /// call's beginning: RESOURCE_EXHAUSTED.
    /// </summary>
    public TimeSpan MessageTimeout { get; init; } = GrpcLimits.MessageTimeout;

    /// <summary>How long a response may wait to be taken: the call is reset. A subscriber that paused for longer comes back with its
    /// cursor.</summary>
    public TimeSpan StallTimeout { get; init; } = GrpcLimits.StallTimeout;

    /// <summary>How long the answer to what is no call may take, a page or a refusal: its stream is reset.</summary>
    public TimeSpan AnswerTimeout { get; init; } = GrpcLimits.AnswerTimeout;

    /// <summary>How often one remote address may open a connection; null for as often as it likes. Above: closed before its handshake,
    /// which costs.</summary>
    public GrpcAddressRate? ConnectionRate { get; init; }

    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>How long a connection without TLS may take to say its first bytes: it is closed. A handshake has 10 s.</summary>
    public TimeSpan FirstBytesTimeout { get; init; } = GrpcLimits.FirstBytesTimeout;
}
