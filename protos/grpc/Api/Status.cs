namespace Grpc.Core;

/// <summary>A status code, a sentence for people, and, on this side of the wire only, what caused it.</summary>
/// <param name="statusCode">The code.</param>
/// <param name="detail">The text that travels as <c>grpc-message</c>.</param>
/// <param name="debugException">The local cause. It is never sent.</param>
public readonly struct Status(StatusCode statusCode, string detail, Exception? debugException = null)
{
    /// <summary>Success without a text.</summary>
    public static readonly Status DefaultSuccess = new(StatusCode.OK, "");

    /// <summary>Cancellation without a text.</summary>
    public static readonly Status DefaultCancelled = new(StatusCode.Cancelled, "");

    /// <summary>The code.</summary>
    public StatusCode StatusCode { get; } = statusCode;

    /// <summary>The text that travels as <c>grpc-message</c>.</summary>
    public string Detail { get; } = detail;

    /// <summary>The local cause, if there is one. It is never sent.</summary>
    public Exception? DebugException { get; } = debugException;

    /// <inheritdoc/>
    public override string ToString() => $"Status(StatusCode=\"{StatusCode}\", Detail=\"{Detail}\")";
}
