namespace AppChain.Consensus.Tests;

/// <summary>A core with its host: journal with a sync point, durable chain store, timers; performs effects by the durability
/// contract.</summary>
sealed class Node(Cluster cluster, ushort index)
{
    readonly Queue<Input> inbox = new();
    readonly List<(Block Block, Certificate? Finalization)> store = [];
    readonly List<(View View, byte[] Record)> journal = [];
    int syncedRecords;
    int life;
    bool busy;

    public ushort Index => index;
    public Core? Core { get; private set; }
    public bool Running => Core is not null;
    public ulong Height => (ulong)store.Count;
    public IEnumerable<Block> Chain => store.Select(entry => entry.Block);
    public List<Evidence> Reports { get; } = [];
    public Dictionary<ulong, ulong> FinalizedAtMs { get; } = [];
    public Dictionary<ulong, ulong> ProposedAtMs { get; } = [];
    public int Syncs { get; private set; }
    public int Starts => life;

    /// <summary>A test's faulty behaviour: takes over the sending of a message by answering true.</summary>
    public Func<Message, bool> Misbehave { get; set; } = _ => false;

    /// <summary>Null: cannot build.</summary>
    public Func<BlockContent?, BlockContent?> Building { get; set; } = content => content;
    public CheckResult CheckAnswer { get; set; } = CheckResult.Valid;

    public void Start()
    {
        Assert.False(Running);
        life++;
        var tip = store.Count == 0 ? ChainPoint.Genesis(Cluster.GenesisHash, 0) : ChainPoint.Of(store[^1].Block);
        Core = new Core(
            new CoreOptions
            {
                ChainId = Cluster.ChainId,
                Validators = cluster.Validators,
                Signer = index,
                Timeouts = cluster.Options.Timeouts,
            },
            new KeyedHashCrypto(index),
            tip,
            store.Count == 0 ? null : store[^1].Finalization);
        foreach (var (_, record) in journal)
        {
            Assert.NotEqual(ReplayResult.Foreign, Core.Replay(record));
        }

        cluster.Log($"node {index} starts in view {Core.View}, finalised {Core.Finalized.View}");
        Take(new Input.Start());
        Take(new Input.Work(cluster.Options.Working));
    }

    /// <summary>Stops at once. Of what was appended but not synced, any prefix may survive.</summary>
    public void Crash()
    {
        Core = null;
        life++;
        inbox.Clear();
        busy = false;
        var survives = syncedRecords + cluster.Random.Next(journal.Count - syncedRecords + 1);
        journal.RemoveRange(survives, journal.Count - survives);
        syncedRecords = journal.Count;
        cluster.Log($"node {index} crashes");
    }

    public void Take(Input input)
    {
        if (!Running)
        {
            return;
        }

        inbox.Enqueue(input);
        if (busy)
        {
            return;
        }

        busy = true;
        while (Running && inbox.TryDequeue(out var next))
        {
            var effects = new List<Effect>();
            Core!.Step(next, cluster.NowMs, effects);
            Assert.True(Core.NextDeadlineMs is null || Core.NextDeadlineMs > cluster.NowMs, "a deadline that has passed was acted upon");
            Perform(effects);
        }

        busy = false;
        ScheduleTick();
    }

    void ScheduleTick()
    {
        if (Core?.NextDeadlineMs is { } due)
        {
            var core = Core;
            cluster.At(due - cluster.NowMs, () =>
            {
                if (ReferenceEquals(core, Core) && core.NextDeadlineMs <= cluster.NowMs)
                {
                    Take(new Input.Tick());
                }
            });
        }
    }

    void Perform(List<Effect> effects)
    {
        foreach (var append in effects.OfType<Effect.Append>())
        {
            if (CrashesNow())
            {
                return;
            }

            journal.Add((append.View, append.Record.ToArray()));
        }

        if (CrashesNow())
        {
            return;
        }

        syncedRecords = journal.Count;
        foreach (var effect in effects)
        {
            if (CrashesNow())
            {
                return;
            }

            Perform(effect);
        }
    }

    bool CrashesNow()
    {
        var options = cluster.Options;
        if (!cluster.FaultsOn || cluster.Random.Next(1000) >= options.CrashPerMille
            || cluster.Nodes.Count(node => !node.Running) >= (options.DownMax ?? int.MaxValue))
        {
            return false;
        }

        Crash();
        cluster.At((ulong)cluster.Random.NextInt64((long)options.RestartAfterMaxMs) + 1, Restart);
        return true;
    }

    void Restart()
    {
        if (!Running)
        {
            Start();
        }
    }

