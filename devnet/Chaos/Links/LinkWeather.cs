namespace AppChain.Devnet.Chaos.Links;

/// <summary>The conditions of one link now, and waiting for them to become better. Any thread.</summary>
internal sealed class LinkWeather
{
    private readonly Lock gate = new();
    private LinkConditions conditions = LinkConditions.Clean;
    private TaskCompletionSource changed = New();

    public LinkConditions Now
    {
        get
        {
            lock (gate)
                return conditions;
        }
        set
        {
            TaskCompletionSource before;
            lock (gate)
            {
                conditions = value;
                before = changed;
                changed = New();
            }
            before.SetResult();
        }
    }

    /// <summary>Waits while the link is cut.</summary>
    public async Task WaitUntilWholeAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Task change;
            lock (gate)
            {
                if (!conditions.Cut)
                    return;
                change = changed.Task;
            }
            await change.WaitAsync(cancellation);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
