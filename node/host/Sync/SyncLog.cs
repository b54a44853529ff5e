using Microsoft.Extensions.Logging;

namespace AppChain.Node.Sync;

internal static partial class SyncLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Caught up from height {From} to {To} with blocks of validator {Index}")]
    public static partial void Progress(ILogger logger, ulong from, ulong to, int index);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Blocks of validator {Index} are refused: {Problem}")]
    public static partial void Refused(ILogger logger, int index, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "The state at height {Height} is fetched from {Peers} peers: {Held} of {All} chunks are here")]
    public static partial void Chunks(ILogger logger, int held, int all, ulong height, int peers);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The snapshot of validator {Index} at height {Height} is refused, and nothing more is taken from it: {Problem}")]
    public static partial void SnapshotRefused(ILogger logger, int index, ulong height, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A snapshot that was being fetched is damaged on this node's disk, and is fetched again: {Problem}")]
    public static partial void Damaged(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "The state at height {Height} has arrived: the node starts anew on it")]
    public static partial void StateArrived(ILogger logger, ulong height);
}
