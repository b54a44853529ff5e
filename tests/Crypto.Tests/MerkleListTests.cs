using FsCheck;
using FsCheck.Fluent;

namespace AppChain.Crypto.Tests;

public class MerkleListTests
{
    private const int CountMax = 40;

    // Computed apart from this code, over the items SHA-256(0x00), SHA-256(0x01), …
    [Theory]
    [InlineData(0, "0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData(1, "d9de27625445003d8a9739a851e3ff8d41c0683630b4d63a88327a6aaa37c409")]
    [InlineData(2, "604d540f09268b91672ab011394d5266ccd7d4484d0d109411a55848126a1b2c")]
    [InlineData(3, "d1f13800048f5909d4043fc0c152f6643280cba608b672715e56ce159a20629f")]
    [InlineData(7, "bee2275db16667589a4515f63e0d053a2fa602c1d9f9703e98920a5bdad59baf")]
    [InlineData(8, "80e139b44c90f91edebec705cc7586c3d90f4bdadd49628d25c20d4b03419287")]
    public void Root_KnownList_IsTheGoldenHash(int count, string root) => Assert.Equal(root, MerkleList.Root(Items(count)).ToString());

    [Fact]
    public void Root_AnyList_FollowsTheRecursiveDefinition() =>
        Prop.ForAll<byte[]>(bytes =>
        {
            Hash256[] items = [.. bytes.Select(value => Hashing.Sha256([value]))];
            return MerkleList.Root(items) == Defined(items);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Root_EveryCountUpToAFewLevels_FollowsTheRecursiveDefinition()
    {
        for (int count = 0; count <= 130; count++)
            Assert.Equal(Defined(Items(count)), MerkleList.Root(Items(count)));
    }

    [Fact]
    public void Verify_EveryItemsProof_AcceptsThatPlaceOnly()
    {
        for (int count = 1; count <= CountMax; count++)
        {
            Hash256[] items = Items(count);
            Hash256 root = MerkleList.Root(items);
            for (int index = 0; index < count; index++)
            {
                Hash256[] path = MerkleList.Prove(items, index);
                for (int claimed = -1; claimed <= count; claimed++)
                    Assert.Equal(claimed == index, MerkleList.Verify(root, items[index], claimed, count, path));
            }
        }
    }

    [Fact]
    public void Verify_ForgedProof_Rejects() =>
        Prop.ForAll<int, int, int>((countSeed, indexSeed, bitSeed) =>
        {
            int count = 1 + (int)((uint)countSeed % CountMax);
            int index = (int)((uint)indexSeed % count);
            Hash256[] items = Items(count);
            Hash256 root = MerkleList.Root(items);
            Hash256[] path = MerkleList.Prove(items, index);
            bool forgedAccepted = MerkleList.Verify(root, Flip(items[index], bitSeed), index, count, path)
                || MerkleList.Verify(Flip(root, bitSeed), items[index], index, count, path)
                || MerkleList.Verify(root, items[index], index, count, [.. path, Hash256.Zero])
                || MerkleList.Verify(root, items[index], index, count, [Hash256.Zero, .. path])
                || (path.Length > 0 && MerkleList.Verify(root, items[index], index, count, path[..^1]))
                || (path.Length > 0 && MerkleList.Verify(root, items[index], index, count, path[1..]));
            for (int i = 0; i < path.Length; i++)
            {
                Hash256[] forged = [.. path];
                forged[i] = Flip(path[i], bitSeed);
                forgedAccepted |= MerkleList.Verify(root, items[index], index, count, forged);
            }
            return !forgedAccepted;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Verify_NodeOfferedAsItem_Rejects()
    {
        // Without the leaf's own mark, the left half of four items would pass for the first of two.
        Hash256[] items = Items(4);
        Hash256 left = MerkleList.Root(items.AsSpan(0, 2)), right = MerkleList.Root(items.AsSpan(2, 2));
        Assert.False(MerkleList.Verify(MerkleList.Root(items), left, 0, 2, [right]));
    }

    [Fact]
    public void Verify_EmptyList_HasNoItem() => Assert.False(MerkleList.Verify(Hash256.Zero, Hash256.Zero, 0, 0, []));

    [Fact]
    public void Verify_LargestCount_IsStrictAndEnds()
    {
        Hash256[] path = new Hash256[MerkleList.PathLengthMax];
        Assert.False(MerkleList.Verify(Hash256.Zero, Hash256.Zero, int.MaxValue - 1, int.MaxValue, path));
        Assert.False(MerkleList.Verify(Hash256.Zero, Hash256.Zero, 0, int.MaxValue, path));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void Prove_NoSuchIndex_Throws(int index) => Assert.Throws<ArgumentOutOfRangeException>(() => MerkleList.Prove(Items(3), index));

    private static Hash256[] Items(int count) => [.. Enumerable.Range(0, count).Select(i => Hashing.Sha256([(byte)i]))];

    private static Hash256 Flip(Hash256 hash, int bitSeed)
    {
        byte[] bytes = hash.ToArray();
        uint bit = (uint)bitSeed % 256;
        bytes[bit / 8] ^= (byte)(1 << (int)(bit % 8));
        return new Hash256(bytes);
    }

    // RFC 6962, 2.1, word for word: slow and obvious.
    private static Hash256 Defined(ReadOnlySpan<Hash256> items)
    {
        if (items.IsEmpty)
            return Hash256.Zero;
        if (items.Length == 1)
            return Hashing.Sha256([0, .. items[0].Bytes]);
        int split = 1;
        while (split * 2 < items.Length)
            split *= 2;
        return Hashing.Sha256([1, .. Defined(items[..split]).Bytes, .. Defined(items[split..]).Bytes]);
    }
}
