using System.Collections.Concurrent;
using AppChain.Crypto;

namespace AppChain.Storage;

/// <summary>
/// The versions of the state tree of one store, and the memory that they share. Final versions form a chain and are held until the store
/// lets go of them, oldest first. Versions of unfinalised blocks, drafts, stand on a final one; a draft goes when nobody refers to it any
/// more, and at the latest with the final version that it stands on.
/// <para>
/// What a version replaced is free again when no older version is held; what a draft added, when the draft is gone. One thread at a time
/// updates; readers are never blocked.
/// </para>
/// </summary>
internal sealed class TreeHistory
{
    // Below this many changes the work is shorter than handing it to other threads.
    private const int ParallelChangesMin = 512;

    private readonly Lock gate = new();
    private readonly List<FinalVersion> finals = [];
    private readonly List<Draft> drafts = [];
    private readonly ConcurrentBag<ShardUpdate> idle = [];

    public TreeHistory()
    {
        for (int i = 0; i < Shards.Length; i++)
            Shards[i] = new TreeShard();
        finals.Add(new FinalVersion(new StateTree(this, TreeTop.Empty, null), []));
    }

    /// <summary>The newest final version; at first the tree without keys, whose root is 32 zero bytes.</summary>
    public StateTree Newest
    {
        get
        {
            lock (gate)
                return finals[^1].Tree;
        }
    }

    /// <summary>Memory of all nodes, in use or free for the next ones, in bytes.</summary>
    public long CapacityBytes
    {
        get
        {
            lock (gate)
                return Shards.Sum(static shard => shard.CapacityBytes);
        }
    }

    internal TreeShard[] Shards { get; } = new TreeShard[TreeTop.Shards];

    /// <summary>See <see cref="StateTree.Update"/>.</summary>
    public StateTree Update(StateTree parent, TreeChange[] changes)
    {
        for (int i = 1; i < changes.Length; i++)
        {
            if (changes[i - 1].KeyHash.CompareTo(changes[i].KeyHash) >= 0)
                throw new ArgumentException($"Changes {i - 1} and {i} are not in strictly ascending order of key hash.", nameof(changes));
        }
        lock (gate)
        {
            Sweep();
            if (parent.IsExpired)
                throw StateTree.Expired();
            ShardLog?[] logs = new ShardLog?[TreeTop.Shards];
            TreeTop top = Apply(parent.Top, changes, logs);
            if (top == parent.Top)
                return parent;
            StateTree tree = new(this, top, parent);
            drafts.Add(new Draft(new WeakReference<StateTree>(tree), logs));
            return tree;
        }
    }

    /// <summary>Makes a draft of the newest final version the newest final version itself.</summary>
    /// <exception cref="InvalidOperationException">The draft was not made from the newest final version.</exception>
    public void Finalise(StateTree tree)
    {
        lock (gate)
        {
            if (tree == finals[^1].Tree)
                return;
            int index = drafts.FindIndex(draft => draft.Version.TryGetTarget(out StateTree? version) && version == tree);
            if (index < 0 || tree.Parent != finals[^1].Tree)
                throw new InvalidOperationException("Only a version that was made from the newest final one can follow it.");
            finals.Add(new FinalVersion(tree, drafts[index].Logs));
            drafts.RemoveAt(index);
            tree.MarkFinal();
        }
    }

    /// <summary>Lets go of the final versions before this one, and of the drafts that stand on them.</summary>
    public void ExpireBefore(StateTree oldest)
    {
        lock (gate)
        {
            int count = finals.FindIndex(version => version.Tree == oldest);
            for (int i = 0; i < count; i++)
                finals[i].Tree.MarkExpired();
            foreach (Draft draft in drafts)
            {
                if (draft.Version.TryGetTarget(out StateTree? version) && version.Base.IsExpired)
                    version.MarkExpired();
            }
            Sweep();
        }
    }

