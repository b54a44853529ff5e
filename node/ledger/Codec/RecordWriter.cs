using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>Writes a state record: a layout version, then fields of fixed order and size, integers big-endian.</summary>
internal sealed class RecordWriter
{
    private const int UsualSize = 256;

    // Rented: most records are written a few times in every block.
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(UsualSize);
    private int length;

    public RecordWriter(byte version) => UInt8(version);

    /// <summary>Writes a part of a record, which has no version of its own.</summary>
    public RecordWriter()
    {
    }

    /// <summary>What was written. The writer is done with then.</summary>
    public byte[] ToArray()
    {
        byte[] record = buffer.AsSpan(0, length).ToArray();
        ArrayPool<byte>.Shared.Return(buffer);
        (buffer, length) = ([], 0);
        return record;
    }

    public void UInt8(byte value) => Next(1)[0] = value;

    /// <summary>One byte, 0 or 1.</summary>
    public void Flag(bool value) => UInt8(value ? (byte)1 : (byte)0);

    public void UInt16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Next(sizeof(ushort)), value);

    public void UInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Next(sizeof(uint)), value);

    public void UInt64(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Next(sizeof(ulong)), value);

    public void UInt128(UInt128 value)
    {
        UInt64((ulong)(value >> 64));
        UInt64((ulong)(value & ulong.MaxValue));
    }

    /// <summary>Two's complement.</summary>
    public void Int32(int value) => UInt32(unchecked((uint)value));

    /// <summary>Two's complement.</summary>
    public void Int64(long value) => UInt64(unchecked((ulong)value));

    public void Amount(Amount value) => UInt64(value.Grains);

    public void Credits(Credits value) => UInt64(value.Units);

    public void Address(in Address value) => Raw(value.Bytes);

    /// <summary>Bytes whose number the layout fixes.</summary>
    public void Raw(ReadOnlySpan<byte> value) => value.CopyTo(Next(value.Length));

    /// <summary>One byte of length, then the bytes.</summary>
    public void Short(ReadOnlySpan<byte> value)
    {
        UInt8(checked((byte)value.Length));
        Raw(value);
    }

    /// <summary>Two bytes of length, then the bytes.</summary>
    public void Long(ReadOnlySpan<byte> value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(Next(sizeof(ushort)), checked((ushort)value.Length));
        Raw(value);
    }

    /// <summary>One byte of length, then UTF-8.</summary>
    public void Text(string value) => Short(Encoding.UTF8.GetBytes(value));

    private Span<byte> Next(int bytes)
    {
        if (buffer.Length - length < bytes)
            Grow(bytes);
        Span<byte> next = buffer.AsSpan(length, bytes);
        length += bytes;
        return next;
    }

    private void Grow(int bytes)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(2 * buffer.Length, length + bytes));
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
