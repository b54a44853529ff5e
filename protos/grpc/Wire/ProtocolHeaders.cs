namespace AppChain.Grpc.Wire;

/// <summary>The header names and values that the protocol itself uses (gRPC over HTTP/2, Requests and Responses).</summary>
static class ProtocolHeaders
{
    public const string ContentType = "content-type";
    public const string GrpcContentType = "application/grpc";
    public const string Timeout = "grpc-timeout";
    public const string Encoding = "grpc-encoding";
    public const string AcceptEncoding = "grpc-accept-encoding";
    /// <summary>
    /// Asks this side for an encoding, among the headers that it sends; the name that the C# packages use. It never travels.
    /// </summary>
    public const string EncodingRequest = "grpc-internal-encoding-request";

    public const string Status = "grpc-status";
    public const string Message = "grpc-message";

    /// <summary>
    /// Whether a header belongs to the protocol or to HTTP and so is not metadata. <c>grpc-status-details-bin</c> is metadata.
    /// </summary>
    public static bool IsReserved(string lowerCaseName) => lowerCaseName is
        ContentType or Timeout or Encoding or AcceptEncoding or EncodingRequest or Status or Message
        or "grpc-message-type" or "te" or "host" or "content-length" or "trailer" or "transfer-encoding" or "connection";

    /// <summary>Whether a content type is gRPC's: <c>application/grpc</c>, alone or followed by <c>+</c> or <c>;</c>.</summary>
    public static bool IsGrpc(string? contentType) => CallForms.Is(contentType, GrpcContentType);
}
