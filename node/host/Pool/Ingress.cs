using System.Net;
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

    /// <summary>Its signer, a device or an account, sends more than it may.</summary>
    OverRate,
}

/// <summary>Ingress's answer.</summary>
public readonly record struct AdmissionAnswer(AdmissionResult Result, Reason Reason)
{
    /// <summary>When it is <see cref="AdmissionResult.OverRate"/>: after how long the signer may send one more.</summary>
    public TimeSpan RetryAfter { get; init; }
}

/// <summary>
/// Where transactions enter the node: takes what has arrived, from each address in turn, verifies all signatures in one batch, checks each
/// against the last executed state and hands the good ones to the pool. One reader, one bounded queue: what one address floods it with delays
/// the others by their turn.
/// </summary>
public sealed class Ingress(Func<ILedgerState> currentState, TimeProvider clock, FinalityTracker tracker, BatchCutter cutter)
{
    private static readonly AdmissionAnswer Busy = new(AdmissionResult.Busy, Reason.None);

    private readonly record struct Arrival(Transaction Transaction, IPAddress From, OutcomeFollower? Follower, TaskCompletionSource<AdmissionAnswer> Answer);

    private readonly FairQueue<IPAddress, Arrival> queue = new(NodeLimits.IngressQueueMax);
    private readonly BadSignatures bad = new(clock);

    /// <summary>How often each device and each account may have something admitted.</summary>
    public SignerRates Rates { get; init; } = SignerRates.None;

    /// <summary>Offers a decoded transaction. Answers at once with Busy when there is no room for what comes from there.</summary>
    /// <param name="from">Who sent it: the address that it counts for.</param>
    /// <param name="follower">Told the outcome, once, if the answer is Admitted; null: nobody waits for it.</param>
    public Task<AdmissionAnswer> OfferAsync(Transaction transaction, IPAddress from, OutcomeFollower? follower)
    {
        TaskCompletionSource<AdmissionAnswer> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return !bad.IsShunned(from) && queue.TryAdd(from, new Arrival(transaction, from, follower, answer)) ? answer.Task : Task.FromResult(Busy);
    }

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        List<Arrival> arrivals = [];
        try
        {
            while (true)
            {
                await queue.WaitAsync(cancellation);
                bool more;
                do
                {
                    arrivals.Clear();
                    more = queue.TakeInTurns(arrivals, NodeLimits.IngressBatchMax);
                    Admit(arrivals);
                }
                while (more && !cancellation.IsCancellationRequested);
            }
        }
        finally
        {
            // Nobody who asked is left waiting when the node stops.
            queue.Close();
            arrivals.Clear();
            queue.TakeInTurns(arrivals, NodeLimits.IngressQueueMax);
            foreach (Arrival arrival in arrivals)
                arrival.Answer.TrySetResult(Busy);
        }
    }

    private void Admit(List<Arrival> arrivals)
    {
        arrivals.RemoveAll(arrival => IsTurnedAway(arrival) || IsOverRate(arrival));
        List<Transaction> transactions = arrivals.ConvertAll(arrival => arrival.Transaction);
        bool[] signed = SignatureBatch.Verify(transactions);
        for (int i = 0; i < arrivals.Count; i++)
        {
            if (!signed[i])
                bad.Note(arrivals[i].From);
            AdmissionAnswer answer = signed[i] ? Admit(arrivals[i]) : new AdmissionAnswer(AdmissionResult.Refused, Reason.BadSignature);
            arrivals[i].Answer.TrySetResult(answer);
        }
    }

    // What waited while its address came to be shunned.
    private bool IsTurnedAway(Arrival arrival) => bad.IsShunned(arrival.From) && arrival.Answer.TrySetResult(Busy);

    // Before its signature is verified, which costs; and only this signer's own admitted ones can have brought it there. One that is pending is
    // answered all the same: who lost a connection may ask again.
    private bool IsOverRate(Arrival arrival) =>
        Rates.WaitOf(arrival.Transaction) > TimeSpan.Zero && !tracker.IsRegistered(arrival.Transaction.Id) && arrival.Answer.TrySetResult(OverRate(arrival));

    private AdmissionAnswer OverRate(Arrival arrival) => new(AdmissionResult.OverRate, Reason.None) { RetryAfter = Rates.WaitOf(arrival.Transaction) };

    private AdmissionAnswer Admit(Arrival arrival)
    {
        Transaction transaction = arrival.Transaction;
        if (tracker.IsRegistered(transaction.Id))
            return new AdmissionAnswer(AdmissionResult.AlreadyPending, Reason.None);
        // Once more: others of this signer may have come in the same batch.
        if (Rates.WaitOf(transaction) > TimeSpan.Zero)
            return OverRate(arrival);
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
        if (!tracker.TryRegister(transaction, claims, arrival.Follower))
            return Busy;
        Rates.Take(transaction);
        cutter.Add(transaction);
        return new AdmissionAnswer(AdmissionResult.Admitted, Reason.None);
    }
}
