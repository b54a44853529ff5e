using AppChain.Grpc;
using AppChain.Ledger;
using AppChain.Node.Pool;
using AppChain.Protos.V1;
using Grpc.Core;
using Stage = AppChain.Protos.V1.SubmitResponse.Types.Stage;
using Transaction = AppChain.Ledger.Transaction;

namespace AppChain.Node.Rpc;

/// <summary>Takes transactions from clients and tells them what became of each.</summary>
public sealed class TransactionRpc(Submissions submissions, Subscribers submitters) : TransactionService.TransactionServiceBase
{
    public override async Task<SubmitResponse> Submit(SubmitRequest request, ServerCallContext context)
    {
        Reason reason = submissions.TryDecode(request, out Transaction? transaction);
        if (transaction is null)
            throw Refusals.Refused(reason, null);
        TaskCompletionSource<Outcome> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
        OutcomeFollower? follower = request.Wait ? new OutcomeFollower(final => outcome.TrySetResult(final), context.CancellationToken) : null;
        SubmitResponse answer = await submissions.AdmitAsync(transaction, context.GetCallerNetwork(), follower);
        if (answer.Stage == Stage.Admitted && request.Wait)
            answer = submissions.From(await outcome.Task.WaitAsync(context.CancellationToken));
        return answer.Stage switch
        {
            Stage.Refused => throw Refusals.Refused((Reason)answer.Receipt.Reason, transaction.Id),
            Stage.Busy => throw Refusals.Busy(answer),
            _ => answer,
        };
    }

    public override async Task SubmitStream(
        IAsyncStreamReader<SubmitRequest> requests, IServerStreamWriter<SubmitResponse> responses, ServerCallContext context)
    {
        using IDisposable place = submitters.Enter(context.GetCallerNetwork());
        await new SubmissionStream(submissions, context.GetCallerNetwork(), requests, responses).RunAsync(context.CancellationToken);
    }
}
