using System.Globalization;
using AppChain.Crypto;
using AppChain.Protos.V1;
using Grpc.Core;
using Stage = AppChain.Protos.V1.SubmitResponse.Types.Stage;

namespace AppChain.Client;

/// <summary>What a node answered to one submitted transaction.</summary>
public sealed record SubmitResult
{
    private const string RetryAfterKey = "grpc-retry-pushback-ms";
    private const string ReasonKey = "appchain-reason";
    private const string ReasonCodeKey = "appchain-reason-code";
    private const string TransactionIdKey = "appchain-transaction-id";

    /// <summary>How far it came. <see cref="Stage.Refused"/> and <see cref="Stage.Busy"/> are answers, not exceptions.</summary>
    public required Stage Stage { get; init; }

    /// <summary>The gRPC status of the call that brought the answer.</summary>
    public StatusCode Status { get; init; }

    /// <summary>The transaction; null when its bytes were too damaged to have an id.</summary>
    public Hash256? Id { get; init; }

    /// <summary>The block that holds it, when final; the one that skipped it, when skipped.</summary>
    public ulong Height { get; init; }

    /// <summary>When skipped: Unix time in ms until which it may still be executed. Until then a new transaction would come on top of it.</summary>
    public ulong ValidUntilMs { get; init; }

    /// <summary>When busy: after how long the node may take it; zero: it did not say.</summary>
    public TimeSpan RetryAfter { get; init; }

    /// <summary>0: applied, and a proof accepted. Else a code of docs/reasons.md.</summary>
    public uint ReasonCode { get; init; }

    /// <summary>The reason's name, e.g. <c>sequence-used</c>; empty for code 0, except that a busy node may say why (<c>device-rate</c>).</summary>
    public string Reason { get; init; } = "";

    /// <summary>One sentence for people.</summary>
    public string Explanation { get; init; } = "";

    /// <summary>The judgement on a proof, when final.</summary>
    public Verdict? Verdict { get; init; }

    /// <summary>In a finalised block and without any reason against it.</summary>
    public bool Succeeded => Stage == Stage.Final && ReasonCode == 0;

    /// <summary>How long to wait before the same transaction is worth sending again.</summary>
    internal TimeSpan PauseBeforeRetry =>
        RetryAfter < ClientLimits.BusyDelay ? ClientLimits.BusyDelay : RetryAfter > ClientLimits.RetryAfterMax ? ClientLimits.RetryAfterMax : RetryAfter;

    /// <summary>Reads an answer of the service.</summary>
    public static SubmitResult From(SubmitResponse answer)
    {
        uint ofTransaction = answer.Receipt?.Reason ?? 0;
        return new SubmitResult
        {
            Stage = answer.Stage,
            Id = answer.TransactionId.Length == Hash256.Size ? new Hash256(answer.TransactionId.Span) : null,
            Height = answer.Height,
            ValidUntilMs = answer.ValidUntilMs,
            RetryAfter = TimeSpan.FromMilliseconds(answer.RetryAfterMs),
            ReasonCode = ofTransaction != 0 ? ofTransaction : answer.Receipt?.Verdict?.Reason ?? 0,
            Reason = answer.Reason,
            Explanation = answer.Explanation,
            Verdict = answer.Receipt?.Verdict,
        };
    }

    /// <summary>Reads a failed call. Null when it failed for another cause than the chain's rules or the node's load.</summary>
    public static SubmitResult? From(RpcException failure)
    {
        string? reason = failure.Trailers.GetValue(ReasonKey);
        if (reason is null && failure.StatusCode != StatusCode.ResourceExhausted)
            return null;
        return new SubmitResult
        {
            Stage = failure.StatusCode == StatusCode.ResourceExhausted ? Stage.Busy : Stage.Refused,
            Status = failure.StatusCode,
            Id = Hash256.TryParse(failure.Trailers.GetValue(TransactionIdKey), out Hash256 id) ? id : null,
            RetryAfter = TimeSpan.FromMilliseconds(ParseCode(failure.Trailers.GetValue(RetryAfterKey))),
            ReasonCode = ParseCode(failure.Trailers.GetValue(ReasonCodeKey)),
            Reason = reason ?? "",
            Explanation = failure.Status.Detail,
        };
    }

    private static uint ParseCode(string? text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint code) ? code : 0;
}