    /// <summary>
    /// Replaces the newest version by one with more keys, without a history: for the start, when nobody reads yet.
    /// </summary>
    /// <param name="changes">The changes of each shard, a bounded number at a time.</param>
    internal StateTree Load(Func<int, IEnumerable<TreeChange[]>> changes)
    {
        lock (gate)
        {
            ShardRoot[] roots = finals[^1].Tree.Top.ShardRoots.ToArray();
            Parallel.For(0, roots.Length, shard => roots[shard] = Load(shard, roots[shard], changes(shard)));
            finals.Clear();
            finals.Add(new FinalVersion(new StateTree(this, TreeTop.Over(roots), null), []));
            return finals[^1].Tree;
        }
    }

    private ShardRoot Load(int shard, ShardRoot root, IEnumerable<TreeChange[]> changes)
    {
        foreach (TreeChange[] some in changes)
        {
            ShardLog log = new();
            root = Apply(shard, root, some, log);
            Shards[shard].Free(log.Replaced);
        }
        return root;
    }

    private TreeTop Apply(TreeTop parent, TreeChange[] changes, ShardLog?[] logs)
    {
        ShardRoot[] roots = parent.ShardRoots.ToArray();
        int[] ends = new int[TreeTop.Shards];
        for (int i = 0, shard = 0; shard < ends.Length; ends[shard++] = i)
        {
            while (i < changes.Length && TreeTop.ShardOf(changes[i].KeyHash) == shard)
                i++;
        }
        void Update(int shard)
        {
            int begin = shard == 0 ? 0 : ends[shard - 1];
            if (begin == ends[shard])
                return;
            ShardLog log = new();
            roots[shard] = Apply(shard, roots[shard], changes.AsSpan(begin..ends[shard]), log);
            if (log.Added.Count + log.Replaced.Count > 0)
                logs[shard] = log;
        }
        if (changes.Length >= ParallelChangesMin)
        {
            Parallel.For(0, roots.Length, Update);
        }
        else
        {
            for (int shard = 0; shard < roots.Length; shard++)
                Update(shard);
        }
        return Array.TrueForAll(logs, static log => log is null) ? parent : TreeTop.Over(roots);
    }

    private ShardRoot Apply(int shard, in ShardRoot root, ReadOnlySpan<TreeChange> changes, ShardLog log)
    {
        if (!idle.TryTake(out ShardUpdate? update))
            update = new ShardUpdate();
        ShardRoot updated = update.Apply(Shards[shard], root, changes, log);
        idle.Add(update);
        return updated;
    }

    private void Sweep()
    {
        for (int i = drafts.Count - 1; i >= 0; i--)
        {
            if (!drafts[i].Version.TryGetTarget(out _))
                Drop(i);
        }
        while (finals[0].Tree.IsExpired && TryRetireOldest())
        {
        }
    }

    // A reader holds back its own version and, since they are retired in order, the newer ones. A proof takes microseconds.
    private bool TryRetireOldest()
    {
        if (finals[0].Tree.IsBeingRead)
            return false;
        foreach (Draft draft in drafts)
        {
            if (draft.Version.TryGetTarget(out StateTree? version) && version.Base == finals[0].Tree && version.IsBeingRead)
                return false;
        }
        for (int i = drafts.Count - 1; i >= 0; i--)
        {
            if (drafts[i].Version.TryGetTarget(out StateTree? version) && version.Base == finals[0].Tree)
                Drop(i);
        }
        Free(finals[1].Logs, static log => log.Replaced);
        finals.RemoveAt(0);
        return true;
    }

    private void Drop(int index)
    {
        Free(drafts[index].Logs, static log => log.Added);
        drafts.RemoveAt(index);
    }

    private void Free(ShardLog?[] logs, Func<ShardLog, List<NodeRef>> nodes)
    {
        for (int shard = 0; shard < logs.Length; shard++)
        {
            if (logs[shard] is { } log)
                Shards[shard].Free(nodes(log));
        }
    }

    private sealed record FinalVersion(StateTree Tree, ShardLog?[] Logs);

    private sealed record Draft(WeakReference<StateTree> Version, ShardLog?[] Logs);
}
