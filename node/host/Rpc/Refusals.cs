using System.Globalization;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Protos.V1;
using Grpc.Core;
using Status = Grpc.Core.Status;

namespace AppChain.Node.Rpc;

/// <summary>How a rule's refusal looks to a gRPC client: a status of its own, and the reason in trailing metadata.</summary>
public static class Refusals
{
    /// <summary>Name of the reason, e.g. <c>sequence-used</c>.</summary>
    public const string ReasonKey = "appchain-reason";

    /// <summary>Number of the reason.</summary>
    public const string ReasonCodeKey = "appchain-reason-code";

    /// <summary>The transaction, hex.</summary>
    public const string TransactionIdKey = "appchain-transaction-id";

    /// <summary>gRPC's own name for "try again after so many milliseconds".</summary>
    public const string RetryAfterKey = Grpc.GrpcCallRates.RetryAfterKey;

    /// <summary>The reason when one device sends too often.</summary>
    public const string DeviceRate = "device-rate";

    /// <summary>The reason when one account sends too often.</summary>
    public const string AccountRate = "account-rate";

    /// <summary>After how long it is worth asking a full node again, milliseconds.</summary>
    public const int BusyRetryAfterMs = 200;

    /// <summary>The call fails because a rule refused the transaction.</summary>
    public static RpcException Refused(Reason reason, Hash256? transaction)
    {
        Metadata trailers = new()
        {
            { ReasonKey, reason.Name() },
            { ReasonCodeKey, ((uint)reason).ToString(CultureInfo.InvariantCulture) },
        };
        if (transaction is { } id)
            trailers.Add(TransactionIdKey, id.ToString());
        return new RpcException(new Status(StatusOf(reason), reason.Explanation()), trailers);
    }

    /// <summary>The call fails because the node has no room for the moment, or takes no more of this signer.</summary>
    public static RpcException Busy(SubmitResponse answer)
    {
        Metadata trailers = new() { { RetryAfterKey, answer.RetryAfterMs.ToString(CultureInfo.InvariantCulture) } };
        if (answer.Reason.Length > 0)
            trailers.Add(ReasonKey, answer.Reason);
        return new RpcException(new Status(StatusCode.ResourceExhausted, answer.Reason.Length > 0 ? answer.Explanation : Full), trailers);
    }

    /// <summary>The call fails because what it asks for does not exist.</summary>
    public static RpcException NotFound(string what) => new(new Status(StatusCode.NotFound, what));

    /// <summary>The call fails because what it asks for is not there yet.</summary>
    public static RpcException Unavailable(string what) => new(new Status(StatusCode.Unavailable, what));

    /// <summary>The call fails because the answer would be larger than an answer may be.</summary>
    public static RpcException OutOfRange(string what) => new(new Status(StatusCode.OutOfRange, what));

    /// <summary>The call fails because an argument is wrong.</summary>
    public static RpcException BadArgument(string what) => new(new Status(StatusCode.InvalidArgument, what));

    private const string Full = "The node has no room for more transactions at the moment: try again shortly, or another node.";

    private static StatusCode StatusOf(Reason reason) => reason switch
    {
        Reason.BadSignature => StatusCode.Unauthenticated,
        Reason.SequenceUsed or Reason.DeviceAlreadyRegistered => StatusCode.AlreadyExists,
        Reason.UnknownAccount or Reason.UnknownDevice or Reason.UnknownManufacturer or Reason.UnknownService => StatusCode.NotFound,
        Reason.SequenceTooOld or Reason.SequenceTooFarAhead or Reason.ValidUntilTooFar => StatusCode.OutOfRange,
        Reason.WrongChain => StatusCode.FailedPrecondition,
        _ when reason.Stage() == ReasonStage.Decode => StatusCode.InvalidArgument,
        _ => StatusCode.FailedPrecondition,
    };
}
