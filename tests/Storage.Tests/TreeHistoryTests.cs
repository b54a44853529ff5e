using AppChain.Crypto;

namespace AppChain.Storage.Tests;

/// <summary>Versions of the tree that share memory: forked, forgotten, finalised and expired in any order.</summary>
public sealed class TreeHistoryTests
{
    private const int RetainedMax = 4;

    [Theory]
    [InlineData(1, 12, 300)]
    [InlineData(2, 60, 300)]
    [InlineData(3, 900, 150)]
    public void Versions_ForkedForgottenFinalisedAndExpiredAtRandom_EachEqualTheirModel(int seed, int keys, int rounds)
    {
        Random random = new(seed);
        TreeHistory history = new();
        List<Modelled> finals = [new(history.Newest, [])];
        List<Modelled> drafts = [];
        for (int round = 0; round < rounds; round++)
        {
            bool onDraft = random.Next(3) > 0 && drafts.Count > 0;
            Modelled parent = onDraft ? drafts[random.Next(drafts.Count)] : finals[random.Next(finals.Count)];
            drafts.Add(Child(parent, random, keys));
            if (random.Next(2) == 0 && drafts.Find(draft => draft.Tree.Parent == finals[^1].Tree) is { } next)
            {
                history.Finalise(next.Tree);
                drafts.RemoveAll(draft => draft.Tree == next.Tree);
                finals.Add(next);
            }
            if (finals.Count > RetainedMax)
            {
                StateTree expired = finals[0].Tree;
                finals.RemoveAt(0);
                drafts.RemoveAll(draft => draft.Tree.Base == expired);
                history.ExpireBefore(finals[0].Tree);
                Assert.Equal(expired.Root.IsZero, expired.Count == 0);
                Assert.Equal(StorageFault.Expired, Assert.Throws<StorageException>(() => expired.Prove(Hash(0))).Fault);
            }
            // Forgotten ones must be collected to go: their memory is used again for others.
            drafts.RemoveAll(_ => random.Next(4) == 0);
            if (round % 20 == 0)
                GC.Collect();
            CheckEquals(drafts, random, keys);
            CheckEquals(finals, random, keys);
        }
    }

    [Fact]
    public void Memory_OfVersionsThatWent_IsUsedAgain()
    {
        TreeHistory history = new();
        StateTree Next(int round) => history.Newest.Update(TreeChange.Sorted(
            [.. Enumerable.Range(0, 2_000).Select(i => TreeChange.Put(Hash(i), Hash(round)))]));
        void Advance(int round)
        {
            Next(round);
            history.Finalise(Next(round));
            history.ExpireBefore(history.Newest);
            GC.Collect();
        }
        for (int round = 0; round < 5; round++)
            Advance(round);
        long held = history.CapacityBytes;
        for (int round = 5; round < 40; round++)
            Advance(round);
        Assert.InRange(history.CapacityBytes, held / 2, held * 3 / 2);
    }

    [Fact]
    public void Memory_OfATreeThatGrew_IsBounded()
    {
        const int Keys = 200_000;
        TreeHistory history = new();
        foreach (int[] some in Enumerable.Range(0, Keys).Chunk(20_000))
        {
            history.Finalise(history.Newest.Update(TreeChange.Sorted(Array.ConvertAll(some, i => TreeChange.Put(Hash(i), Hash(i))))));
            history.ExpireBefore(history.Newest);
        }
        Assert.Equal(Keys, history.Newest.Count);
        // 64 bytes of hashes, the branches, room for the version before, and chunks that are not full yet.
        Assert.InRange(history.CapacityBytes / Keys, 64, 135);
    }

