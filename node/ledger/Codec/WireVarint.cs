using System;

namespace AppChain.Ledger;

/// <summary>The wire types of protobuf that our messages use.</summary>
internal enum WireType
{
    Varint = 0,
    LengthDelimited = 2,
}

/// <summary>Base-128 integers: seven bits per byte, lowest first, the top bit says that more follow.</summary>
internal static class WireVarint
{
    /// <summary>The longest encoding of 64 bits.</summary>
    public const int BytesMax = 10;

    public static ulong Tag(int field, WireType type) => ((ulong)(uint)field << 3) | (uint)type;

    /// <summary>Reads a varint in its shortest form; a longer form, or one beyond 64 bits, is refused.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ulong value, out int length)
    {
        value = 0;
        for (length = 0; length < bytes.Length && length < BytesMax; length++)
        {
            byte next = bytes[length];
            if (length == BytesMax - 1 && next > 1)
                return false;
            value |= (ulong)(next & 0x7F) << (7 * length);
            if (next >= 0x80)
                continue;
            length++;
            return next != 0 || length == 1;
        }
        return false;
    }

    /// <summary>Writes the shortest form and returns its length.</summary>
    public static int Write(Span<byte> destination, ulong value)
    {
        int length = 0;
        for (; value >= 0x80; value >>= 7)
            destination[length++] = (byte)((value & 0x7F) | 0x80);
        destination[length++] = (byte)value;
        return length;
    }

    public static ulong ZigZag(long value) => unchecked((ulong)((value << 1) ^ (value >> 63)));

    public static long UnZigZag(ulong value) => unchecked((long)(value >> 1) ^ -(long)(value & 1));
}
