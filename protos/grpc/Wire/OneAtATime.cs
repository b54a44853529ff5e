namespace AppChain.Grpc.Wire;

/// <summary>Guards what only one caller may do at a time. Two are a bug of theirs, and would mix their bytes.</summary>
struct OneAtATime
{
    int entered;

    public void Enter(string what)
    {
        if (Interlocked.Exchange(ref entered, 1) == 1) throw new InvalidOperationException($"Another {what} is still under way.");
    }

    public void Leave() => Volatile.Write(ref entered, 0);
}
