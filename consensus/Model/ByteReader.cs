using System;
using System.Buffers.Binary;

namespace AppChain.Consensus;

/// <summary>Reads big-endian fields of hostile bytes: every read says whether the bytes were there, and none throws.</summary>
ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    ReadOnlySpan<byte> rest = bytes;

    /// <summary>True when nothing is left: encodings are strict, trailing bytes are an error.</summary>
    public readonly bool AtEnd => rest.IsEmpty;

    public bool U8(out byte value)
    {
        var read = Take(1, out var span);
        value = read ? span[0] : (byte)0;
        return read;
    }

    public bool U16(out ushort value)
    {
        var read = Take(2, out var span);
        value = read ? BinaryPrimitives.ReadUInt16BigEndian(span) : (ushort)0;
        return read;
    }

    public bool U32(out uint value)
    {
        var read = Take(4, out var span);
        value = read ? BinaryPrimitives.ReadUInt32BigEndian(span) : 0;
        return read;
    }

    public bool U64(out ulong value)
    {
        var read = Take(8, out var span);
        value = read ? BinaryPrimitives.ReadUInt64BigEndian(span) : 0;
        return read;
    }

    public bool Digest(out Digest value)
    {
        var read = Take(Consensus.Digest.Size, out var span);
        value = read ? new Digest(span) : default;
        return read;
    }

    public bool Take(int count, out ReadOnlySpan<byte> span)
    {
        if (count > rest.Length)
        {
            span = default;
            return false;
        }

        span = rest[..count];
        rest = rest[count..];
        return true;
    }
}
