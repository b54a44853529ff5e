using System.Buffers.Binary;
using AppChain.Crypto;

namespace AppChain.Benchmarks;

/// <summary>What a node knows of a child: the version that wrote it, its hash, and whether it is a leaf.</summary>
internal readonly record struct JellyfishChild(ulong Version, Hash256 Hash, bool IsLeaf);

/// <summary>A node with up to 16 children. Encoding: <c>present:2 ‖ leaves:2</c>, and of each child <c>version:8 ‖ hash:32</c>.</summary>
internal sealed class JellyfishNode
{
    private const int Width = 16, HeaderSize = 4, ChildSize = 8 + Hash256.Size;

    public JellyfishChild?[] Children { get; } = new JellyfishChild?[Width];

    public static JellyfishNode Decode(ReadOnlySpan<byte> bytes)
    {
        JellyfishNode node = new();
        int present = BinaryPrimitives.ReadUInt16BigEndian(bytes), leaves = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        bytes = bytes[HeaderSize..];
        for (int i = 0; i < Width; i++)
        {
            if ((present >> i & 1) == 0)
                continue;
            ulong version = BinaryPrimitives.ReadUInt64BigEndian(bytes);
            node.Children[i] = new JellyfishChild(version, new Hash256(bytes.Slice(8, Hash256.Size)), (leaves >> i & 1) == 1);
            bytes = bytes[ChildSize..];
        }
        return node;
    }

    public byte[] Encode()
    {
        byte[] bytes = new byte[HeaderSize + (ChildSize * Children.Count(static child => child.HasValue))];
        int present = 0, leaves = 0, offset = HeaderSize;
        for (int i = 0; i < Width; i++)
        {
            if (Children[i] is not { } child)
                continue;
            present |= 1 << i;
            leaves |= (child.IsLeaf ? 1 : 0) << i;
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(offset), child.Version);
            child.Hash.Bytes.CopyTo(bytes.AsSpan(offset + 8));
            offset += ChildSize;
        }
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)present);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)leaves);
        return bytes;
    }

    /// <summary>The binary levels between this node and its children, each hashed in one go.</summary>
    public Hash256 Hash()
    {
        Span<Hash256> hashes = stackalloc Hash256[Width];
        // 0 no key, 1 one key, 2 more: a lone leaf rises.
        Span<int> keys = stackalloc int[Width];
        for (int i = 0; i < Width; i++)
        {
            hashes[i] = Children[i]?.Hash ?? TreeHash.Empty;
            keys[i] = Children[i] is { } child ? child.IsLeaf ? 1 : 2 : 0;
        }
        Span<TreeInput> inputs = stackalloc TreeInput[Width / 2];
        Span<Hash256> nodes = stackalloc Hash256[Width / 2];
        for (int width = Width / 2; width > 0; width /= 2)
        {
            for (int i = 0; i < width; i++)
                inputs[i] = TreeInput.Node(hashes[2 * i], hashes[(2 * i) + 1]);
            TreeHash.Hash(inputs[..width], nodes);
            for (int i = 0; i < width; i++)
            {
                int left = keys[2 * i], right = keys[(2 * i) + 1];
                hashes[i] = (left + right) switch
                {
                    0 => TreeHash.Empty,
                    1 => left == 1 ? hashes[2 * i] : hashes[(2 * i) + 1],
                    _ => nodes[i],
                };
                keys[i] = Math.Min(2, left + right);
            }
        }
        return hashes[0];
    }
}
