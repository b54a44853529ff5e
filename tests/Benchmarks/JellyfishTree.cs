using System.Buffers.Binary;
using AppChain.Crypto;
using AppChain.Storage;
using AppChain.Storage.Native;

namespace AppChain.Benchmarks;

/// <summary>
/// The alternative that the state tree was measured against: a Jellyfish Merkle tree. Nodes with 16 children and leaves are in RocksDB
/// under <c>version ‖ depth ‖ path</c>, so that every update writes new keys, and what it replaced is deleted when its version is no longer
/// held. The hash rules are those of our tree: both must have the same root. The upper levels are cached decoded; the rest is in RocksDB's
/// block cache. It knows no deletes of keys, which the measurement does not need.
/// </summary>
internal sealed class JellyfishTree
{
    private const int VersionsHeld = 32, CachedDepthMax = 3;

    private static readonly byte[] RootKey = [0xff];

    private readonly Database database;
    private readonly Dictionary<(int Depth, uint Path), JellyfishNode> cache = [];
    private readonly Queue<List<byte[]>> stale = [];
    private JellyfishChild? root;
    private WriteBatch batch = null!;
    private List<byte[]> replaced = [];

    public JellyfishTree(Database database)
    {
        this.database = database;
        if (database.Get(ColumnFamily.State, RootKey) is { } record)
        {
            Version = BinaryPrimitives.ReadUInt64BigEndian(record);
            ulong version = BinaryPrimitives.ReadUInt64BigEndian(record.AsSpan(8));
            root = new JellyfishChild(version, new Hash256(record.AsSpan(17)), record[16] == 1);
        }
    }

    public ulong Version { get; private set; }

    public Hash256 Root => root?.Hash ?? TreeHash.Empty;

    /// <summary>Keys and values of everything put and deleted.</summary>
    public long BytesWritten { get; private set; }

    public void Update(TreeChange[] sorted)
    {
        using (batch = database.NewBatch())
        {
            Version++;
            replaced = [];
            root = Update(root, sorted, 0);
            stale.Enqueue(replaced);
            if (stale.Count > VersionsHeld)
            {
                foreach (byte[] key in stale.Dequeue())
                {
                    batch.Delete(ColumnFamily.State, key);
                    BytesWritten += key.Length;
                }
            }
            byte[] record = new byte[49];
            BinaryPrimitives.WriteUInt64BigEndian(record, Version);
            BinaryPrimitives.WriteUInt64BigEndian(record.AsSpan(8), root.Value.Version);
            record[16] = root.Value.IsLeaf ? (byte)1 : (byte)0;
            root.Value.Hash.Bytes.CopyTo(record.AsSpan(17));
            Put(RootKey, record);
            database.Write(batch, sync: false);
        }
    }

    private JellyfishChild Update(JellyfishChild? old, ReadOnlySpan<TreeChange> changes, int depth)
    {
        ReadOnlySpan<byte> path = changes[0].KeyHash.Bytes;
        if (old is { IsLeaf: true } leaf)
        {
            byte[] key = KeyOf(leaf.Version, path, depth);
            byte[] stored = database.Get(ColumnFamily.State, key)!;
            replaced.Add(key);
            Hash256 keyHash = new(stored.AsSpan(0, 32));
            // The leaf goes down with the changes, unless they overwrite it.
            bool isOverwritten = false;
            foreach (ref readonly TreeChange change in changes)
                isOverwritten |= change.KeyHash == keyHash;
            if (!isOverwritten)
                changes = TreeChange.Sorted([.. changes, TreeChange.Put(keyHash, new Hash256(stored.AsSpan(32)))]);
            old = null;
        }
        if (old is null && changes.Length == 1)
        {
            byte[] value = [.. changes[0].KeyHash.Bytes, .. changes[0].ValueHash.Bytes];
            Put(KeyOf(Version, path, depth), value);
            return new JellyfishChild(Version, TreeHash.Leaf(changes[0].KeyHash, changes[0].ValueHash), true);
        }
        JellyfishNode node = old is { } branch ? Load(branch.Version, path, depth) : new JellyfishNode();
        for (int begin = 0, end; begin < changes.Length; begin = end)
        {
            int nibble = Nibble(changes[begin].KeyHash.Bytes, depth);
            for (end = begin + 1; end < changes.Length && Nibble(changes[end].KeyHash.Bytes, depth) == nibble;)
                end++;
            node.Children[nibble] = Update(node.Children[nibble], changes[begin..end], depth + 1);
        }
        Put(KeyOf(Version, path, depth), node.Encode());
        if (depth <= CachedDepthMax)
            cache[(depth, PathOf(path, depth))] = node;
        return new JellyfishChild(Version, node.Hash(), false);
    }

    private JellyfishNode Load(ulong version, ReadOnlySpan<byte> path, int depth)
    {
        byte[] key = KeyOf(version, path, depth);
        replaced.Add(key);
        return depth <= CachedDepthMax && cache.TryGetValue((depth, PathOf(path, depth)), out JellyfishNode? cached)
            ? cached
            : JellyfishNode.Decode(database.Get(ColumnFamily.State, key)!);
    }

    private void Put(byte[] key, byte[] value)
    {
        batch.Put(ColumnFamily.State, key, value);
        BytesWritten += key.Length + value.Length;
    }

    private static byte[] KeyOf(ulong version, ReadOnlySpan<byte> path, int depth)
    {
        byte[] key = new byte[9 + ((depth + 1) / 2)];
        BinaryPrimitives.WriteUInt64BigEndian(key, version);
        key[8] = (byte)depth;
        path[..((depth + 1) / 2)].CopyTo(key.AsSpan(9));
        if (depth % 2 == 1)
            key[^1] &= 0xf0;
        return key;
    }

    private static uint PathOf(ReadOnlySpan<byte> path, int depth)
        => depth == 0 ? 0 : BinaryPrimitives.ReadUInt32BigEndian(path) >> (32 - (4 * depth));

    private static int Nibble(ReadOnlySpan<byte> path, int depth) => depth % 2 == 0 ? path[depth / 2] >> 4 : path[depth / 2] & 15;
}
