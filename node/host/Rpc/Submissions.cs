using System.Net;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node.Pool;
using AppChain.Protos.V1;
using Google.Protobuf;
using Grpc.Core;
using Stage = AppChain.Protos.V1.SubmitResponse.Types.Stage;
using Status = Grpc.Core.Status;
using Transaction = AppChain.Ledger.Transaction;

namespace AppChain.Node.Rpc;

/// <summary>What unary and streamed submission share: decode, admit, and put outcomes into words.</summary>
public sealed class Submissions(ChainId chainId, Ingress ingress, FinalityTracker tracker, ChainReader reader, Func<bool> isValidator)
{
    /// <summary>Decodes a request's transaction strictly; the reason says what is wrong with it.</summary>
    public Reason TryDecode(SubmitRequest request, out Transaction? transaction)
    {
        transaction = null;
        if (request.ChainId.Length > 0 && request.ChainId != chainId.Text)
            return Reason.WrongChain;
        return request.Transaction is null
            ? Reason.Malformed
            : Transaction.TryDecode(request.Transaction.ToByteArray(), chainId, out transaction);
    }

    /// <summary>
    /// Offers the transaction. Answers Admitted, Refused, Busy, or at once Final when it is in the chain already: sending
    /// again after a lost connection is always safe.
    /// </summary>
    /// <param name="from">Who sent it: the address that it counts for.</param>
    /// <param name="follower">Told the outcome once if the answer is Admitted, maybe before this returns; null: nobody waits for it.</param>
    public async Task<SubmitResponse> AdmitAsync(Transaction transaction, IPAddress from, OutcomeFollower? follower)
    {
        if (!isValidator())
            throw new RpcException(new Status(StatusCode.FailedPrecondition, "this node is no validator, and nobody takes its batches: send to a validator"));
        AdmissionAnswer answer = await ingress.OfferAsync(transaction, from, follower);
        switch (answer.Result)
        {
            case AdmissionResult.Admitted:
                return Answer(Stage.Admitted, transaction.Id);
            case AdmissionResult.Busy:
                return Busy(transaction.Id);
            case AdmissionResult.OverRate:
                return OverRate(transaction, answer.RetryAfter);
            case AdmissionResult.Refused when answer.Reason == Reason.BadSignature:
                // Whoever made it up has not used anything: it is not worth a look into the store.
                return Refused(transaction.Id, answer.Reason);
            case AdmissionResult.Refused:
                // A transaction that is final already has used its sequence number: say what became of it instead.
                return Find(transaction.Id) is { } known ? Final(known.Location.Height, known.Receipt) : Refused(transaction.Id, answer.Reason);
            case AdmissionResult.AlreadyPending:
                if (follower is null ? tracker.IsRegistered(transaction.Id) : tracker.TryFollow(transaction.Id, follower))
                    return Answer(Stage.Admitted, transaction.Id);
                // It became final between the two steps.
                return Find(transaction.Id) is { } final ? Final(final.Location.Height, final.Receipt) : Busy(transaction.Id);
            default:
                throw new InvalidOperationException($"unknown admission result {answer.Result}");
        }
    }

    /// <summary>The answer for what finally became of a transaction.</summary>
    public SubmitResponse From(Outcome outcome) => outcome.Receipt switch
    {
        null => Answer(Stage.Expired, outcome.Id),
        // Skipped: usually because another batch, of a node that it was sent to before, brought it first.
        { Skipped: true } when Find(outcome.Id) is { } executed => Final(executed.Location.Height, executed.Receipt),
        { SkippedForGood: true } dead => Refused(outcome.Id, dead.Reason),
        { Skipped: true } skipped => Skipped(outcome, skipped.Reason),
        { } receipt => Final(outcome.Height, receipt),
    };

    /// <summary>The answer for a transaction that a rule refuses.</summary>
    public static SubmitResponse Refused(Hash256? id, Reason reason) => Answer(Stage.Refused, id, reason);

    private static SubmitResponse Busy(Hash256 id)
    {
        SubmitResponse answer = Answer(Stage.Busy, id);
        answer.RetryAfterMs = Refusals.BusyRetryAfterMs;
        return answer;
    }

    // Not one of the chain's reasons: another node may take it.
    private static SubmitResponse OverRate(Transaction transaction, TimeSpan retryAfter)
    {
        SubmitResponse answer = Answer(Stage.Busy, transaction.Id);
        answer.Reason = transaction.IsOfDevice ? Refusals.DeviceRate : Refusals.AccountRate;
        answer.Explanation = $"This node takes no more of this {(transaction.IsOfDevice ? "device" : "account")} for now: it sends more often than it may.";
        answer.RetryAfterMs = (uint)Math.Ceiling(retryAfter.TotalMilliseconds);
        return answer;
    }

    // "Refused" would be a lie: whoever signed anew might be served twice.
    private static SubmitResponse Skipped(Outcome outcome, Reason reason)
    {
        SubmitResponse answer = Answer(Stage.Skipped, outcome.Id, reason);
        (answer.Height, answer.ValidUntilMs) = (outcome.Height, outcome.ValidUntilMs);
        return answer;
    }

    private static SubmitResponse Answer(Stage stage, Hash256? id, Reason reason)
    {
        SubmitResponse answer = Answer(stage, id);
        answer.Receipt = new Protos.V1.Receipt { Reason = (uint)reason };
        (answer.Reason, answer.Explanation) = (reason.Name(), reason.Explanation());
        return answer;
    }

    private FinalTransaction? Find(Hash256 id) => Rpc.Answer.Read(() => reader.FindTransaction(id, withBytes: false));

    private static SubmitResponse Final(ulong height, Ledger.Receipt receipt)
    {
        SubmitResponse answer = Answer(Stage.Final, receipt.TransactionId);
        answer.Height = height;
        answer.Receipt = WireForm.Of(receipt);
        (answer.Reason, answer.Explanation) = WireForm.Words(receipt);
        return answer;
    }

    private static SubmitResponse Answer(Stage stage, Hash256? id)
    {
        SubmitResponse answer = new() { Stage = stage };
        if (id is { } known)
            answer.TransactionId = ByteString.CopyFrom(known.Bytes);
        return answer;
    }
}
