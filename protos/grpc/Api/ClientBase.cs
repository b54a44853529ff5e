namespace Grpc.Core;

/// <summary>The base of every generated client, without its type.</summary>
public abstract class ClientBase
{
    readonly CallInvoker? callInvoker;

    /// <summary>For test doubles, which override every method.</summary>
    protected ClientBase() { }

    /// <summary>A client as configured.</summary>
    protected ClientBase(ClientBaseConfiguration configuration) => callInvoker = configuration.CallInvoker;

    /// <summary>A client over a channel.</summary>
    public ClientBase(ChannelBase channel)
    {
        ArgumentNullException.ThrowIfNull(channel);
        callInvoker = channel.CreateCallInvoker();
    }

    /// <summary>A client over an invoker.</summary>
    public ClientBase(CallInvoker callInvoker) => this.callInvoker = callInvoker;

    /// <summary>What starts this client's calls.</summary>
    protected CallInvoker CallInvoker => callInvoker ?? throw new NotSupportedException("A client made for test doubles makes no calls.");

    /// <summary>What a client is made of.</summary>
    protected internal class ClientBaseConfiguration
    {
        internal ClientBaseConfiguration(CallInvoker callInvoker) => CallInvoker = callInvoker;

        internal CallInvoker CallInvoker { get; }
    }
}

/// <summary>The base of every generated client.</summary>
public abstract class ClientBase<T> : ClientBase where T : ClientBase<T>
{
    /// <summary>For test doubles, which override every method.</summary>
    protected ClientBase() { }

    /// <summary>A client as configured.</summary>
    protected ClientBase(ClientBaseConfiguration configuration) : base(configuration) { }

    /// <summary>A client over a channel.</summary>
    public ClientBase(ChannelBase channel) : base(channel) { }

    /// <summary>A client over an invoker.</summary>
    public ClientBase(CallInvoker callInvoker) : base(callInvoker) { }

    /// <summary>Another client of this type.</summary>
    protected abstract T NewInstance(ClientBaseConfiguration configuration);
}
