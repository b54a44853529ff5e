using System.Threading.Channels;
using AppChain.Ledger;
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
    Submissions submissions, IAsyncStreamReader<SubmitRequest> requests, IServerStreamWriter<SubmitResponse> responses)
{
    private readonly SemaphoreSlim inFlight = new(NodeLimits.StreamInFlightMax);
    private readonly Channel<(ulong Tag, Task<SubmitResponse> Admission)> admissions = Channel.CreateUnbounded<(ulong, Task<SubmitResponse>)>();
    private readonly Channel<SubmitResponse> answers = Channel.CreateUnbounded<SubmitResponse>();

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
                : submissions.AdmitAsync(transaction, outcome => Answer(request.Tag, submissions.From(outcome)));
            admissions.Writer.TryWrite((request.Tag, admission));
        }
        admissions.Writer.Complete();
    }

    private async Task AdmitAsync(CancellationToken cancellation)
    {
        await foreach ((ulong tag, Task<SubmitResponse> admission) in admissions.Reader.ReadAllAsync(cancellation))
            Answer(tag, await admission.WaitAsync(cancellation));
        // The client half-closed: it still gets the last answer of everything that it sent.
        for (int permit = 0; permit < NodeLimits.StreamInFlightMax; permit++)
            await inFlight.WaitAsync(cancellation);
        answers.Writer.Complete();
    }

    private async Task WriteAsync(CancellationToken cancellation)
    {
        await foreach (SubmitResponse answer in answers.Reader.ReadAllAsync(cancellation))
        {
            await responses.WriteAsync(answer, cancellation);
            if (answer.Stage != Stage.Admitted)
                inFlight.Release();
        }
    }

    private void Answer(ulong tag, SubmitResponse answer)
    {
        answer.Tag = tag;
        answers.Writer.TryWrite(answer);
    }
}
