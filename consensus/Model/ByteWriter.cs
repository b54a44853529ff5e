using System;
using System.Buffers.Binary;

namespace AppChain.Consensus;

/// <summary>Appends big-endian fields to an array of a size known beforehand: every encoding of ours has one.</summary>
ref struct ByteWriter(int length)
{
    readonly byte[] bytes = new byte[length];
    int position;

    public void U8(byte value) => bytes[position++] = value;

    public void U16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Take(2), value);

    public void U32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Take(4), value);

    public void U64(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Take(8), value);

    public void Digest(Digest value) => value.CopyTo(Take(Consensus.Digest.Size));

    public void Bytes(scoped ReadOnlySpan<byte> value) => value.CopyTo(Take(value.Length));

    /// <summary>The whole array. A gap at its end is a mistake in the caller's length.</summary>
    public readonly byte[] Finish()
    {
        Invariant.Check(position == bytes.Length, "an encoding fills exactly the length it announced");
        return bytes;
    }

    Span<byte> Take(int count)
    {
        var span = bytes.AsSpan(position, count);
        position += count;
        return span;
    }
}
