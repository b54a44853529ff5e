using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>Writes a state record: a layout version, then fields of fixed order and size, integers big-endian.</summary>
internal sealed class RecordWriter
{
    private readonly ArrayBufferWriter<byte> buffer = new();

    public RecordWriter(byte version) => UInt8(version);

    /// <summary>Writes a part of a record, which has no version of its own.</summary>
    public RecordWriter()
    {
    }

    public byte[] ToArray() => buffer.WrittenSpan.ToArray();

    public void UInt8(byte value)
    {
        buffer.GetSpan(1)[0] = value;
        buffer.Advance(1);
    }

    /// <summary>One byte, 0 or 1.</summary>
    public void Flag(bool value) => UInt8(value ? (byte)1 : (byte)0);

    public void UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(buffer.GetSpan(4), value);
        buffer.Advance(4);
    }

    public void UInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(buffer.GetSpan(8), value);
        buffer.Advance(8);
    }

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

    public void Address(in Address value) => buffer.Write(value.Bytes);

    /// <summary>Bytes whose number the layout fixes.</summary>
    public void Raw(ReadOnlySpan<byte> value) => buffer.Write(value);

    /// <summary>One byte of length, then the bytes.</summary>
    public void Short(ReadOnlySpan<byte> value)
    {
        UInt8((byte)value.Length);
        buffer.Write(value);
    }

    /// <summary>Two bytes of length, then the bytes.</summary>
    public void Long(ReadOnlySpan<byte> value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(buffer.GetSpan(2), checked((ushort)value.Length));
        buffer.Advance(2);
        buffer.Write(value);
    }

    /// <summary>One byte of length, then UTF-8.</summary>
    public void Text(string value) => Short(Encoding.UTF8.GetBytes(value));
}
