using System.Collections.Concurrent;
using AppChain.Crypto;
using AppChain.Storage.Native;

namespace AppChain.Storage;

/// <summary>
/// Builds the tree from the flat state: one scan, whose entries are hashed on the other threads meanwhile, then each shard sorted and
/// built on its own. There is no checkpoint of the tree to shorten this: the rebuild is quick enough (docs/state-tree.md), and it reads and
/// checks all of the flat state, which a checkpoint would skip.
/// </summary>
internal sealed class TreeRebuild
{
    // Bounds the memory that an update of a shard takes.
    private const int ChangesPerUpdate = 8_192;

    private readonly ConcurrentQueue<TreeEntry[]> read = new();

    /// <exception cref="StorageException">The disk failed or a file is damaged.</exception>
    public static StateTree From(StateSnapshot snapshot, TreeHistory trees)
    {
        TreeRebuild rebuild = new();
        using (EntryScan scan = snapshot.Scan())
            rebuild.ReadAndHash(scan);
        return rebuild.Build(trees);
    }

    // Each thread in turn reads a batch and then hashes it while another one reads.
    private void ReadAndHash(EntryScan scan)
    {
        Lock gate = new();
        bool isDone = false;
        void Work()
        {
            EntryBatch batch = new();
            while (true)
            {
                lock (gate)
                {
                    if (isDone)
                        return;
                    if (!scan.TryRead(batch))
                    {
                        isDone = true;
                        return;
                    }
                }
                read.Enqueue(Hash(batch));
            }
        }
        try
        {
            Parallel.Invoke([.. Enumerable.Repeat<Action>(Work, Environment.ProcessorCount)]);
        }
        catch (AggregateException exception) when (exception.InnerException is StorageException inner)
        {
            throw new StorageException(inner.Fault, inner.Message, inner);
        }
    }

    private static TreeEntry[] Hash(EntryBatch batch)
    {
        Hash256[] digests = new Hash256[2 * batch.Count];
        Sha256Batch.Hash(batch.Bytes, batch.Ends, digests);
        TreeEntry[] entries = new TreeEntry[batch.Count];
        for (int i = 0; i < entries.Length; i++)
            entries[i] = new TreeEntry(digests[2 * i], digests[(2 * i) + 1]);
        return entries;
    }

    private StateTree Build(TreeHistory trees)
    {
        TreeEntry[][] segments = [.. read];
        int[] counts = new int[TreeTop.Shards];
        foreach (TreeEntry[] segment in segments)
        {
            foreach (ref readonly TreeEntry entry in segment.AsSpan())
                counts[TreeTop.ShardOf(entry.KeyHash)]++;
        }
        ShardOrder[] orders = [.. counts.Select(static count => new ShardOrder(count))];
        for (int i = 0; i < segments.Length; i++)
        {
            for (int j = 0; j < segments[i].Length; j++)
                orders[TreeTop.ShardOf(segments[i][j].KeyHash)].Add(segments[i][j].KeyHash, i, j);
        }
        return trees.Load(shard => orders[shard].Changes(segments));
    }

    /// <summary>Sorts the entries of a shard by the first bytes of their hashes, without moving them about.</summary>
    private sealed class ShardOrder(int count)
    {
        private readonly ulong[] prefixes = new ulong[count];
        private readonly int[] places = new int[count];
        private int length;

        public void Add(in Hash256 keyHash, int segment, int index)
        {
            prefixes[length] = TreeChange.PrefixOf(keyHash);
            places[length++] = checked(segment * EntryBatch.EntriesMax) + index;
        }

        public IEnumerable<TreeChange[]> Changes(TreeEntry[][] segments)
        {
            Array.Sort(prefixes, places);
            for (int begin = 0; begin < count; begin += ChangesPerUpdate)
            {
                TreeChange[] some = new TreeChange[Math.Min(ChangesPerUpdate, count - begin)];
                for (int i = 0; i < some.Length; i++)
                {
                    ref readonly TreeEntry entry
                        = ref segments[places[begin + i] / EntryBatch.EntriesMax][places[begin + i] % EntryBatch.EntriesMax];
                    some[i] = TreeChange.Put(entry.KeyHash, entry.ValueHash);
                }
                TreeChange.OrderTies(some);
                yield return some;
            }
        }
    }
}
