using AppChain.Crypto;

namespace Crypto.Tests;

public sealed class StateChunkTests
{
    private const int Mutations = 100_000;
    private static readonly int[] Sizes = [0, 1, 2, 3, 5, 16, 100, 700];

    [Fact]
    public void Verify_HonestChunksOfEveryPrefix_AreAccepted()
    {
        Random random = new(1);
        int accepted = 0;
        foreach (int size in Sizes)
        {
            ChunkRecord[] state = State(size, seed: size);
            Hash256 root = SortedRecords.Subtree(state, 0).Hash;
            for (int i = 0; i < 60; i++, accepted++)
            {
                KeyPrefix prefix = SomePrefix(random, state, depthMax: 20);
                Assert.Equal(ChunkCheck.Valid, StateChunk.Verify(root, prefix, Honest(state, prefix), out IReadOnlyList<ChunkRecord> records));
                Assert.Equal(Hashes(state.Where(record => prefix.Contains(record.KeyHash))), Hashes(records));
            }
        }
        Assert.Equal(Sizes.Length * 60, accepted);
    }

    [Theory]
    [InlineData(0, 100)]
    [InlineData(1, 100)]
    [InlineData(3, 50)]
    [InlineData(5_000, 2_000)]
    [InlineData(5_000, 40)]
    [InlineData(5_000, 10_000_000)]
    public void Cut_AnyState_CoversItOnceWithChunksThatVerify(int size, int target)
    {
        ChunkRecord[] state = State(size, seed: 3);
        ChunkRecord[][] buckets = [.. Enumerable.Range(0, ChunkCutter.Buckets)
            .Select(bucket => state.Where(record => record.KeyHash.Bytes[0] == bucket).ToArray())];
        ChunkCutter cutter = new(
            [.. buckets.Select(records => (SortedRecords.Subtree(records, ChunkCutter.BucketDepth), records.Sum(record => (long)record.EncodedLength)))],
            bucket => buckets[bucket],
            target);
        Hash256 root = SortedRecords.Subtree(state, 0).Hash;
        Assert.Equal(root, cutter.Root);

        List<ChunkRecord> covered = [];
        KeyPrefix? before = null;
        foreach ((KeyPrefix prefix, byte[] chunk) in cutter.Cut())
        {
            if (before is { } last)
            {
                Assert.True(last.TryNext(prefix.Length, out KeyPrefix next));
                Assert.Equal(next, prefix);
            }
            else
            {
                Assert.Equal(KeyPrefix.First(prefix.Length), prefix);
            }
            before = prefix;
            Assert.Equal(ChunkCheck.Valid, StateChunk.Verify(root, prefix, chunk, out IReadOnlyList<ChunkRecord> records));
            Assert.True(records.Count < 2 || records.Sum(record => record.EncodedLength) <= target);
            covered.AddRange(records);
        }
        Assert.True(before!.Value.IsLast);
        Assert.False(before.Value.TryNext(before.Value.Length, out _));
        Assert.Equal(Hashes(state), Hashes(covered));
    }

    [Fact]
    public void Prefix_ReplacedByTheNext_WalksOverTheWholeTree()
    {
        KeyPrefix prefix = KeyPrefix.First(3);
        List<string> walked = [prefix.ToString()];
        while (prefix.TryNext(3, out prefix))
            walked.Add(prefix.ToString());
        Assert.Equal(["000", "001", "010", "011", "100", "101", "110", "111"], walked);
    }

    [Fact]
    public void Verify_MutatedChunks_AreAllRejected()
    {
        Random random = new(2);
        int rejected = 0;
        while (rejected < Mutations)
        {
            ChunkRecord[] state = State(random.Next(24), seed: random.Next(20));
            Hash256 root = SortedRecords.Subtree(state, 0).Hash;
            for (int i = 0; i < 100; i++)
            {
                KeyPrefix prefix = SomePrefix(random, state, depthMax: 7);
                byte[] honest = Honest(state, prefix);
                byte[] mutated = Mutate(random, honest, state, prefix);
                if (mutated.AsSpan().SequenceEqual(honest))
                    continue;
                ChunkCheck check = StateChunk.Verify(root, prefix, mutated, out IReadOnlyList<ChunkRecord> records);
                Assert.NotEqual(ChunkCheck.Valid, check);
                Assert.Empty(records);
                rejected++;
            }
        }
    }

