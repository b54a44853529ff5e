using System.Net;
using Microsoft.Extensions.Logging;

namespace AppChain.Node;

internal static partial class NodeLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Validator {Index} of {ChainId} runs from height {Height}; clients at {Rpc}, peers at {Peer}")]
    public static partial void Started(ILogger logger, string chainId, int index, ulong height, IPEndPoint rpc, IPEndPoint peer);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopped at height {Height}; everything final is on disk")]
    public static partial void Stopped(ILogger logger, ulong height);
}
