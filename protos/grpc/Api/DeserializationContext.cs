using System.Buffers;

namespace Grpc.Core;

/// <summary>Where a marshaller finds an encoded message.</summary>
public abstract class DeserializationContext
{
    /// <summary>The message's length in bytes.</summary>
    public abstract int PayloadLength { get; }

    /// <summary>The message in an array of its own.</summary>
    public abstract byte[] PayloadAsNewBuffer();

    /// <summary>The message in the runtime's buffers, valid until the marshaller returns.</summary>
    public abstract ReadOnlySequence<byte> PayloadAsReadOnlySequence();
}