    [Fact]
    public void Verify_AnotherPrefixOrRoot_IsRejected()
    {
        ChunkRecord[] state = State(300, seed: 9);
        Hash256 root = SortedRecords.Subtree(state, 0).Hash;
        KeyPrefix left = KeyPrefix.Root.Child(right: false);
        byte[] chunk = Honest(state, left);
        Assert.Equal(ChunkCheck.Valid, StateChunk.Verify(root, left, chunk, out _));
        Assert.Equal(ChunkCheck.MisplacedRecord, StateChunk.Verify(root, KeyPrefix.Root.Child(right: true), chunk, out _));
        Assert.Equal(ChunkCheck.WrongRoot, StateChunk.Verify(Hashing.Sha256([1]), left, chunk, out _));
        Assert.Equal(ChunkCheck.WrongRoot, StateChunk.Verify(root, KeyPrefix.Root, chunk, out _));
        Assert.Equal(ChunkCheck.TooLong, StateChunk.Verify(root, left, new byte[StateChunk.BytesMax + 1], out _));
    }

    [Fact]
    public void Verify_OnlyKeyPassedOffAsElsewhere_IsRejected()
    {
        // One key in the whole tree: shown as "another leaf" it would hide itself from its own subtree.
        ChunkRecord[] state = State(1, seed: 4);
        Hash256 root = SortedRecords.Subtree(state, 0).Hash;
        KeyPrefix own = KeyPrefix.Of(state[0].KeyHash, 8);
        byte[] hidden = StateChunk.Encode(new RangePath([], SortedRecords.Subtree(state, 0)), []);
        Assert.Equal(ChunkCheck.WrongRoot, StateChunk.Verify(root, own, hidden, out _));
        KeyPrefix elsewhere = KeyPrefix.Of(Hashing.Sha256(state[0].KeyHash.Bytes), 8);
        Assert.Equal(ChunkCheck.Valid, StateChunk.Verify(root, elsewhere, hidden, out _));
    }

    // Records are changed, left out, added, moved, swapped; siblings and single bits are changed; bytes are cut and added.
    private static byte[] Mutate(Random random, byte[] honest, ChunkRecord[] state, KeyPrefix prefix)
    {
        List<ChunkRecord> records = [.. state.Where(record => prefix.Contains(record.KeyHash))];
        RangePath path = Path(state, prefix);
        int at = records.Count == 0 ? 0 : random.Next(records.Count);
        switch (random.Next(7))
        {
            case 0 when records.Count > 0:
                records[at] = ChunkRecord.Of(records[at].Key, new byte[random.Next(9)]);
                break;
            case 1 when records.Count > 0:
                records.RemoveAt(at);
                break;
            case 2:
                records.Insert(at, ChunkRecord.Of(new byte[random.Next(1, 5)], new byte[] { 1 }));
                break;
            case 3 when records.Count > 1:
                (records[0], records[at]) = (records[at], records[0]);
                break;
            case 4:
                return [.. honest.AsSpan(0, random.Next(honest.Length))];
            case 5:
                return [.. honest, .. new byte[random.Next(1, 40)]];
            default:
                byte[] flipped = [.. honest];
                flipped[random.Next(honest.Length)] ^= (byte)(1 << random.Next(8));
                return flipped;
        }
        return StateChunk.Encode(path, [.. records]);
    }

    private static IEnumerable<(Hash256, Hash256)> Hashes(IEnumerable<ChunkRecord> records)
        => records.Select(record => (Hashing.Sha256(record.Key.Span), Hashing.Sha256(record.Value.Span)));

    private static byte[] Honest(ChunkRecord[] state, KeyPrefix prefix)
        => StateChunk.Encode(Path(state, prefix), [.. state.Where(record => prefix.Contains(record.KeyHash))]);

    private static RangePath Path(ReadOnlySpan<ChunkRecord> records, KeyPrefix prefix)
    {
        List<Hash256> siblings = [];
        for (int depth = 0; depth < prefix.Length; depth++)
        {
            if (records.Length < 2)
            {
                bool isOther = records.Length == 1 && !prefix.Contains(records[0].KeyHash);
                return new RangePath([.. siblings], isOther ? SortedRecords.Subtree(records, depth) : null);
            }
            int middle = SortedRecords.FirstRight(records, depth);
            bool right = TreeHash.GoesRight(prefix.Bits, depth);
            siblings.Add(SortedRecords.Subtree(right ? records[..middle] : records[middle..], depth + 1).Hash);
            records = right ? records[middle..] : records[..middle];
        }
        return new RangePath([.. siblings], other: null);
    }

    private static KeyPrefix SomePrefix(Random random, ChunkRecord[] state, int depthMax)
    {
        byte[] bits = new byte[Hash256.Size];
        random.NextBytes(bits);
        bool ofAKey = state.Length > 0 && random.Next(2) == 0;
        return KeyPrefix.Of(ofAKey ? state[random.Next(state.Length)].KeyHash : new Hash256(bits), random.Next(depthMax + 1));
    }

    private static ChunkRecord[] State(int size, int seed) => [.. Enumerable.Range(0, size)
        .Select(i => ChunkRecord.Of(BitConverter.GetBytes(i + (seed * 100_000)), BitConverter.GetBytes(i * 7L)[..(i % 9)]))
        .OrderBy(record => record.KeyHash)];
}