    [Fact]
    public async Task Prove_WhileVersionsExpire_IsRightOrRefused()
    {
        TreeHistory history = new();
        StateTree[] newest = [history.Newest.Update([TreeChange.Put(Hash(0), Hash(0))])];
        history.Finalise(newest[0]);
        using CancellationTokenSource done = new();
        (int proved, int refused) = (0, 0);
        Task[] readers = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                StateTree tree = Volatile.Read(ref newest[0]);
                for (int i = 0; i < 20; i++)
                {
                    try
                    {
                        // The root of a proof shows whether it was read from the right nodes.
                        StateProof proof = tree.Prove(Hash(0));
                        Assert.Equal(StateProofKind.Present, proof.Kind);
                        Assert.True(proof.VerifyPresent(tree.Root, Key(0), Key(0)));
                        Interlocked.Increment(ref proved);
                    }
                    catch (StorageException exception) when (exception.Fault == StorageFault.Expired)
                    {
                        Interlocked.Increment(ref refused);
                    }
                }
            }
        }, TestContext.Current.CancellationToken))];
        for (int round = 1; round < 400 || Volatile.Read(ref proved) < 100; round++)
        {
            Assert.DoesNotContain(readers, static reader => reader.IsFaulted);
            StateTree next = history.Newest.Update(TreeChange.Sorted(
                [.. Enumerable.Range(1, 300).Select(i => TreeChange.Put(Hash(i), Hash((i * 1_000) + round)))]));
            history.Finalise(next);
            Volatile.Write(ref newest[0], next);
            history.ExpireBefore(next);
        }
        await done.CancelAsync();
        await Task.WhenAll(readers);
        Assert.True(proved >= 100);
    }

    [Fact]
    public void Finalise_NotMadeFromTheNewest_Throws()
    {
        TreeHistory history = new();
        StateTree genesis = history.Newest;
        StateTree first = genesis.Update([TreeChange.Put(Hash(1), Hash(1))]);
        StateTree rival = genesis.Update([TreeChange.Put(Hash(2), Hash(2))]);
        StateTree second = first.Update([TreeChange.Put(Hash(3), Hash(3))]);
        Assert.Throws<InvalidOperationException>(() => history.Finalise(second));
        history.Finalise(first);
        Assert.Throws<InvalidOperationException>(() => history.Finalise(rival));
        history.Finalise(second);
        Assert.Same(second, history.Newest);
    }

    [Fact]
    public void Update_OfManyChangesInParallel_EqualsOneByOne()
    {
        StateTree together = new TreeHistory().Newest.Update(TreeChange.Sorted(
            [.. Enumerable.Range(0, 3_000).Select(i => TreeChange.Put(Hash(i), Hash(i)))]));
        StateTree oneByOne = Enumerable.Range(0, 3_000)
            .Aggregate(new TreeHistory().Newest, static (tree, i) => tree.Update([TreeChange.Put(Hash(i), Hash(i))]));
        Assert.Equal(oneByOne.Root, together.Root);
        Assert.Equal(3_000, together.Count);
    }

    private static Modelled Child(Modelled parent, Random random, int keys)
    {
        Dictionary<int, int> model = new(parent.Model);
        Dictionary<int, TreeChange> changes = [];
        int deletes = random.Next(1, 4);
        for (int i = random.Next(1 + (keys / 4)); i > 0; i--)
        {
            (int key, int value) = (random.Next(keys), random.Next(5));
            bool isDelete = random.Next(4) < deletes;
            changes[key] = isDelete ? TreeChange.Delete(Hash(key)) : TreeChange.Put(Hash(key), Hash(value));
            if (isDelete)
                model.Remove(key);
            else
                model[key] = value;
        }
        return new Modelled(parent.Tree.Update(TreeChange.Sorted([.. changes.Values])), model);
    }

    private static void CheckEquals(List<Modelled> versions, Random random, int keys)
    {
        if (versions.Count == 0)
            return;
        Modelled version = versions[random.Next(versions.Count)];
        byte[] root = NaiveTree.RootOfHashes(
            version.Model.Select(static entry => (Hash(entry.Key).ToArray(), Hash(entry.Value).ToArray())));
        Assert.Equal(root, version.Tree.Root.ToArray());
        Assert.Equal(version.Model.Count, version.Tree.Count);
        // Every version still held must be whole: its proofs reach its root.
        foreach (Modelled other in versions)
        {
            int key = random.Next(keys);
            StateProof proof = other.Tree.Prove(Hash(key));
            Assert.True(other.Model.TryGetValue(key, out int value)
                ? proof.VerifyPresent(other.Tree.Root, Key(key), Key(value))
                : proof.VerifyAbsent(other.Tree.Root, Key(key)));
        }
    }

    private static byte[] Key(int i) => BitConverter.GetBytes(i);

    private static Hash256 Hash(int i) => Hashing.Sha256(Key(i));

    private sealed record Modelled(StateTree Tree, Dictionary<int, int> Model);
}
