using System.Buffers;

namespace Grpc.Core;

/// <summary>Where a marshaller puts an encoded message.</summary>
public abstract class SerializationContext
{
    /// <summary>The message is this array. Ends the serialization.</summary>
    public abstract void Complete(byte[] payload);

    /// <summary>A buffer to write the message into.</summary>
    public abstract IBufferWriter<byte> GetBufferWriter();

    /// <summary>Announces the message's exact length in bytes, before <see cref="GetBufferWriter"/>; it saves a copy.</summary>
    public virtual void SetPayloadLength(int payloadLength) { }

    /// <summary>The message is what was written into the buffer. Ends the serialization.</summary>
    public abstract void Complete();
}
