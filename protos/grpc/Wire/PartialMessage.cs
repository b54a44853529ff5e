namespace AppChain.Grpc.Wire;

/// <summary>
/// The message that a stream is in the middle of. To look at the bytes of a message that is not whole yet gives the sender its
/// window back, and so they are counted here: from its first bytes on a message holds its whole length, and not for ever.
/// </summary>
/// <param name="budget">Where its bytes are taken from.</param>
/// <param name="timeout">How long it may take from its first byte to its last, while somebody waits for it.</param>
sealed class PartialMessage(ByteBudget budget, TimeSpan timeout) : IDisposable
{
    long held;
    CancellationTokenSource? late;

    /// <summary>Whether its time is over.</summary>
    public bool IsLate => late is { IsCancellationRequested: true };

    /// <summary>Makes room for a message of which a part has come. False: there is none.</summary>
    public bool TryHold(long bytes)
    {
        if (bytes > held)
        {
            if (!budget.TryTake(bytes - held)) return false;
            held = bytes;
        }
        Begin();
        return true;
    }

    /// <summary>Its time runs from now on, if it does not yet.</summary>
    public void Begin() => late ??= new CancellationTokenSource(timeout);

    /// <summary>Fires with the token, and when the message's time is over; null while there is no message. To be disposed after the
    /// read.</summary>
    public CancellationTokenSource? Bound(CancellationToken token) =>
        late is null ? null : CancellationTokenSource.CreateLinkedTokenSource(token, late.Token);

    /// <summary>The message is whole, or will never be. Another one may begin.</summary>
    public void End()
    {
        budget.Give(held);
        held = 0;
        late?.Dispose();
        late = null;
    }

    public void Dispose() => End();
}
