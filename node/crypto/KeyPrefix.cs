namespace AppChain.Crypto;

/// <summary>
/// The first bits of a key's hash: names a subtree of the state tree. The bits after <see cref="Length"/> are zero, so that two
/// values are equal exactly if they name the same subtree.
/// </summary>
public readonly record struct KeyPrefix
{
    private static readonly Hash256 AllOnes = new(Enumerable.Repeat((byte)0xFF, Hash256.Size).ToArray());

    private KeyPrefix(in Hash256 bits, int length) => (Bits, Length) = (bits, length);

    /// <summary>The prefix of all keys.</summary>
    public static KeyPrefix Root => default;

    /// <summary>The bits, from the most significant of the first byte on.</summary>
    public Hash256 Bits { get; }

    /// <summary>How many bits count: 0 to <see cref="TreeHash.DepthMax"/>. It is the depth of the subtree.</summary>
    public int Length { get; }

    /// <summary>The first bits of a hash.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is not 0 to 256.</exception>
    public static KeyPrefix Of(in Hash256 hash, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, TreeHash.DepthMax);
        Span<byte> bits = stackalloc byte[Hash256.Size];
        hash.Bytes[..((length + 7) / 8)].CopyTo(bits);
        if (length % 8 != 0)
            bits[length / 8] &= (byte)(0xFF << (8 - (length % 8)));
        return new KeyPrefix(new Hash256(bits), length);
    }

    /// <summary>Whether a key with this hash lies in the subtree.</summary>
    public bool Contains(in Hash256 keyHash) => TreeHash.SharedBits(Bits, keyHash) >= Length;

    /// <summary>One half of the subtree.</summary>
    public KeyPrefix Child(bool right)
    {
        if (Length == TreeHash.DepthMax)
            throw new InvalidOperationException("A whole key hash has no longer prefix.");
        Span<byte> bits = stackalloc byte[Hash256.Size];
        Bits.Bytes.CopyTo(bits);
        if (right)
            bits[Length / 8] |= (byte)(0x80 >> (Length % 8));
        return new KeyPrefix(new Hash256(bits), Length + 1);
    }

    /// <summary>
    /// The subtree of this depth that begins where this one ends; none if this one ends the tree, or if a subtree of that depth cannot
    /// begin there. Subtrees found one after the other from <see cref="First"/> to the end of the tree cover every key exactly once.
    /// </summary>
    public bool TryNext(int length, out KeyPrefix next)
    {
        // Read before anything is assigned: a caller may put the next prefix where this one is.
        Span<byte> bits = stackalloc byte[Hash256.Size];
        Bits.Bytes.CopyTo(bits);
        int carry = Length - 1;
        next = default;
        if (length is < 0 or > TreeHash.DepthMax)
            return false;
        for (; carry >= 0 && TreeHash.GoesRight(new Hash256(bits), carry); carry--)
            bits[carry / 8] &= (byte)~(0x80 >> (carry % 8));
        if (carry < 0)
            return false;
        bits[carry / 8] |= (byte)(0x80 >> (carry % 8));
        // It can begin there only if all bits below its own depth are zero.
        next = new KeyPrefix(new Hash256(bits), length);
        return carry < length;
    }

    /// <summary>The leftmost subtree of a depth.</summary>
    public static KeyPrefix First(int length) => Of(Hash256.Zero, length);

    /// <summary>Whether the tree ends where this subtree does.</summary>
    public bool IsLast => TreeHash.SharedBits(Bits, AllOnes) >= Length;

    /// <summary>The bits as 0 and 1; "all" for <see cref="Root"/>.</summary>
    public override string ToString()
    {
        if (Length == 0)
            return "all";
        Hash256 bits = Bits;
        return string.Create(Length, bits, static (text, bits) =>
        {
            for (int i = 0; i < text.Length; i++)
                text[i] = TreeHash.GoesRight(bits, i) ? '1' : '0';
        });
    }
}
