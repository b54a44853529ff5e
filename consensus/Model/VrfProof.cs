using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AppChain.Consensus;

/// <summary>The 81 bytes by which a leader shows that a random output is its key's (docs/protocol.md). Opaque to consensus; a value.</summary>
[InlineArray(Size)]
public struct VrfProof : IEquatable<VrfProof>
{
    /// <summary>Length in bytes.</summary>
    public const int Size = 81;

    byte first;

    /// <param name="bytes">Exactly <see cref="Size"/> bytes.</param>
    public VrfProof(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
        {
            throw new ArgumentException($"A proof is {Size} bytes, not {bytes.Length}.", nameof(bytes));
        }

        bytes.CopyTo(MemoryMarshal.CreateSpan(ref first, Size));
    }

    /// <summary>The bytes, without a copy; valid as long as the variable is.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Bytes => MemoryMarshal.CreateReadOnlySpan(in first, Size);

    public readonly bool Equals(VrfProof other) => Bytes.SequenceEqual(other.Bytes);

    public override readonly bool Equals(object? obj) => obj is VrfProof other && Equals(other);

    public override readonly int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }

    /// <summary>Lower-case hexadecimal.</summary>
    public override readonly string ToString() => Convert.ToHexStringLower(Bytes);

    public static bool operator ==(VrfProof left, VrfProof right) => left.Equals(right);

    public static bool operator !=(VrfProof left, VrfProof right) => !left.Equals(right);
}
