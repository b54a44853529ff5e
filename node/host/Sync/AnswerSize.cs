namespace AppChain.Node.Sync;

/// <summary>How much of one peer's answer has come, and how much of it nothing proves yet.</summary>
internal sealed class AnswerSize
{
    private int blocks;
    private int unproven;

    /// <summary>Bytes of the blocks since the last one that was proven.</summary>
    public long UnprovenBytes { get; private set; }

    /// <summary>True once as many blocks have come as were asked for, and what proves them: what an answer says beyond that is not
    /// read.</summary>
    public bool IsEnough => blocks >= NodeLimits.BlocksPerSyncMax && unproven == 0;

    /// <summary>A block has come. Answers what is wrong with so much, in one sentence, or null.</summary>
    public string? Add(long bytes)
    {
        blocks++;
        unproven++;
        UnprovenBytes += bytes;
        return UnprovenBytes > NodeLimits.SyncUnprovenBytesMax || unproven > NodeLimits.SyncUnprovenBlocksMax
            ? $"{unproven} blocks of {UnprovenBytes} bytes without a finalization"
            : null;
    }

    /// <summary>A finalization proves all that has come.</summary>
    public void Prove() => (unproven, UnprovenBytes) = (0, 0);
}
