using System.Diagnostics.CodeAnalysis;
using Grpc.Core;

namespace AppChain.Grpc.Wire;

/// <summary>What a read found: a message, the end of the stream, or a breach of the protocol with the status that it earns.</summary>
readonly struct Received<T> where T : class
{
    /// <summary>The end of the stream: neither a message nor a breach.</summary>
    public static Received<T> End => default;

    Received(T? message, Status? fault) => (Message, Fault) = (message, fault);

    /// <summary>The message, or null.</summary>
    public T? Message { get; }

    /// <summary>The breach, or null.</summary>
    public Status? Fault { get; }

    [MemberNotNullWhen(true, nameof(Message))]
    public bool IsMessage => Message is not null;

    public static Received<T> Of(T message) => new(message, null);

    public static Received<T> Breach(StatusCode code, string detail, Exception? cause = null) => new(null, new Status(code, detail, cause));
}
