using System;
using System.Text;
using System.Text.Unicode;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// Reads the one canonical form of a protobuf message: fields ascending, each at most once unless repeated, nothing unknown,
/// minimal varints, default values left out.
/// </summary>
/// <remarks>
/// A message asks for its fields in ascending order. A field that is not the next one is absent and reads as its default; so a
/// field that is unknown, repeated or out of order is never consumed and <see cref="Finish"/> finds it left over. Bytes come as
/// slices of the input: a claimed length allocates nothing.
/// </remarks>
internal ref struct WireReader(ReadOnlySpan<byte> source)
{
    private readonly ReadOnlySpan<byte> source = source;
    private Reason failure;

    /// <summary>How much of the input has been read.</summary>
    public int Position { get; private set; }

    /// <summary>The first thing that was wrong, or <see cref="Reason.Malformed"/> if bytes are left over.</summary>
    public readonly Reason Finish() => failure == Reason.None && Position < source.Length ? Reason.Malformed : failure;

    /// <summary>Records that a field's content is wrong; the first such reason is the one that counts.</summary>
    public void Fail(Reason reason)
    {
        if (failure == Reason.None)
            failure = reason;
    }

    /// <summary>The number of the next field, or 0 at the end or where no field can begin.</summary>
    public readonly uint PeekField()
    {
        if (failure != Reason.None || !WireVarint.TryRead(source[Position..], out ulong tag, out _) || tag > uint.MaxValue)
            return 0;
        return (uint)tag >> 3;
    }

    public ulong UInt64(int field)
    {
        if (!TryTag(field, WireType.Varint))
            return 0;
        ulong value = Varint();
        if (value == 0)
            Fail(Reason.Malformed); // a default is left out
        return value;
    }

    public uint UInt32(int field)
    {
        ulong value = UInt64(field);
        if (value <= uint.MaxValue)
            return (uint)value;
        Fail(Reason.Malformed);
        return 0;
    }

    public long SInt64(int field) => WireVarint.UnZigZag(UInt64(field));

    public int SInt32(int field)
    {
        ulong value = UInt64(field);
        if (value <= uint.MaxValue)
            return (int)WireVarint.UnZigZag(value);
        Fail(Reason.Malformed);
        return 0;
    }

    /// <summary>A bytes field; empty if absent.</summary>
    public ReadOnlySpan<byte> Bytes(int field)
    {
        if (TryElement(field, out ReadOnlySpan<byte> bytes) && bytes.IsEmpty)
            Fail(Reason.Malformed); // a default is left out
        return bytes;
    }

    /// <summary>A text of valid UTF-8; empty if absent.</summary>
    public string Text(int field)
    {
        ReadOnlySpan<byte> bytes = Bytes(field);
        if (Utf8.IsValid(bytes))
            return Encoding.UTF8.GetString(bytes);
        Fail(Reason.Malformed);
        return "";
    }

    public bool Flag(int field)
    {
        ulong value = UInt64(field);
        if (value > 1)
            Fail(Reason.Malformed);
        return value == 1;
    }

    /// <summary>The next element of a repeated bytes or message field, or a single message; it may be empty.</summary>
    public bool TryElement(int field, out ReadOnlySpan<byte> element)
    {
        element = default;
        if (!TryTag(field, WireType.LengthDelimited))
            return false;
        ulong length = Varint();
        if (failure != Reason.None || length > (ulong)(source.Length - Position))
        {
            Fail(Reason.Malformed);
            return false;
        }
        element = source.Slice(Position, (int)length);
        Position += element.Length;
        return true;
    }

    /// <summary>A message that must be there; it may be empty.</summary>
    public ReadOnlySpan<byte> Element(int field)
    {
        if (!TryElement(field, out ReadOnlySpan<byte> element))
            Fail(Reason.WrongFieldLength);
        return element;
    }

    /// <summary>A 20-byte channel id that must be there.</summary>
    public ChannelId Channel(int field)
    {
        ReadOnlySpan<byte> bytes = Bytes(field);
        if (bytes.Length == ChannelId.Size)
            return new ChannelId(bytes);
        Fail(Reason.WrongFieldLength);
        return default;
    }

    /// <summary>A choice of a closed set, from 1 to the last one; else the reason.</summary>
    public byte Choice(int field, byte last, Reason unknown)
    {
        ulong code = UInt64(field);
        if (code is > 0 && code <= last)
            return (byte)code;
        Fail(unknown);
        return 0;
    }

    /// <summary>A 32-byte hash that must be there.</summary>
    public Hash256 Hash(int field)
    {
        if (OptionalHash(field) is { } hash)
            return hash;
        Fail(Reason.WrongFieldLength);
        return default;
    }

    /// <summary>A 32-byte hash, or null if the field is absent.</summary>
    public Hash256? OptionalHash(int field)
    {
        ReadOnlySpan<byte> bytes = Bytes(field);
        if (bytes.Length == Hash256.Size)
            return new Hash256(bytes);
        if (!bytes.IsEmpty)
            Fail(Reason.WrongFieldLength);
        return null;
    }

    /// <summary>A 20-byte address that must be there.</summary>
    public Address Address(int field) => AddressOf(Bytes(field));

    /// <summary>A 20-byte address, or null if the field is absent.</summary>
    public Address? OptionalAddress(int field)
    {
        ReadOnlySpan<byte> bytes = Bytes(field);
        return bytes.IsEmpty ? null : AddressOf(bytes);
    }

    /// <summary>A key scheme that the chain knows.</summary>
    public KeyScheme Scheme(int field)
    {
        ulong code = UInt64(field);
        if (code is (ulong)KeyScheme.Secp256k1 or (ulong)KeyScheme.P256)
            return (KeyScheme)code;
        Fail(Reason.UnknownKeyScheme);
        return default;
    }

    private Address AddressOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length == Crypto.Address.Size)
            return new Address(bytes);
        Fail(Reason.WrongFieldLength);
        return default;
    }

    private bool TryTag(int field, WireType type)
    {
        if (failure != Reason.None || Position == source.Length)
            return false;
        if (!WireVarint.TryRead(source[Position..], out ulong tag, out int length))
        {
            Fail(Reason.Malformed);
            return false;
        }
        if (tag != WireVarint.Tag(field, type))
            return false;
        Position += length;
        return true;
    }

    private ulong Varint()
    {
        if (WireVarint.TryRead(source[Position..], out ulong value, out int length))
            Position += length;
        else
            Fail(Reason.Malformed);
        return value;
    }
}
