using System.Buffers;
using Grpc.Core;

namespace AppChain.Grpc.Wire;

/// <summary>The payload that a marshaller is decoding. One per reader, used again for every message.</summary>
sealed class Payload : DeserializationContext
{
    ReadOnlySequence<byte> bytes;

    public override int PayloadLength => (int)bytes.Length;

    public override byte[] PayloadAsNewBuffer() => bytes.ToArray();

    public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => bytes;

    public T Decode<T>(Marshaller<T> marshaller, in ReadOnlySequence<byte> payload)
    {
        bytes = payload;
        try
        {
            return marshaller.ContextualDeserializer(this);
        }
        finally
        {
            bytes = default; // the runtime's buffers are not the message's: nothing may be read from them later
        }
    }
}
