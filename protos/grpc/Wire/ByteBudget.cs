namespace AppChain.Grpc.Wire;

/// <summary>Bytes that may be held at a time, out of a wider budget that others take from, too.</summary>
/// <param name="bytesMax">What this one may hold.</param>
/// <param name="wider">Where the same bytes count as well; null for the widest.</param>
sealed class ByteBudget(long bytesMax, ByteBudget? wider = null)
{
    long taken;

    /// <summary>Takes bytes, to be given back with <see cref="Give"/>. False, and nothing is taken, if they do not fit here or in a wider budget.</summary>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref taken, bytes) <= bytesMax && (wider is null || wider.TryTake(bytes))) return true;
        Interlocked.Add(ref taken, -bytes);
        return false;
    }

    public void Give(long bytes)
    {
        Interlocked.Add(ref taken, -bytes);
        wider?.Give(bytes);
    }
}
