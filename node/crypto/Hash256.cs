using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AppChain.Crypto;

/// <summary>A 32-byte hash or root. Ordered as its bytes are; shown as lower-case hex.</summary>
[InlineArray(Size)]
public struct Hash256 : IEquatable<Hash256>, IComparable<Hash256>
{
    /// <summary>Length in bytes.</summary>
    public const int Size = 32;

    private byte first;

    /// <summary>Copies 32 bytes.</summary>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public Hash256(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
            throw new ArgumentException($"A hash has {Size} bytes, not {bytes.Length}.", nameof(bytes));
        bytes.CopyTo(MemoryMarshal.CreateSpan(ref first, Size));
    }

    /// <summary>32 zero bytes: the root of an empty tree or list.</summary>
    public static Hash256 Zero => default;

    /// <summary>True for 32 zero bytes.</summary>
    public readonly bool IsZero => this == default;

    /// <summary>The bytes, without a copy; valid as long as the variable is.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Bytes => MemoryMarshal.CreateReadOnlySpan(in first, Size);

    /// <summary>A copy of the bytes.</summary>
    public readonly byte[] ToArray() => Bytes.ToArray();

    /// <summary>Reads 64 hex digits.</summary>
    public static bool TryParse(string? text, out Hash256 hash)
    {
        hash = default;
        Span<byte> bytes = stackalloc byte[Size];
        if (text is not { Length: Size * 2 } || Convert.FromHexString(text, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
            return false;
        hash = new Hash256(bytes);
        return true;
    }

    public readonly bool Equals(Hash256 other) => Bytes.SequenceEqual(other.Bytes);

    public override readonly bool Equals(object? obj) => obj is Hash256 other && Equals(other);

    public override readonly int GetHashCode() => HashCodeSeed.Code(Bytes);

    public readonly int CompareTo(Hash256 other) => Bytes.SequenceCompareTo(other.Bytes);

    public override readonly string ToString() => Convert.ToHexStringLower(Bytes);

    public static bool operator ==(Hash256 left, Hash256 right) => left.Equals(right);

    public static bool operator !=(Hash256 left, Hash256 right) => !left.Equals(right);
}
