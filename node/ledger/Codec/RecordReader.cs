using System;
using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// Reads what <see cref="RecordWriter"/> wrote. Only the ledger writes records, so bytes that do not fit are a broken invariant: it throws.
/// </summary>
internal ref struct RecordReader
{
    private ReadOnlySpan<byte> rest;

    public RecordReader(ReadOnlyMemory<byte> record, byte version)
    {
        rest = record.Span;
        byte found = UInt8();
        Invariant.Check(found == version, $"A state record has layout version {found}; this node reads {version}.");
    }

    /// <summary>Reads a part of a record, which has no version of its own.</summary>
    public RecordReader(ReadOnlyMemory<byte> part) => rest = part.Span;

    public byte UInt8() => Take(1)[0];

    public bool Flag()
    {
        byte value = UInt8();
        Invariant.Check(value <= 1, "A flag of a state record is neither 0 nor 1.");
        return value == 1;
    }

    public ushort UInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    public uint UInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64BigEndian(Take(8));

    public UInt128 UInt128() => new(UInt64(), UInt64());

    public int Int32() => unchecked((int)UInt32());

    public long Int64() => unchecked((long)UInt64());

    public Amount Amount() => new(UInt64());

    public Credits Credits() => new(UInt64());

    public Address Address() => new(Take(Crypto.Address.Size));

    /// <summary>Bytes whose number the layout fixes.</summary>
    public byte[] Raw(int count) => Take(count).ToArray();

    public byte[] Short() => Take(UInt8()).ToArray();

    public byte[] Long() => Take(BinaryPrimitives.ReadUInt16BigEndian(Take(2))).ToArray();

    public string Text()
    {
        ReadOnlySpan<byte> text = Take(UInt8());
        Invariant.Check(Utf8.IsValid(text), "A text of a state record is not UTF-8.");
        return Encoding.UTF8.GetString(text);
    }

    /// <summary>Every byte must have been read.</summary>
    public readonly void End() => Invariant.Check(rest.IsEmpty, "A state record is longer than its layout.");

    private ReadOnlySpan<byte> Take(int count)
    {
        Invariant.Check(count <= rest.Length, "A state record is shorter than its layout.");
        ReadOnlySpan<byte> taken = rest[..count];
        rest = rest[count..];
        return taken;
    }
}
