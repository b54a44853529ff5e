using System;
using System.Buffers;
using System.Text;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>Writes the canonical form that <see cref="WireReader"/> reads: call it with ascending fields; defaults are left out.</summary>
internal sealed class WireWriter
{
    private readonly ArrayBufferWriter<byte> buffer = new();

    public byte[] ToArray() => buffer.WrittenSpan.ToArray();

    public void UInt64(int field, ulong value)
    {
        if (value == 0)
            return;
        Varint(WireVarint.Tag(field, WireType.Varint));
        Varint(value);
    }

    public void SInt64(int field, long value) => UInt64(field, WireVarint.ZigZag(value));

    /// <summary>A bytes field; left out when empty.</summary>
    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty)
            Element(field, value);
    }

    /// <summary>An element of a repeated field, or a message: written even when empty.</summary>
    public void Element(int field, ReadOnlySpan<byte> value)
    {
        Varint(WireVarint.Tag(field, WireType.LengthDelimited));
        Varint((uint)value.Length);
        buffer.Write(value);
    }

    /// <summary>A text; left out when empty.</summary>
    public void Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public void Address(int field, in Address address) => Element(field, address.Bytes);

    private void Varint(ulong value)
    {
        int length = WireVarint.Write(buffer.GetSpan(WireVarint.BytesMax), value);
        buffer.Advance(length);
    }
}
