namespace Grpc.Core;

/// <summary>
/// A call that ended with a status other than <see cref="StatusCode.OK"/>. Thrown by a handler, it becomes the call's status.
/// </summary>
public class RpcException : Exception
{
    /// <summary>An exception with a status and no trailers.</summary>
    public RpcException(Status status) : this(status, Metadata.Empty) { }

    /// <summary>An exception with a status and a message of its own.</summary>
    public RpcException(Status status, string message) : this(status, Metadata.Empty, message) { }

    /// <summary>An exception with a status and trailers.</summary>
    public RpcException(Status status, Metadata trailers) : this(status, trailers, status.ToString()) { }

    /// <summary>An exception with a status, trailers and a message of its own.</summary>
    public RpcException(Status status, Metadata trailers, string message) : base(message, status.DebugException)
    {
        ArgumentNullException.ThrowIfNull(trailers);
        Status = status;
        Trailers = trailers;
    }

    /// <summary>How the call ended.</summary>
    public Status Status { get; }

    /// <summary>The code of <see cref="Status"/>.</summary>
    public StatusCode StatusCode => Status.StatusCode;

    /// <summary>Metadata that came, or goes, with the status.</summary>
    public Metadata Trailers { get; }
}
