using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace AppChain.Crypto;

/// <summary>
/// The way from a state root down to a subtree: the sibling hash of every step. It is shorter than the subtree's prefix where the tree
/// ends above it: with an empty slot, with the subtree's only key, or with the leaf of a key that lies elsewhere
/// (<see cref="Other"/>), so that the subtree is empty.
/// Encoding: <c>depth:2 ‖ hasOther:1 ‖ sibling:32 × depth ‖ (keyHash:32 ‖ valueHash:32 of the other leaf)</c>.
/// </summary>
public sealed class RangePath
{
    private const int HeaderSize = 3;

    private readonly Hash256[] siblings;

    /// <param name="siblings">From the root down, at most 256.</param>
    /// <param name="other">A subtree of one key that stands above the prefix without being under it; null if none does.</param>
    public RangePath(Hash256[] siblings, Subtree? other)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(siblings.Length, TreeHash.DepthMax);
        this.siblings = siblings;
        Other = other;
    }

    /// <summary>Steps from the root.</summary>
    public int Depth => siblings.Length;

    /// <summary>The leaf of another key in which the path ends.</summary>
    public Subtree? Other { get; }

    /// <summary>Length of the encoding, in bytes.</summary>
    public int EncodedLength => HeaderSize + (Hash256.Size * (Depth + (Other is null ? 0 : 2)));

    /// <summary>True if exactly these records are the content of the subtree under <paramref name="prefix"/>.</summary>
    /// <param name="records">Strictly ascending by key hash, all under the prefix.</param>
    public bool Verify(in Hash256 root, in KeyPrefix prefix, ReadOnlySpan<ChunkRecord> records)
    {
        if (Depth > prefix.Length)
            return false;
        if (Other is { } other)
        {
            // It must stand in the way of the whole prefix, and not be part of it.
            bool standsInTheWay = records.IsEmpty && Depth < prefix.Length
                && TreeHash.SharedBits(other.KeyHash, prefix.Bits) is int shared && shared >= Depth && shared < prefix.Length;
            return standsInTheWay && Climb(prefix, other.Hash) == root;
        }
        // A path that ends above the prefix ends in a lone leaf or an empty slot. That claim needs no more checks: the hash of a
        // subtree with several keys is neither.
        if (Depth < prefix.Length && records.Length > 1)
            return false;
        return Climb(prefix, SortedRecords.Subtree(records, prefix.Length).Hash) == root;
    }

    /// <summary>Writes the encoding.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)Depth);
        destination[2] = Other is null ? (byte)0 : (byte)1;
        Span<byte> rest = destination[HeaderSize..];
        foreach (Hash256 sibling in siblings)
        {
            sibling.Bytes.CopyTo(rest);
            rest = rest[Hash256.Size..];
        }
        if (Other is { } other)
        {
            other.KeyHash.Bytes.CopyTo(rest);
            other.ValueHash.Bytes.CopyTo(rest[Hash256.Size..]);
        }
    }

    /// <summary>Reads a path from the start of the bytes; <see cref="EncodedLength"/> of them were its.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out RangePath? path)
    {
        path = null;
        if (bytes.Length < HeaderSize || bytes[2] > 1)
            return false;
        int depth = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        bool hasOther = bytes[2] == 1;
        ReadOnlySpan<byte> rest = bytes[HeaderSize..];
        if (depth > TreeHash.DepthMax || rest.Length < Hash256.Size * (depth + (hasOther ? 2 : 0)))
            return false;
        Hash256[] siblings = new Hash256[depth];
        for (int i = 0; i < depth; i++)
            siblings[i] = HashAt(rest, i);
        path = new RangePath(siblings, hasOther ? Subtree.Leaf(HashAt(rest, depth), HashAt(rest, depth + 1)) : null);
        return true;
    }

    private static Hash256 HashAt(ReadOnlySpan<byte> bytes, int index) => new(bytes.Slice(index * Hash256.Size, Hash256.Size));

    private Hash256 Climb(in KeyPrefix prefix, Hash256 hash)
    {
        for (int depth = Depth - 1; depth >= 0; depth--)
            hash = TreeHash.GoesRight(prefix.Bits, depth) ? TreeHash.Node(siblings[depth], hash) : TreeHash.Node(hash, siblings[depth]);
        return hash;
    }
}
