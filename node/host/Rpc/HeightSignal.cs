namespace AppChain.Node.Rpc;

/// <summary>Wakes those who wait for the next finalised block.</summary>
public sealed class HeightSignal(ulong height)
{
    private readonly Lock gate = new();
    private ulong current = height;
    private TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A block of this height is final.</summary>
    public void Raise(ulong height)
    {
        TaskCompletionSource reached;
        lock (gate)
        {
            current = height;
            reached = next;
            next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        reached.TrySetResult();
    }

    /// <summary>Completes when a block of at least this height is final.</summary>
    public async Task WaitForAsync(ulong height, CancellationToken cancellation)
    {
        while (true)
        {
            Task wait;
            lock (gate)
            {
                if (current >= height)
                    return;
                wait = next.Task;
            }
            await wait.WaitAsync(cancellation);
        }
    }
}
