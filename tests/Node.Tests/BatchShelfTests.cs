using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node;
using AppChain.Node.Pool;

namespace Node.Tests;

public sealed class BatchShelfTests
{
    private readonly BatchShelf shelf = new();

    [Fact]
    public void Select_OldestFirst_WithoutTheExcluded()
    {
        HeldBatch[] batches = [Add(1), Add(2), Add(3)];
        Assert.Equal([batches[0].Id, batches[2].Id], shelf.Select(new HashSet<Hash256> { batches[1].Id }).Select(batch => batch.Id));
        Assert.True(shelf.HasOtherThan(new HashSet<Hash256> { batches[0].Id }));
        Assert.False(shelf.HasOtherThan(batches.Select(batch => batch.Id).ToHashSet()));
    }

    [Fact]
    public void Select_MoreThanABlockTakes_StopsAtItsLimits()
    {
        for (int i = 0; i < LedgerLimits.BlockBatchesMax + 5; i++)
            Add(i);
        Assert.Equal(LedgerLimits.BlockBatchesMax, shelf.Select(new HashSet<Hash256>()).Count);
    }

    [Fact]
    public void OnIncluded_ALateCopy_DoesNotComeBack()
    {
        HeldBatch batch = Add(1);
        shelf.OnIncluded(batch.Id);
        Assert.False(shelf.Holds(batch.Id));
        Assert.False(shelf.TryAdd(batch, own: false));
        Assert.False(shelf.TryGet(batch.Id, out _));
    }

    [Fact]
    public void TryAdd_AnAuthorsShareIsFull_OthersStillFit()
    {
        int bytes = (int)(NodeLimits.ShelfBytesPerAuthorMax / 2) + 1;
        Assert.True(shelf.TryAdd(Batch(1, author: 0, bytes), own: false));
        Assert.False(shelf.TryAdd(Batch(2, author: 0, bytes), own: false));
        Assert.True(shelf.TryAdd(Batch(3, author: 1, bytes), own: false));
        Assert.True(shelf.TryAdd(Batch(4, author: 0, bytes), own: true));
    }

    [Fact]
    public void HasRoom_AfterAsManyBatchesAsAnAuthorMayHave_IsFalseUntilOneIsIncluded()
    {
        HeldBatch[] batches = [.. Enumerable.Range(0, NodeLimits.ShelfBatchesPerAuthorMax)
            .Select(i => new HeldBatch(Hashing.Sha256(BitConverter.GetBytes(i)), Author: 7, [], new byte[1]))];
        Assert.All(batches, batch => Assert.True(shelf.TryAdd(batch, own: false)));
        Assert.False(shelf.HasRoom(7, 1));
        Assert.True(shelf.HasRoom(8, 1));
        shelf.OnIncluded(batches[0].Id);
        Assert.True(shelf.HasRoom(7, 1));
    }

    [Fact]
    public void DropExpired_OnlyBatchesThatNoBlockCanUse()
    {
        HeldBatch old = Batch(1, 0, 10, validUntilMs: 1_000), young = Batch(2, 0, 10, validUntilMs: 3_000);
        shelf.TryAdd(old, own: false);
        shelf.TryAdd(young, own: false);
        shelf.DropExpired(2_000);
        Assert.False(shelf.Holds(old.Id));
        Assert.True(shelf.Holds(young.Id));
    }

    private HeldBatch Add(int number)
    {
        HeldBatch batch = Batch(number, 0, 10);
        Assert.True(shelf.TryAdd(batch, own: false));
        return batch;
    }

    private static HeldBatch Batch(int number, int author, int bytes, ulong validUntilMs = 1_000)
    {
        using PrivateKey key = PrivateKey.FromSeed(KeyScheme.Secp256k1, "shelf");
        ChainId chainId = ChainId.Parse("shelf");
        byte[] signed = TransactionBuilder.Sign(chainId, new Body(key.Address, (ulong)number + 1, validUntilMs, new Transfer(default, new Amount(1))), key);
        Assert.Equal(Reason.None, Transaction.TryDecode(signed, chainId, out Transaction? transaction));
        return new HeldBatch(transaction!.Id, author, [transaction], new byte[bytes]);
    }
}
