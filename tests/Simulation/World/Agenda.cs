namespace AppChain.Simulation;

/// <summary>Virtual time and what will happen in it. Events of the same microsecond happen in the order in which they were planned.</summary>
sealed class Agenda
{
    /// <summary>Events of one run. A run that needs more is a storm of messages: a failure of its own.</summary>
    public const int EventsMax = 3_000_000;

    const int SequenceBits = 24;

    readonly PriorityQueue<Action, ulong> events = new();
    ulong sequence;

    /// <summary>Microseconds since the run began.</summary>
    public long NowUs { get; private set; }

    public int Happened { get; private set; }

    public void At(long timeUs, Action action)
    {
        var priority = ((ulong)long.Max(timeUs, NowUs) << SequenceBits) | (sequence++ & ((1UL << SequenceBits) - 1));
        events.Enqueue(action, priority);
    }

    public void After(long delayUs, Action action) => At(NowUs + delayUs, action);

    /// <summary>Lets the next event happen; false if there is none up to the given time.</summary>
    public bool Step(long untilUs)
    {
        if (!events.TryPeek(out var action, out var priority) || (long)(priority >> SequenceBits) > untilUs)
        {
            return false;
        }

        events.Dequeue();
        NowUs = (long)(priority >> SequenceBits);
        Happened++;
        action();
        return true;
    }
}