    void Perform(Effect effect)
    {
        switch (effect)
        {
            case Effect.Append:
                break;
            case Effect.Send(var to, var message):
                Watch(message);
                cluster.Log($"node {index} → {to}: {Readable.Of(message)}");
                cluster.Send(index, to, message);
                break;
            case Effect.Broadcast(var message):
                Broadcast(message);
                break;
            case Effect.Build(var view, var parent):
                // Never the same payload twice: a block that is built anew shows.
                var payload = BitConverter.GetBytes(cluster.Random.Next());
                var content = new BlockContent(cluster.NowMs, payload, RootAfter(parent.Hash), Digest.Zero);
                Take(new Input.Built(view, Building(content)));
                break;
            case Effect.Check(var block):
                var sound = block.Header.StateRoot == RootAfter(block.Header.ParentHash);
                Take(new Input.Checked(block.View, block.Hash, sound ? CheckAnswer : CheckResult.Invalid));
                break;
            case Effect.Obtain(var block, _):
                After(cluster.Options.ObtainMs, () => Take(new Input.Held(block.View, block.Hash)));
                break;
            case Effect.Finalize(var blocks, var finalization):
                foreach (var block in blocks.Where(block => block.Header.Height.Value > Height))
                {
                    Commit(block, block == blocks[^1] ? finalization : null);
                }

                break;
            case Effect.Behind(var finalization, _):
                Syncs++;
                cluster.Log($"node {index} is behind view {finalization.View}");
                After(2 * cluster.Options.DelayMaxMs, Sync);
                break;
            case Effect.Report(var evidence):
                cluster.Log($"node {index} reports node {evidence.Offender} in view {evidence.View}");
                Reports.Add(evidence);
                break;
            default:
                Assert.Fail($"unknown effect {effect}");
                break;
        }
    }

    public void Broadcast(Message message)
    {
        if (Misbehave(message))
        {
            return;
        }

        Watch(message);
        cluster.Log($"node {index} → all: {Readable.Of(message)}");
        foreach (var peer in cluster.Nodes.Where(peer => peer != this))
        {
            cluster.Send(index, peer.Index, message);
        }
    }

    /// <summary>Tells the oracle what leaves this node under its own signature.</summary>
    public void Watch(Message message)
    {
        switch (message)
        {
            case Message.Proposal proposal:
                if (proposal.Block.Header.Leader == index)
                {
                    ProposedAtMs.TryAdd(proposal.Block.Header.Height.Value, cluster.NowMs);
                    cluster.Oracle.OnVote(index, proposal.LeaderVote);
                }

                break;
            case Message.Ballot(var vote):
                cluster.Oracle.OnVote(index, vote);
                break;
        }
    }

    void Commit(Block block, Certificate? finalization)
    {
        Assert.Equal(Height + 1, block.Header.Height.Value);
        cluster.Oracle.OnCommit(index, block);
        store.Add((block, finalization));
        FinalizedAtMs[Height] = cluster.NowMs;
        PruneJournal(block.View);
        cluster.Log($"node {index} finalises height {Height} of view {block.View}");
    }

    /// <summary>What lies at or below both the durable tip and the core's floor is not needed: half of the nodes prune at once, half
    /// never.</summary>
    void PruneJournal(View durable)
    {
        if ((index + cluster.Options.Seed) % 2 == 0)
        {
            var before = journal.Count;
            journal.RemoveAll(entry => entry.View <= durable && entry.View <= Core!.JournalFloor);
            syncedRecords -= before - journal.Count;
        }
    }

    /// <summary>The host's block sync: from any node that runs, up to its last block with a finalization.</summary>
    void Sync()
    {
        var reachable = cluster.Nodes.Where(node => node.Running && cluster.Link(index, node.Index) && cluster.Link(node.Index, index));
        var source = reachable.MaxBy(node => node.Height);
        var last = source?.store.FindLastIndex(entry => entry.Finalization is not null) ?? -1;
        if (last < store.Count)
        {
            return; // Nobody has more just now: the core will ask again.
        }

        for (var i = store.Count; i <= last; i++)
        {
            Commit(source!.store[i].Block, source.store[i].Finalization);
        }

        Take(new Input.CaughtUp(store[^1].Block.Header, store[^1].Finalization!));
    }

    void After(ulong ms, Action action)
    {
        if (ms == 0)
        {
            action();
            return;
        }

        var now = life;
        cluster.At(ms, () =>
        {
            if (now == life)
            {
                action();
            }
        });
    }

    static Digest RootAfter(Digest block) => new TaggedHash("test/state").Of(block.ToArray());

    public override string ToString() =>
        Running ? $"node {index}: view {Core!.View}, height {Height}" : $"node {index}: down, height {Height}";
}
