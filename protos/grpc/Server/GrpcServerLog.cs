using Microsoft.Extensions.Logging;

namespace AppChain.Grpc.Server;

/// <summary>What the server logs.</summary>
sealed partial class GrpcServerLog(ILogger logger)
{
    [LoggerMessage(1, LogLevel.Error, "The handler of {Method} failed.")]
    public partial void HandlerFailed(string method, Exception cause);

    [LoggerMessage(2, LogLevel.Debug, "The caller of {Method} went away.")]
    public partial void CallerGone(string method);
}
