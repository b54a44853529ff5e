using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AppChain.Crypto;

/// <summary>
/// The 20 bytes by which the chain knows an account, device, manufacturer or validator:
/// the start of <c>TaggedHash("AppChain/address", scheme ‖ public key)</c>.
/// </summary>
[InlineArray(Size)]
public struct Address : IEquatable<Address>, IComparable<Address>
{
    /// <summary>Length in bytes.</summary>
    public const int Size = 20;

    private static readonly HashTag Tag = new("AppChain/address");

    private byte first;

    /// <summary>Copies 20 bytes.</summary>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public Address(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
            throw new ArgumentException($"An address has {Size} bytes, not {bytes.Length}.", nameof(bytes));
        bytes.CopyTo(MemoryMarshal.CreateSpan(ref first, Size));
    }

    /// <summary>The address of a public key.</summary>
    public static Address Of(KeyScheme scheme, ReadOnlySpan<byte> publicKey)
    {
        Hash256 hash = Tag.Hash([(byte)scheme], publicKey);
        return new Address(hash.Bytes[..Size]);
    }

    /// <summary>The bytes, without a copy; valid as long as the variable is.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Bytes => MemoryMarshal.CreateReadOnlySpan(in first, Size);

    /// <summary>A copy of the bytes.</summary>
    public readonly byte[] ToArray() => Bytes.ToArray();

    public readonly bool Equals(Address other) => Bytes.SequenceEqual(other.Bytes);

    public override readonly bool Equals(object? obj) => obj is Address other && Equals(other);

    public override readonly int GetHashCode() => HashCodeSeed.Code(Bytes);

    public readonly int CompareTo(Address other) => Bytes.SequenceCompareTo(other.Bytes);

    /// <summary>Lower-case hex. For people, use <see cref="AddressText"/> with the kind.</summary>
    public override readonly string ToString() => Convert.ToHexStringLower(Bytes);

    public static bool operator ==(Address left, Address right) => left.Equals(right);

    public static bool operator !=(Address left, Address right) => !left.Equals(right);
}
