namespace Grpc.Core;

/// <summary>Hints for one write.</summary>
[Flags]
public enum WriteFlags
{
    /// <summary>The message goes out at once.</summary>
    None = 0,
    /// <summary>The message may wait for the next one, so that both go in one packet.</summary>
    BufferHint = 1,
    /// <summary>The message goes as it is, although the call's messages are compressed.</summary>
    NoCompress = 2,
}

/// <summary>How messages are written.</summary>
/// <param name="flags">The hints.</param>
public class WriteOptions(WriteFlags flags = WriteFlags.None)
{
    /// <summary>No hints.</summary>
    public static readonly WriteOptions Default = new();

    /// <summary>The hints.</summary>
    public WriteFlags Flags { get; } = flags;
}
