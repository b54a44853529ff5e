using System.Threading.Channels;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Node.Pool;

/// <summary>What ingress says of a transaction.</summary>
public enum AdmissionResult
{
    /// <summary>It is in the pool and will be tried by a block.</summary>
    Admitted,

    /// <summary>It already was in the pool.</summary>
    AlreadyPending,

    /// <summary>A rule refuses it; the reason says which.</summary>
    Refused,

    /// <summary>The node is full for the moment.</summary>
    Busy,
}

/// <summary>Ingress's answer.</summary>
public readonly record struct AdmissionAnswer(AdmissionResult Result, Reason Reason);

/// <summary>
/// Where transactions enter the node: takes what has arrived, verifies all signatures in one batch, checks each against the
/// last executed state and hands the good ones to the pool. One reader, one bounded queue.
/// </summary>
public sealed class Ingress(Func<ILedgerState> currentState, TimeProvider clock, FinalityTracker tracker, BatchCutter cutter)
{
    private readonly record struct Arrival(Transaction Transaction, Action<Outcome> OnOutcome, TaskCompletionSource<AdmissionAnswer> Answer);

    private readonly Channel<Arrival> queue = Channel.CreateBounded<Arrival>(
        new BoundedChannelOptions(NodeLimits.IngressQueueMax) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    /// <summary>Offers a decoded transaction. Answers at once with Busy when the queue is full.</summary>
    /// <param name="onOutcome">Told the outcome, once, if the answer is Admitted.</param>
    public Task<AdmissionAnswer> OfferAsync(Transaction transaction, Action<Outcome> onOutcome)
    {
        TaskCompletionSource<AdmissionAnswer> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return queue.Writer.TryWrite(new Arrival(transaction, onOutcome, answer))
            ? answer.Task
            : Task.FromResult(new AdmissionAnswer(AdmissionResult.Busy, Reason.None));
    }

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        List<Arrival> arrivals = [];
        try
        {
            while (await queue.Reader.WaitToReadAsync(cancellation))
            {
                arrivals.Clear();
                while (arrivals.Count < NodeLimits.IngressBatchMax && queue.Reader.TryRead(out Arrival arrival))
                    arrivals.Add(arrival);
                Admit(arrivals);
            }
        }
        finally
        {
            // Nobody who asked is left waiting when the node stops.
            queue.Writer.TryComplete();
            while (queue.Reader.TryRead(out Arrival arrival))
                arrival.Answer.TrySetResult(new AdmissionAnswer(AdmissionResult.Busy, Reason.None));
        }
    }

    private void Admit(List<Arrival> arrivals)
    {
        List<Transaction> transactions = arrivals.ConvertAll(arrival => arrival.Transaction);
        bool[] signed = SignatureBatch.Verify(transactions);
        for (int i = 0; i < arrivals.Count; i++)
        {
            AdmissionAnswer answer = signed[i] ? Admit(arrivals[i]) : new AdmissionAnswer(AdmissionResult.Refused, Reason.BadSignature);
            arrivals[i].Answer.TrySetResult(answer);
        }
    }

    private AdmissionAnswer Admit(Arrival arrival)
    {
        Transaction transaction = arrival.Transaction;
        if (tracker.IsRegistered(transaction.Id))
            return new AdmissionAnswer(AdmissionResult.AlreadyPending, Reason.None);
        // The state is asked for anew each time: a view of it lasts for a few blocks only.
        (ILedgerState state, ulong nowMs) = (currentState(), clock.UnixMs());
        Reason reason = Admission.Check(state, transaction, nowMs, out FeeQuote fee);
        if (reason != Reason.None)
            return new AdmissionAnswer(AdmissionResult.Refused, reason);
        if (transaction.Body.ValidUntilMs - nowMs < NodeLimits.LifeLeftMin)
            return new AdmissionAnswer(AdmissionResult.Refused, Reason.Expired);
        if (tracker.IsNumberTaken(transaction))
            return new AdmissionAnswer(AdmissionResult.Refused, Reason.SequenceUsed);
        if (tracker.IsPassedBy(transaction))
            return new AdmissionAnswer(AdmissionResult.Refused, Reason.SequenceTooOld);
        List<Claim> claims = Claims.Of(state, transaction, fee);
        if (tracker.FindUncovered(claims) is { } uncovered)
            return new AdmissionAnswer(uncovered.Refusal == Reason.None ? AdmissionResult.Busy : AdmissionResult.Refused, uncovered.Refusal);
        if (!tracker.TryRegister(transaction, claims, arrival.OnOutcome))
            return new AdmissionAnswer(AdmissionResult.Busy, Reason.None);
        cutter.Add(transaction);
        return new AdmissionAnswer(AdmissionResult.Admitted, Reason.None);
    }
}
