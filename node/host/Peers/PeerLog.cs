using System.Net;
using Microsoft.Extensions.Logging;

namespace AppChain.Node.Peers;

internal static partial class PeerLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Connected to validator {Index} at {Address}")]
    public static partial void Connected(ILogger logger, int index, string address);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No connection to validator {Index} at {Address}: {Problem}; trying again")]
    public static partial void Lost(ILogger logger, int index, string address, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Refused a caller at {From}: {Problem}")]
    public static partial void CallerRefused(ILogger logger, IPAddress from, string problem);
}
