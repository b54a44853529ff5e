using Microsoft.Extensions.Logging;

namespace AppChain.Node.Sync;

internal static partial class SyncLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Caught up from height {From} to {To} with blocks of validator {Index}")]
    public static partial void Progress(ILogger logger, ulong from, ulong to, int index);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Blocks of validator {Index} are refused: {Problem}")]
    public static partial void Refused(ILogger logger, int index, string problem);
}
