using System.Net;
using System.Threading.Channels;
using AppChain.Ledger;
using AppChain.Node.Pool;
using AppChain.Protos.V1;
using Grpc.Core;
using Stage = AppChain.Protos.V1.SubmitResponse.Types.Stage;
using Transaction = AppChain.Ledger.Transaction;

namespace AppChain.Node.Rpc;

/// <summary>
/// One fleet's stream of transactions. Three loops: read and offer; await each admission, in order; write answers.
/// The number of transactions that still await their last answer is bounded, and with it every queue here.
/// </summary>
internal sealed class SubmissionStream(
    Submissions submissions, IPAddress from, IAsyncStreamReader<SubmitRequest> requests, IServerStreamWriter<SubmitResponse> responses)
{
    private readonly SemaphoreSlim inFlight = new(NodeLimits.StreamInFlightMax);
    private readonly Channel<(ulong Tag, Task<SubmitResponse> Admission)> admissions = Channel.CreateUnbounded<(ulong, Task<SubmitResponse>)>();
    private readonly Channel<Said> answers = Channel.CreateUnbounded<Said>();

    // An answer, or an outcome that is still to be put into words: it comes on the chain's thread, which has better things to do.
    private readonly record struct Said(ulong Tag, SubmitResponse? Answer, Outcome? Outcome);

    public async Task RunAsync(CancellationToken cancellation)
    {
        using CancellationTokenSource stream = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task[] loops = [ReadAsync(stream.Token), AdmitAsync(stream.Token), WriteAsync(stream.Token)];
        // A loop that ends well just lets the next one drain; one that fails ends the stream.
        List<Task> running = [.. loops];
        while (running.Count > 0)
        {
            Task ended = await Task.WhenAny(running);
            running.Remove(ended);
            if (!ended.IsCompletedSuccessfully)
                await stream.CancelAsync();
        }
        await Task.WhenAll(loops);
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        while (await requests.MoveNext(cancellation))
        {
            await inFlight.WaitAsync(cancellation);
            SubmitRequest request = requests.Current;
            Reason reason = submissions.TryDecode(request, out Transaction? transaction);
            Task<SubmitResponse> admission = transaction is null
                ? Task.FromResult(Submissions.Refused(null, reason))
                : submissions.AdmitAsync(transaction, from, new OutcomeFollower(outcome => answers.Writer.TryWrite(new Said(request.Tag, null, outcome)), cancellation));
            admissions.Writer.TryWrite((request.Tag, admission));
        }
        admissions.Writer.Complete();
    }

    private async Task AdmitAsync(CancellationToken cancellation)
    {
        await foreach ((ulong tag, Task<SubmitResponse> admission) in admissions.Reader.ReadAllAsync(cancellation))
            answers.Writer.TryWrite(new Said(tag, await admission.WaitAsync(cancellation), null));
        // The client half-closed: it still gets the last answer of everything that it sent.
        for (int permit = 0; permit < NodeLimits.StreamInFlightMax; permit++)
            await inFlight.WaitAsync(cancellation);
        answers.Writer.Complete();
    }

    private async Task WriteAsync(CancellationToken cancellation)
    {
        await foreach (Said said in answers.Reader.ReadAllAsync(cancellation))
        {
            SubmitResponse answer = said.Answer ?? submissions.From(said.Outcome!);
            answer.Tag = said.Tag;
            await responses.WriteAsync(answer, cancellation);
            if (answer.Stage != Stage.Admitted)
                inFlight.Release();
        }
    }
}
