using Microsoft.Extensions.Logging;

namespace AppChain.Node.Snapshots;

internal static partial class SnapshotLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "A snapshot of the state at height {Height} was made: {Chunks} chunks")]
    public static partial void Made(ILogger logger, ulong height, int chunks);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No snapshot of the state at height {Height} was made: {Problem}")]
    public static partial void NotMade(ILogger logger, ulong height, string problem);
}
