namespace AppChain.Crash.World;

/// <summary>How a run ends.</summary>
internal enum Fault
{
    /// <summary>The process dies; what the kernel was told is on disk. The last write may be cut.</summary>
    Killed,

    /// <summary>The machine loses power; what was not synced may be gone, from its end on.</summary>
    PowerCut,

    /// <summary>The same, on a disk that leaves zeros where pages of what was not synced are not written yet.</summary>
    PowerCutAnyPages,

    /// <summary>The control: power is lost, and the log was never synced. What was acknowledged is lost, and this must be found.</summary>
    LogNotSynced,
}
