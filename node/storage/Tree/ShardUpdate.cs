using System.Runtime.InteropServices;
using AppChain.Crypto;

namespace AppChain.Storage;

/// <summary>
/// Applies sorted changes to a shard, level by level. On the way down it finds what is touched: each upper node once, however many changes
/// lie under it, and the nodes of a level independently of each other, so that the processor overlaps their cache misses. On the way up it
/// makes the new nodes, and hashes each level in one go, so that many hashes are computed at once. Holds its memory for the next update;
/// used by one thread at a time.
/// </summary>
internal sealed class ShardUpdate
{
    private const int None = -1;

    private readonly List<int> levels = [];
    private readonly List<TreeEntry> entries = [];
    private Item[] items = new Item[64];
    private TreeInput[] inputs = new TreeInput[64];
    private Hash256[] hashes = new Hash256[64];
    private int itemCount;
    private int keyCount;
    private TreeShard shard = null!;
    private ShardLog log = null!;

    private enum Result : byte
    {
        /// <summary>The old subtree stays.</summary>
        Same,

        /// <summary>A new branch, in the slab already.</summary>
        Branch,

        /// <summary>So few keys that they are a bucket, here or further up: the range of entries.</summary>
        Entries,
    }

    /// <summary>The subtree after the changes.</summary>
    /// <param name="changes">Of this shard, in strictly ascending order of key hash.</param>
    public ShardRoot Apply(TreeShard target, in ShardRoot root, ReadOnlySpan<TreeChange> changes, ShardLog changed)
    {
        (shard, log, keyCount, itemCount) = (target, changed, root.Count, 0);
        levels.Clear();
        entries.Clear();
        if (changes.IsEmpty)
            return root;
        AddTouched(root.Node, 0, changes.Length);
        for (int begin = 0; begin < itemCount; begin = levels[^1])
        {
            levels.Add(itemCount);
            int depth = TreeTop.Depth + levels.Count - 1;
            for (int i = begin, end = itemCount; i < end; i++)
                Expand(i, changes, depth);
        }
        for (int level = levels.Count - 1; level >= 0; level--)
        {
            int begin = level == 0 ? 0 : levels[level - 1], count = levels[level] - begin;
            for (int i = begin; i < begin + count; i++)
                Finish(ref items[i], ref inputs[i]);
            TreeHash.Hash(inputs.AsSpan(begin, count), hashes.AsSpan(begin, count));
        }
        return items[0].Result == Result.Same ? root : new ShardRoot(Store(items[0]), HashOf(0), keyCount);
    }

    // Looked into when the next level is expanded: until then its memory has been fetched.
    private int AddTouched(NodeRef old, int from, int to)
    {
        shard.Prefetch(old);
        return Add(new Item { Old = old, From = from, To = to, Left = None, Right = None });
    }

    private int AddEntries(int from, int to)
        => from == to ? None : Add(new Item { From = from, To = to, Left = None, Right = None, Result = Result.Entries });

    private int Add(in Item item)
    {
        if (itemCount == items.Length)
        {
            Array.Resize(ref items, itemCount * 2);
            Array.Resize(ref inputs, itemCount * 2);
            Array.Resize(ref hashes, itemCount * 2);
        }
        items[itemCount] = item;
        return itemCount++;
    }

    private void Expand(int index, ReadOnlySpan<TreeChange> changes, int depth)
    {
        if (items[index].Result == Result.Same && items[index].Old.IsBranch)
            ExpandBranch(index, changes, depth);
        else if (items[index].Result == Result.Entries || TryMerge(ref items[index], changes))
            ExpandEntries(index, depth);
    }

    private void ExpandBranch(int index, ReadOnlySpan<TreeChange> changes, int depth)
    {
        (int from, int to) = (items[index].From, items[index].To);
        ref readonly TreeBranch branch = ref shard.Branch(items[index].Old);
        inputs[index] = TreeInput.Node(branch.LeftHash, branch.RightHash);
        int middle = from + TreePath.FirstRight(changes[from..to], depth);
        int left = middle > from ? AddTouched(branch.Left, from, middle) : None;
        int right = middle < to ? AddTouched(branch.Right, middle, to) : None;
        (items[index].Left, items[index].Right) = (left, right);
    }

    private void ExpandEntries(int index, int depth)
    {
        (int from, int to) = (items[index].From, items[index].To);
        if (to - from == 1)
        {
            inputs[index] = TreeInput.Leaf(entries[from].KeyHash, entries[from].ValueHash);
        }
        else if (to > from)
        {
            inputs[index] = TreeInput.Node(TreeHash.Empty, TreeHash.Empty);
            int middle = from + TreePath.FirstRight(CollectionsMarshal.AsSpan(entries)[from..to], depth);
            (int left, int right) = (AddEntries(from, middle), AddEntries(middle, to));
            (items[index].Left, items[index].Right) = (left, right);
        }
    }

