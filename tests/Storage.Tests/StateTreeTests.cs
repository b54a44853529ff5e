using AppChain.Crypto;
using FsCheck;
using FsCheck.Fluent;

namespace AppChain.Storage.Tests;

public sealed class StateTreeTests
{
    [Fact]
    public void Root_OfNoKeys_IsZero() => Assert.True(Empty.Root.IsZero);

    [Fact]
    public void Root_OfOneKey_IsItsLeaf()
    {
        (Hash256 key, Hash256 value) = (TestStore.HashOf("k"), TestStore.HashOf("v"));
        Assert.Equal(TreeHash.Leaf(key, value), Build([TreeChange.Put(key, value)]).Root);
    }

    [Fact]
    public void Root_OfKeysThatPartLate_HasABranchPerSharedBit()
    {
        byte[] first = new byte[32], second = new byte[32];
        second[31] = 1;
        Hash256 value = TestStore.HashOf("v");
        StateTree tree = Build([TreeChange.Put(new Hash256(first), value), TreeChange.Put(new Hash256(second), value)]);

        Assert.Equal(NaiveTree.RootOfHashes([(first, value.ToArray()), (second, value.ToArray())]), tree.Root.ToArray());
        Assert.Equal(TreeHash.DepthMax, tree.Prove(new Hash256(first)).Depth);
        Assert.Equal(TreeHash.Leaf(new Hash256(second), value), tree.Update([TreeChange.Delete(new Hash256(first))]).Root);
    }

    [Theory]
    [InlineData(1, 8)]
    [InlineData(2, 40)]
    [InlineData(3, 400)]
    public void Update_ThousandsOfRandomChanges_EqualsTheNaiveTree(int seed, int keys)
    {
        Random random = new(seed);
        SortedDictionary<string, byte[]> model = [];
        StateTree tree = Empty;
        for (int round = 0; round < 120; round++)
        {
            Dictionary<string, byte[]?> batch = [];
            for (int i = random.Next(1, 40); i > 0; i--)
                batch[random.Next(keys).ToString("x8")] = random.Next(3) == 0 ? null : [(byte)random.Next(256)];
            foreach ((string key, byte[]? value) in batch)
            {
                if (value is null)
                    model.Remove(key);
                else
                    model[key] = value;
            }
            tree = tree.Update(ChangeHashing.Hash([.. batch.Select(static change => change.Value is { } value
                ? StateChange.Put(Convert.FromHexString(change.Key), value)
                : StateChange.Delete(Convert.FromHexString(change.Key)))]));

            Assert.Equal(NaiveTree.Root(model), tree.Root.ToArray());
            Assert.Equal(model.Count, tree.Count);
        }
    }

    [Fact]
    public void Root_OfTheSameLeaves_DoesNotDependOnTheOrderOfInsertion()
    {
        Prop.ForAll<byte[], int>(static (keys, seed) =>
        {
            TreeChange[] leaves = [.. keys.Distinct().Select(static key
                => TreeChange.Put(Hashing.Sha256([key]), Hashing.Sha256([key, key])))];
            TreeChange[] shuffled = [.. leaves];
            new Random(seed).Shuffle(shuffled);
            StateTree oneByOne = shuffled.Aggregate(Empty, static (tree, leaf) => tree.Update([leaf]));
            return oneByOne.Root == Build(leaves).Root && oneByOne.Count == leaves.Length;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Update_DoesNotChangeTheTreeItStartsFrom()
    {
        StateTree before = Tree(100);
        Hash256 root = before.Root;
        StateTree after = before.Update([TreeChange.Delete(KeyHash(7))]);

        Assert.Equal(root, before.Root);
        Assert.Equal(StateProofKind.Present, before.Prove(KeyHash(7)).Kind);
        Assert.NotEqual(StateProofKind.Present, after.Prove(KeyHash(7)).Kind);
        Assert.Equal(root, after.Update([TreeChange.Put(KeyHash(7), Hashing.Sha256(Value(7)))]).Root);
    }

    [Fact]
    public void Update_WithoutEffect_ReturnsTheSameTree()
    {
        StateTree tree = Tree(50);
        TreeChange[] changes = [TreeChange.Put(KeyHash(3), Hashing.Sha256(Value(3))), TreeChange.Delete(KeyHash(1_000))];
        Assert.Same(tree, tree.Update(TreeChange.Sorted(changes)));
    }

    [Fact]
    public void Update_OutOfOrderOrTwice_Throws()
    {
        TreeChange[] changes = TreeChange.Sorted([TreeChange.Put(KeyHash(1), default), TreeChange.Put(KeyHash(2), default)]);
        Array.Reverse(changes);
        Assert.Throws<ArgumentException>(() => Empty.Update(changes));
        Assert.Throws<ArgumentException>(() => Empty.Update([changes[0], changes[0]]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(300)]
    public void Prove_EveryPresentAndAbsentKey_IsAcceptedForThatAndNothingElse(int count)
    {
        StateTree tree = Tree(count);
        for (int i = 0; i < count + 200; i++)
        {
            Assert.True(StateProof.TryDecode(tree.Prove(KeyHash(i)).Encode(), out StateProof? proof));
            bool isPresent = i < count;
            Assert.Equal(isPresent, proof.VerifyPresent(tree.Root, Key(i), Value(i)));
            Assert.Equal(!isPresent, proof.VerifyAbsent(tree.Root, Key(i)));
            Assert.False(proof.VerifyPresent(tree.Root, Key(i), Value(i + 1)));
            Assert.False(proof.VerifyPresent(TestStore.HashOf("another root"), Key(i), Value(i)));
            Assert.False(proof.VerifyAbsent(TestStore.HashOf("another root"), Key(i)));
        }
    }

    internal static StateTree Tree(int count) => Build(
        [.. Enumerable.Range(0, count).Select(static i => TreeChange.Put(KeyHash(i), Hashing.Sha256(Value(i))))]);

    private static StateTree Empty => new TreeHistory().Newest;

    private static StateTree Build(params TreeChange[] leaves) => Empty.Update(TreeChange.Sorted(leaves));

    internal static byte[] Key(int i) => TestStore.Bytes($"key {i}");

    internal static byte[] Value(int i) => TestStore.Bytes($"value {i}");

    internal static Hash256 KeyHash(int i) => Hashing.Sha256(Key(i));
}
