namespace Grpc.Core;

/// <summary>What a caller may set for one call.</summary>
/// <param name="headers">Metadata that goes first.</param>
/// <param name="deadline">When the call must be over, in UTC; null is never.</param>
/// <param name="cancellationToken">Cancels the call on both sides.</param>
/// <param name="writeOptions">How requests are written until the stream's own options say otherwise.</param>
public struct CallOptions(
    Metadata? headers = null, DateTime? deadline = null, CancellationToken cancellationToken = default, WriteOptions? writeOptions = null)
{
    /// <summary>Metadata that goes first.</summary>
    public Metadata? Headers { get; private set; } = headers;

    /// <summary>When the call must be over, in UTC; null is never.</summary>
    public DateTime? Deadline { get; private set; } = deadline;

    /// <summary>Cancels the call on both sides.</summary>
    public CancellationToken CancellationToken { get; private set; } = cancellationToken;

    /// <summary>How requests are written.</summary>
    public WriteOptions? WriteOptions { get; private set; } = writeOptions;

    /// <summary>These options with other headers.</summary>
    public readonly CallOptions WithHeaders(Metadata headers) => this with { Headers = headers };

    /// <summary>These options with another deadline.</summary>
    public readonly CallOptions WithDeadline(DateTime deadline) => this with { Deadline = deadline };

    /// <summary>These options with another token.</summary>
    public readonly CallOptions WithCancellationToken(CancellationToken cancellationToken) =>
        this with { CancellationToken = cancellationToken };

    /// <summary>These options with other write options.</summary>
    public readonly CallOptions WithWriteOptions(WriteOptions writeOptions) => this with { WriteOptions = writeOptions };
}
