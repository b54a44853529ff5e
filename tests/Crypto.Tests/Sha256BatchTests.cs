namespace AppChain.Crypto.Tests;

public class Sha256BatchTests
{
    // NIST CAVP, SHA256ShortMsg: the lengths on both sides of a block's end, and the examples of FIPS 180-4.
    public static TheoryData<string, string> PublishedDigests => new()
    {
        { "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
        { "d3", "28969cdfa74a12c82f3bad960b0b000aca2ac329deea5c2328ebc6f2ba9802c1" },
        { "616263", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
        {
            Convert.ToHexString("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"u8),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        },
        {
            Convert.ToHexString("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu"u8),
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
        },
    };

    [Theory]
    [MemberData(nameof(PublishedDigests))]
    public void Hash_InEveryLane_IsThePublishedDigest(string message, string digest)
    {
        byte[] bytes = Convert.FromHexString(message);
        for (int count = 1; count <= 17; count++)
        {
            byte[] messages = [.. Enumerable.Repeat(bytes, count).SelectMany(static one => one)];
            int[] ends = [.. Enumerable.Range(1, count).Select(i => i * bytes.Length)];
            Hash256[] digests = new Hash256[count];
            Sha256Batch.Hash(messages, ends, digests);
            Assert.All(digests, hash => Assert.Equal(digest, hash.ToString()));
        }
    }

    [Theory]
    [InlineData(1, 70)]
    [InlineData(2, 300)]
    [InlineData(3, 3_000)]
    public void Hash_RandomMessagesOfMixedLengths_EqualsThePortablePath(int seed, int lengthMax)
    {
        Random random = new(seed);
        for (int round = 0; round < 50; round++)
        {
            int[] ends = new int[random.Next(200)];
            for (int i = 0; i < ends.Length; i++)
                ends[i] = (i == 0 ? 0 : ends[i - 1]) + random.Next(lengthMax + 1);
            byte[] messages = new byte[ends.LastOrDefault()];
            random.NextBytes(messages);
            Hash256[] digests = new Hash256[ends.Length], expected = new Hash256[ends.Length];
            Sha256Batch.Hash(messages, ends, digests);
            Sha256Batch.HashPortably(messages, ends, expected);
            Assert.Equal(expected, digests);
        }
    }

    [Fact]
    public void Hash_EveryLengthUpToThreeBlocks_EqualsTheFramework()
    {
        byte[] bytes = new byte[192];
        new Random(4).NextBytes(bytes);
        int[] ends = new int[bytes.Length];
        List<byte> messages = [];
        for (int length = 0; length < bytes.Length; length++)
        {
            messages.AddRange(bytes.AsSpan(0, length));
            ends[length] = messages.Count;
        }
        Hash256[] digests = new Hash256[ends.Length];
        Sha256Batch.Hash(messages.ToArray(), ends, digests);
        Assert.All(digests.Index(), item => Assert.Equal(Hashing.Sha256(bytes.AsSpan(0, item.Index)), item.Item));
    }

    [Fact]
    public void TreeHash_OfManyLeavesAndNodes_EqualsOneByOne()
    {
        Random random = new(5);
        for (int count = 0; count < 40; count++)
        {
            TreeInput[] inputs = new TreeInput[count];
            Hash256[] expected = new Hash256[count];
            for (int i = 0; i < count; i++)
            {
                (Hash256 first, Hash256 second) = (RandomHash(random), RandomHash(random));
                inputs[i] = i % 3 == 0 ? TreeInput.Leaf(first, second) : TreeInput.Node(first, second);
                expected[i] = i % 3 == 0 ? TreeHash.Leaf(first, second) : TreeHash.Node(first, second);
            }
            Hash256[] hashes = new Hash256[count];
            TreeHash.Hash(inputs, hashes);
            Assert.Equal(expected, hashes);
        }
        Assert.Equal(TreeInput.Size, System.Runtime.CompilerServices.Unsafe.SizeOf<TreeInput>());
    }

    [Fact]
    public void Hash_LessRoomThanMessages_Throws()
    {
        Assert.Throws<ArgumentException>(() => Sha256Batch.Hash(new byte[2], [1, 2], new Hash256[1]));
        Assert.Throws<ArgumentException>(() => TreeHash.Hash(new TreeInput[2], new Hash256[1]));
    }

    private static Hash256 RandomHash(Random random)
    {
        byte[] bytes = new byte[Hash256.Size];
        random.NextBytes(bytes);
        return new Hash256(bytes);
    }
}
