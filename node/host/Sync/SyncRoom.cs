namespace AppChain.Node.Sync;

/// <summary>
/// Bytes of proven blocks that wait, in memory, for the chain to take them: all runs together, however many they are. One reader takes, one
/// writer gives back.
/// </summary>
internal sealed class SyncRoom(long bytesMax)
{
    private readonly Lock gate = new();
    private TaskCompletionSource freed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long taken;

    /// <summary>Takes room for a run, once there is some. A run that is larger than all of it goes alone.</summary>
    public async Task TakeAsync(long bytes, CancellationToken cancellation)
    {
        while (true)
        {
            Task wait;
            lock (gate)
            {
                if (taken == 0 || taken + bytes <= bytesMax)
                {
                    taken += bytes;
                    return;
                }
                wait = freed.Task;
            }
            await wait.WaitAsync(cancellation);
        }
    }

    /// <summary>Gives a run's room back: the chain has it.</summary>
    public void Give(long bytes)
    {
        TaskCompletionSource waited;
        lock (gate)
        {
            taken -= bytes;
            waited = freed;
            freed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        waited.TrySetResult();
    }
}
