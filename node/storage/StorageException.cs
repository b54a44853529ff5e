namespace AppChain.Storage;

/// <summary>What kind of trouble storage is in; a host chooses its exit code by it.</summary>
public enum StorageFault
{
    /// <summary>The disk did not read or write.</summary>
    Io,

    /// <summary>Data on disk is damaged or missing.</summary>
    Corruption,

    /// <summary>Another process holds the data directory.</summary>
    Locked,

    /// <summary>The disk is full.</summary>
    DiskFull,

    /// <summary>The process may not read or write the data directory.</summary>
    Permission,

    /// <summary>The directory holds another chain, or a layout that this version does not know.</summary>
    OtherChain,

    /// <summary>The view is too old: its snapshot was released.</summary>
    Expired,

    /// <summary>The block is too old: it was pruned.</summary>
    Pruned,

    /// <summary>There is no chain in the directory.</summary>
    NotFound,
}

/// <summary>
/// Storage failed. The message says what happened and where, why, and what to do. None of this can be caused by a peer's input; the host
/// stops cleanly on all but <see cref="StorageFault.Expired"/> and <see cref="StorageFault.Pruned"/>.
/// </summary>
public sealed class StorageException : Exception
{
    public StorageException(StorageFault fault, string message, Exception? inner = null)
        : base(message, inner) => Fault = fault;

    /// <summary>The kind of trouble.</summary>
    public StorageFault Fault { get; }
}
