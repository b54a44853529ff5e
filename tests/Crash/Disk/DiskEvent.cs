using AppChain.Crash.World;

namespace AppChain.Crash.Disk;

/// <summary>Something that happened on the disk, in the order in which the kernel was told.</summary>
internal abstract record DiskEvent
{
    /// <summary>A new, empty file; one of that name goes.</summary>
    public sealed record Create(string Name, int File) : DiskEvent;

    /// <summary>Bytes at the end of a file.</summary>
    public sealed record Append(int File, byte[] Bytes) : DiskEvent;

    /// <summary>The durable mark, overwritten in place and never synced.</summary>
    public sealed record Mark(byte[] Bytes) : DiskEvent;

    /// <summary>All that was written to a file is on disk when this returns.</summary>
    public sealed record Sync(int File) : DiskEvent;

    /// <summary>The names in the database's directory are on disk when this returns.</summary>
    public sealed record SyncNames : DiskEvent;

    public sealed record Rename(string From, string To) : DiskEvent;

    public sealed record Unlink(string Name) : DiskEvent;

    /// <summary>The store acknowledged something to its caller.</summary>
    public sealed record Acknowledge(Action<Promise> Apply) : DiskEvent;
}
