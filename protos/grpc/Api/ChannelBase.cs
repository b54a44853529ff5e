namespace Grpc.Core;

/// <summary>A way to one server.</summary>
/// <param name="target">The server's address, for people.</param>
public abstract class ChannelBase(string target)
{
    /// <summary>The server's address, for people.</summary>
    public string Target { get; } = target;

    /// <summary>Something that starts calls over this channel.</summary>
    public abstract CallInvoker CreateCallInvoker();

    /// <summary>Ends the channel and what still runs over it.</summary>
    public Task ShutdownAsync() => ShutdownAsyncCore();

    /// <summary>Implements <see cref="ShutdownAsync"/>.</summary>
    protected virtual Task ShutdownAsyncCore() => Task.CompletedTask;
}
