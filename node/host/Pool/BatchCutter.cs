using System.Threading.Channels;
using AppChain.Ledger;

namespace AppChain.Node.Pool;

/// <summary>
/// Collects this node's admitted transactions and cuts them into batches: when they reach the target size, when the oldest has waited for the
/// delay and the batch before is an interval old, or at once when this node is about to propose. Safe to call from any thread.
/// </summary>
/// <param name="author">This validator's number as a peer.</param>
/// <param name="firstSequence">Where the author's running number starts; a restart starts above all earlier ones.</param>
/// <param name="delay">How long the first transaction after a pause waits for others.</param>
/// <param name="interval">Between two batches: each is signed, sent, verified and stored for itself, whatever is in it.</param>
/// <param name="onCut">Stores, shelves and sends the batch. Called in the order of cutting, one at a time.</param>
public sealed class BatchCutter(Func<int> author, ulong firstSequence, TimeSpan delay, TimeSpan interval, TimeProvider clock, Action<HeldBatch> onCut)
{
    private readonly Lock gate = new();
    private readonly Lock cutting = new();
    private readonly Channel<bool> arrived = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private List<Transaction> open = [];
    private int openBytes;
    private ulong sequence = firstSequence;
    private long lastCut = clock.GetTimestamp() - (long)(interval.TotalSeconds * clock.TimestampFrequency);

    /// <summary>Adds a verified, admitted transaction to the open batch.</summary>
    public void Add(Transaction transaction)
    {
        bool first, full;
        lock (gate)
        {
            first = open.Count == 0;
            open.Add(transaction);
            openBytes += Batch.BytesOf(transaction.Encoded.Length);
            full = openBytes >= NodeLimits.BatchBytesTarget || open.Count >= LedgerLimits.BatchTransactionsMax;
        }
        if (full)
            CutNow();
        else if (first)
            arrived.Writer.TryWrite(true);
    }

    /// <summary>Cuts what is open, if anything.</summary>
    public void CutNow()
    {
        // Two locks: `gate` for adding, which must stay quick; `cutting` keeps batches in order while they are encoded and stored.
        lock (cutting)
        {
            List<Transaction> transactions;
            lock (gate)
            {
                if (open.Count == 0)
                    return;
                transactions = open;
                open = [];
                openBytes = 0;
                lastCut = clock.GetTimestamp();
            }
            int by = author();
            byte[] encoded = new Batch((uint)by, sequence++, [.. transactions.Select(transaction => transaction.Encoded)]).Encode();
            onCut(new HeldBatch(Batch.IdOf(encoded), by, transactions, encoded));
        }
    }

    /// <summary>Cuts by age until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await arrived.Reader.ReadAsync(cancellation);
            await Task.Delay(Wait(), clock, cancellation);
            CutNow();
        }
    }

    private TimeSpan Wait()
    {
        lock (gate)
        {
            TimeSpan left = interval - clock.GetElapsedTime(lastCut);
            return left > delay ? left : delay;
        }
    }
}
