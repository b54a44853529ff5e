using Microsoft.Extensions.Logging;

namespace AppChain.Node.Signer;

internal static partial class SignerLog
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The journal lacks {Count} votes of views {First} to {Last} that this key signed: the data was lost or is an old copy. "
            + "They bind this validator all the same; new ones are cast in views above {Floor}")]
    public static partial void Recalled(ILogger logger, int count, ulong first, ulong last, ulong floor);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "This validator follows without voting until the chain is above view {Floor} of epoch {Epoch}: what its key signed up to there is not known any more")]
    public static partial void Waiting(ILogger logger, ulong floor, ulong epoch);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The signer record holds nothing, and the chain is running: what this key signed before is not known. "
        + "It signs above view {Floor} of epoch {Epoch} only, where a quorum of the validators has not been yet")]
    public static partial void Blank(ILogger logger, ulong epoch, ulong floor);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The signer record holds nothing, and epoch {Epoch} began before this process: the node follows it without voting")]
    public static partial void BlankEpoch(ILogger logger, ulong epoch);
}
