using System;
using System.Buffers.Binary;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>Numbers that entropy draws: the same for everybody, known to nobody before.</summary>
internal static class Lot
{
    private static readonly HashTag Tag = new("AppChain/lot");

    /// <summary>
    /// A number below a bound: the first 8 bytes of <c>TaggedHash("AppChain/lot", entropy ‖ subject ‖ turn:4)</c> modulo the bound. Bounds
    /// are far below 2⁶⁴, so that no number is noticeably more likely.
    /// </summary>
    /// <param name="entropy">From after what it draws among was committed to.</param>
    /// <param name="subject">What is drawn for.</param>
    /// <param name="turn">Which of several draws.</param>
    /// <param name="bound">Above zero.</param>
    public static ulong Below(in Hash256 entropy, ReadOnlySpan<byte> subject, uint turn, ulong bound)
    {
        Span<byte> number = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(number, turn);
        return BinaryPrimitives.ReadUInt64BigEndian(Tag.Hash(entropy.Bytes, subject, number).Bytes) % bound;
    }
}
