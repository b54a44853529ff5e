using System.Threading.Channels;

namespace AppChain.Node.Pool;

/// <summary>
/// What waits, in one line for each source; the lines are served in turns. A line may be as long as there are free places in all (dynamic
/// thresholds: Choudhury and Hahne, 1998): one source alone gets half of the places, n greedy ones share all but one part in n + 1, and who comes
/// with little always finds room. Any thread adds, one takes.
/// </summary>
public sealed class FairQueue<TSource, TItem>(int itemsMax) where TSource : notnull
{
    private readonly Lock gate = new();
    private readonly Dictionary<TSource, Queue<TItem>> lines = [];
    private readonly Queue<TSource> turns = [];
    private readonly Channel<bool> bell = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private int count;
    private bool closed;

    /// <summary>Adds to the source's line. False, and nothing happened, when its line is as long as it may be, or after <see cref="Close"/>.</summary>
    public bool TryAdd(TSource source, TItem item)
    {
        lock (gate)
        {
            bool known = lines.TryGetValue(source, out Queue<TItem>? line);
            if (closed || (line?.Count ?? 0) >= itemsMax - count)
                return false;
            if (!known)
            {
                lines.Add(source, line = []);
                turns.Enqueue(source);
            }
            line!.Enqueue(item);
            count++;
        }
        bell.Writer.TryWrite(true);
        return true;
    }

    /// <summary>Waits until there may be something to take.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellation) => await bell.Reader.ReadAsync(cancellation);

    /// <summary>Takes up to so many, one of each line in turn. True if some are left.</summary>
    public bool TakeInTurns(List<TItem> taken, int most)
    {
        lock (gate)
        {
            for (; most > 0 && turns.TryDequeue(out TSource? source); most--)
            {
                Queue<TItem> line = lines[source];
                taken.Add(line.Dequeue());
                count--;
                if (line.Count > 0)
                    turns.Enqueue(source);
                else
                    lines.Remove(source); // no more lines than items
            }
            return count > 0;
        }
    }

    /// <summary>Takes nothing more in.</summary>
    public void Close()
    {
        lock (gate)
            closed = true;
    }
}
