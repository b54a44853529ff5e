using System;
using System.Collections.Immutable;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>A key whose attestations count.</summary>
public readonly record struct ManufacturerRoot(KeyScheme Scheme, ReadOnlyMemory<byte> PublicKey)
{
    public bool Equals(ManufacturerRoot other) => Scheme == other.Scheme && PublicKey.Span.SequenceEqual(other.PublicKey.Span);

    public override int GetHashCode() => HashCode.Combine(Scheme, PublicKey.Length);

    internal byte[] Encode()
    {
        WireWriter writer = new();
        writer.UInt64(1, (ulong)Scheme);
        writer.Bytes(2, PublicKey.Span);
        return writer.ToArray();
    }

    /// <summary>The roots that a message names in a repeated field.</summary>
    internal static ImmutableArray<ManufacturerRoot> ReadAll(ref WireReader reader, int field)
    {
        ImmutableArray<ManufacturerRoot>.Builder roots = ImmutableArray.CreateBuilder<ManufacturerRoot>();
        while (reader.TryElement(field, out ReadOnlySpan<byte> element))
        {
            WireReader inner = new(element);
            ManufacturerRoot root = new(inner.Scheme(1), inner.Bytes(2).ToArray());
            if (root.PublicKey.Length != root.Scheme.PublicKeySize())
                inner.Fail(Reason.WrongFieldLength);
            reader.Fail(inner.Finish());
            roots.Add(root);
        }
        return roots.ToImmutable();
    }
}

/// <summary>
/// A manufacturer whose attestations the chain knows: version:1 ‖ length:1 name ‖ admin:20 ‖ count:1 × (scheme:1 ‖ length:1 public key).
/// Its address, by which devices and services name it, is that of its first root at first; it stays when the roots change.
/// </summary>
/// <param name="Name">For people.</param>
/// <param name="Admin">The account that revokes its devices and changes its roots.</param>
/// <param name="Roots">The keys that attest its devices, 1 to <see cref="LedgerLimits.ManufacturerRootsMax"/>.</param>
public sealed record ManufacturerRecord(string Name, Address Admin, ImmutableArray<ManufacturerRoot> Roots) : StateRecord
{
    /// <summary>A manufacturer with one key, which is also its admin's.</summary>
    public ManufacturerRecord(string name, KeyScheme scheme, ReadOnlyMemory<byte> publicKey)
        : this(name, Address.Of(scheme, publicKey.Span), [new ManufacturerRoot(scheme, publicKey)])
    {
    }

    /// <summary>The address that it is registered at: that of its first root at that time.</summary>
    public Address FirstAddress => Address.Of(Roots[0].Scheme, Roots[0].PublicKey.Span);

    /// <summary>The manufacturer, or null if none is registered at this address.</summary>
    public static ManufacturerRecord? Find(ILedgerState state, Address address) => state.Find(StateKey.Manufacturer(address), Decode);

    /// <summary>True if the signature carries one of its roots.</summary>
    public bool IsRoot(Signature signature)
    {
        foreach (ManufacturerRoot root in Roots)
        {
            if (signature.IsOf(root.Scheme, root.PublicKey.Span))
                return true;
        }
        return false;
    }

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.Text(Name);
        writer.Address(Admin);
        writer.UInt8((byte)Roots.Length);
        foreach (ManufacturerRoot root in Roots)
        {
            writer.UInt8((byte)root.Scheme);
            writer.Short(root.PublicKey.Span);
        }
        return writer.ToArray();
    }

    public static ManufacturerRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        ManufacturerRecord record = new(reader.Text(), reader.Address(), ReadRoots(ref reader));
        reader.End();
        return record;
    }

    private static ImmutableArray<ManufacturerRoot> ReadRoots(ref RecordReader reader)
    {
        ImmutableArray<ManufacturerRoot>.Builder roots = ImmutableArray.CreateBuilder<ManufacturerRoot>(reader.UInt8());
        for (int i = roots.Capacity; i > 0; i--)
            roots.Add(new ManufacturerRoot((KeyScheme)reader.UInt8(), reader.Short()));
        return roots.MoveToImmutable();
    }
}
