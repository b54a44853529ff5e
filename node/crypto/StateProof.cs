using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace AppChain.Crypto;

/// <summary>What a <see cref="StateProof"/> shows of its key. The numbers are those of the encoding.</summary>
public enum StateProofKind : byte
{
    /// <summary>The key is present with a value.</summary>
    Present = 1,

    /// <summary>The key is absent: its path ends in an empty slot.</summary>
    AbsentEmptySlot = 2,

    /// <summary>The key is absent: its path ends in the leaf of another key, which is alone in that subtree.</summary>
    AbsentOtherLeaf = 3,
}

/// <summary>
/// A proof that a key has a value, or is absent, under a state root. It holds the sibling hash of every step from the root down.
/// Encoding: <c>kind:1 ‖ depth:2 ‖ sibling:32 × depth</c>, and for <see cref="StateProofKind.AbsentOtherLeaf"/> also <c>keyHash:32 ‖
/// valueHash:32</c> of the other leaf. The length follows from kind and depth; nothing else is accepted.
/// </summary>
public sealed class StateProof
{
    /// <summary>Length of the longest encoding, in bytes.</summary>
    public const int EncodedBytesMax = HeaderSize + (TreeHash.DepthMax * Hash256.Size) + OtherLeafSize;

    private const int HeaderSize = 3;
    private const int OtherLeafSize = 2 * Hash256.Size;

    private readonly Hash256[] siblings;
    private readonly Hash256 otherKeyHash;
    private readonly Hash256 otherValueHash;

    private StateProof(StateProofKind kind, Hash256[] siblings, in Hash256 otherKeyHash, in Hash256 otherValueHash)
    {
        if (siblings.Length > TreeHash.DepthMax)
            throw new ArgumentException($"A proof has at most {TreeHash.DepthMax} siblings, not {siblings.Length}.", nameof(siblings));
        Kind = kind;
        this.siblings = siblings;
        this.otherKeyHash = otherKeyHash;
        this.otherValueHash = otherValueHash;
    }

    /// <summary>What the proof shows.</summary>
    public StateProofKind Kind { get; }

    /// <summary>Steps from the root to the leaf or the empty slot.</summary>
    public int Depth => siblings.Length;

    /// <summary>A proof of presence; siblings from the root down.</summary>
    public static StateProof Present(Hash256[] siblings) => new(StateProofKind.Present, siblings, default, default);

    /// <summary>A proof of absence by an empty slot; siblings from the root down.</summary>
    public static StateProof AbsentEmptySlot(Hash256[] siblings) => new(StateProofKind.AbsentEmptySlot, siblings, default, default);

    /// <summary>A proof of absence by the leaf of another key; siblings from the root down.</summary>
    public static StateProof AbsentOtherLeaf(Hash256[] siblings, in Hash256 otherKeyHash, in Hash256 otherValueHash)
        => new(StateProofKind.AbsentOtherLeaf, siblings, otherKeyHash, otherValueHash);

    /// <summary>
    /// True if this proves that <paramref name="key"/> has exactly <paramref name="value"/> under <paramref name="root"/>.
    /// </summary>
    public bool VerifyPresent(in Hash256 root, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (Kind != StateProofKind.Present)
            return false;
        Hash256 keyHash = Hashing.Sha256(key);
        return Climb(keyHash, TreeHash.Leaf(keyHash, Hashing.Sha256(value))) == root;
    }

    /// <summary>True if this proves that <paramref name="key"/> is absent under <paramref name="root"/>.</summary>
    public bool VerifyAbsent(in Hash256 root, ReadOnlySpan<byte> key)
    {
        Hash256 keyHash = Hashing.Sha256(key);
        switch (Kind)
        {
            case StateProofKind.AbsentEmptySlot:
                return Climb(keyHash, TreeHash.Empty) == root;
            case StateProofKind.AbsentOtherLeaf:
                // The other leaf must stand in this key's way: same path down to its depth, and not this key itself.
                bool standsInTheWay = otherKeyHash != keyHash && TreeHash.SharedBits(otherKeyHash, keyHash) >= Depth;
                return standsInTheWay && Climb(keyHash, TreeHash.Leaf(otherKeyHash, otherValueHash)) == root;
            default:
                return false;
        }
    }

    /// <summary>The bytes of the proof.</summary>
    public byte[] Encode()
    {
        byte[] bytes = new byte[EncodedLength(Kind, Depth)];
        bytes[0] = (byte)Kind;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(1), (ushort)Depth);
        Span<byte> rest = bytes.AsSpan(HeaderSize);
        foreach (Hash256 sibling in siblings)
        {
            sibling.Bytes.CopyTo(rest);
            rest = rest[Hash256.Size..];
        }
        if (Kind == StateProofKind.AbsentOtherLeaf)
        {
            otherKeyHash.Bytes.CopyTo(rest);
            otherValueHash.Bytes.CopyTo(rest[Hash256.Size..]);
        }
        return bytes;
    }

    /// <summary>
    /// Reads a proof. False for an unknown kind, a depth beyond 256, and any length but the one that kind and depth demand.
    /// </summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out StateProof? proof)
    {
        proof = null;
        if (bytes.Length < HeaderSize || bytes[0] is < (byte)StateProofKind.Present or > (byte)StateProofKind.AbsentOtherLeaf)
            return false;
        StateProofKind kind = (StateProofKind)bytes[0];
        int depth = BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]);
        if (depth > TreeHash.DepthMax || bytes.Length != EncodedLength(kind, depth))
            return false;

        ReadOnlySpan<byte> rest = bytes[HeaderSize..];
        Hash256[] siblings = new Hash256[depth];
        for (int i = 0; i < depth; i++)
            siblings[i] = new Hash256(rest.Slice(i * Hash256.Size, Hash256.Size));
        rest = rest[(depth * Hash256.Size)..];
        proof = kind == StateProofKind.AbsentOtherLeaf
            ? AbsentOtherLeaf(siblings, new Hash256(rest[..Hash256.Size]), new Hash256(rest[Hash256.Size..]))
            : new StateProof(kind, siblings, default, default);
        return true;
    }

    private static int EncodedLength(StateProofKind kind, int depth)
        => HeaderSize + (depth * Hash256.Size) + (kind == StateProofKind.AbsentOtherLeaf ? OtherLeafSize : 0);

    private Hash256 Climb(in Hash256 keyHash, Hash256 hash)
    {
        for (int depth = Depth - 1; depth >= 0; depth--)
        {
            hash = TreeHash.GoesRight(keyHash, depth)
                ? TreeHash.Node(siblings[depth], hash)
                : TreeHash.Node(hash, siblings[depth]);
        }
        return hash;
    }
}
