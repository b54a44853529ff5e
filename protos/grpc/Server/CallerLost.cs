namespace AppChain.Grpc.Server;

/// <summary>
/// Kestrel reports a caller that reset its stream as an I/O error to whoever reads, possibly before the call's token fires.
/// Handlers see one thing in both cases: a cancellation.
/// </summary>
static class CallerLost
{
    public static OperationCanceledException From(IOException? cause) => new("The caller went away.", cause);
}
