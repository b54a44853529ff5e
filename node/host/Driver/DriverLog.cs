using Microsoft.Extensions.Logging;

namespace AppChain.Node.Driver;

internal static partial class DriverLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The validator of consensus key {Key} contradicted itself in view {View}, provably: "
        + "appchain tx submit-evidence --consensus-key {Key} --evidence {Evidence} --key FILE")]
    public static partial void Evidence(ILogger logger, string key, ulong view, string evidence);

    [LoggerMessage(Level = LogLevel.Information, Message = "The report of a contradiction was sent with the operator's key: {Result}. {Explanation}")]
    public static partial void EvidenceSent(ILogger logger, string result, string explanation);

    [LoggerMessage(Level = LogLevel.Information, Message = "Epoch {Epoch} of consensus starts above height {Height}: {Validators} validators, this node's seat is {Seat}")]
    public static partial void Epoch(ILogger logger, ulong epoch, ulong height, int validators, string seat);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Height {Height} is final: {Transactions} transactions, state {StateRoot}")]
    public static partial void Final(ILogger logger, ulong height, int transactions, AppChain.Crypto.Hash256 stateRoot);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The proposal of view {View} by validator {Leader} is invalid: {Problem}")]
    public static partial void Invalid(ILogger logger, ulong view, int leader, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "Minted reward epoch {Epoch}: {Grains} grains in block {Height}")]
    public static partial void Minted(ILogger logger, ulong epoch, ulong grains, ulong height);
}