    // A bucket, or nothing, becomes its entries after the changes; false if they are the same as before.
    private bool TryMerge(ref Item item, ReadOnlySpan<TreeChange> changes)
    {
        int begin = entries.Count;
        if (!Merge(shard.Bucket(item.Old), changes[item.From..item.To]))
        {
            CollectionsMarshal.SetCount(entries, begin);
            return false;
        }
        keyCount += entries.Count - begin - item.Old.EntryCount;
        if (!item.Old.IsEmpty)
            log.Replaced.Add(item.Old);
        (item.From, item.To, item.Result) = (begin, entries.Count, Result.Entries);
        return true;
    }

    private bool Merge(ReadOnlySpan<TreeEntry> bucket, ReadOnlySpan<TreeChange> changes)
    {
        bool isChanged = false;
        int next = 0;
        foreach (ref readonly TreeChange change in changes)
        {
            int order = 1;
            while (next < bucket.Length && (order = bucket[next].KeyHash.CompareTo(change.KeyHash)) < 0)
                entries.Add(bucket[next++]);
            bool isPresent = next < bucket.Length && order == 0;
            isChanged |= change.IsDelete ? isPresent : !isPresent || bucket[next].ValueHash != change.ValueHash;
            if (isPresent)
                next++;
            if (!change.IsDelete)
                entries.Add(new TreeEntry(change.KeyHash, change.ValueHash));
        }
        entries.AddRange(bucket[next..]);
        return isChanged;
    }

    // The halves are done. Their hashes go into the input of this one's.
    private void Finish(ref Item item, ref TreeInput input)
    {
        bool leftChanged = IsChanged(item.Left), rightChanged = IsChanged(item.Right);
        if (leftChanged)
            input.First = HashOf(item.Left);
        if (rightChanged)
            input.Second = HashOf(item.Right);
        if (item.Result == Result.Entries)
        {
            if (item.To - item.From > NodeRef.BucketEntriesMax)
                MakeBranch(ref item, input, NodeRef.Empty, NodeRef.Empty);
        }
        else if (leftChanged || rightChanged)
        {
            TreeBranch old = shard.Branch(item.Old);
            log.Replaced.Add(item.Old);
            int left = EntriesOf(item.Left, old.Left), right = EntriesOf(item.Right, old.Right);
            if (left + right <= NodeRef.BucketEntriesMax)
                MakeEntries(ref item, ref input, old);
            else
                MakeBranch(ref item, input, old.Left, old.Right);
        }
    }

    private void MakeBranch(ref Item item, in TreeInput input, NodeRef oldLeft, NodeRef oldRight)
    {
        NodeRef left = IsChanged(item.Left) ? Store(items[item.Left]) : oldLeft;
        NodeRef right = IsChanged(item.Right) ? Store(items[item.Right]) : oldRight;
        item.New = shard.Add(new TreeBranch(input.First, input.Second, left, right));
        item.Result = Result.Branch;
        log.Added.Add(item.New);
    }

    // Deletes left so few keys that the branch becomes a bucket. Its hash stays that of a node, unless one key or none is left.
    private void MakeEntries(ref Item item, ref TreeInput input, in TreeBranch old)
    {
        item.From = entries.Count;
        AppendEntries(item.Left, old.Left);
        AppendEntries(item.Right, old.Right);
        item.To = entries.Count;
        item.Result = Result.Entries;
        if (item.To - item.From == 1)
            input = TreeInput.Leaf(entries[item.From].KeyHash, entries[item.From].ValueHash);
    }

    private void AppendEntries(int child, NodeRef old)
    {
        if (IsChanged(child))
        {
            for (int i = items[child].From; i < items[child].To; i++)
                entries.Add(entries[i]);
        }
        else if (!old.IsEmpty)
        {
            entries.AddRange(shard.Bucket(old));
            log.Replaced.Add(old);
        }
    }

    private bool IsChanged(int child) => child != None && items[child].Result != Result.Same;

    private int EntriesOf(int child, NodeRef old)
    {
        if (IsChanged(child))
            return items[child].Result == Result.Entries ? items[child].To - items[child].From : NodeRef.BucketEntriesMax + 1;
        return old.IsBranch ? NodeRef.BucketEntriesMax + 1 : old.EntryCount;
    }

    private Hash256 HashOf(int child)
        => items[child].Result == Result.Entries && items[child].From == items[child].To ? TreeHash.Empty : hashes[child];

    // Entries become a bucket only here, under a branch or at the root, where they can no longer be joined with others.
    private NodeRef Store(in Item item)
    {
        if (item.Result == Result.Branch)
            return item.New;
        NodeRef bucket = shard.Add(CollectionsMarshal.AsSpan(entries)[item.From..item.To]);
        if (!bucket.IsEmpty)
            log.Added.Add(bucket);
        return bucket;
    }

    private struct Item
    {
        /// <summary>The subtree that the changes touch.</summary>
        public NodeRef Old;

        public NodeRef New;

        /// <summary>The range of the changes that touch it; for entries, of them.</summary>
        public int From;

        public int To;

        /// <summary>The item of the half, if it is touched.</summary>
        public int Left;

        public int Right;

        public Result Result;
    }
}
