using AppChain.Client;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node;
using AppChain.Node.Driver;
using AppChain.Node.Peers;
using AppChain.Node.Pool;
using AppChain.Protos.V1;
using AppChain.Storage;
using Google.Protobuf;
using Address = AppChain.Crypto.Address;
using Batch = AppChain.Ledger.Batch;
using Body = AppChain.Ledger.Body;
using KeyScheme = AppChain.Crypto.KeyScheme;

namespace Node.Tests;

/// <summary>What of the batches that come in is kept, and on whose account.</summary>
public sealed class BatchIntakeTests : IDisposable
{
    private const int Author = 2;

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("appchain-intake-tests-");
    private readonly Genesis genesis = Genesis.TryParse(Repository.Read("genesis.json"), out Genesis? parsed, out string? error) ? parsed : throw new InvalidOperationException(error);
    private readonly PrivateKey sender = PrivateKey.Generate(KeyScheme.Secp256k1);
    private readonly BatchShelf shelf = new();
    private readonly ChainStore store;
    private readonly BatchIntake intake;
    private readonly TestPeer author;

    public BatchIntakeTests()
    {
        using PrivateKey key = PrivateKey.FromSeed(KeyScheme.Secp256k1, $"appchain-devnet/validator/{Author}");
        author = new TestPeer(genesis.Hash, key);
        store = ChainStore.Open(directory.FullName, new StoreOptions());
        store.InitializeGenesis(genesis.ChainId.Text, genesis.Hash, LedgerState.ToStored(genesis.InitialState()), genesis.TimeMs);
        intake = new BatchIntake(genesis.ChainId, store, shelf, static () => { });
    }

    private PeerCaller Caller => new(new NodeCertificate(genesis.Hash, author.Identity.ConsensusKey, author.Identity.NodeKey), Author, IsValidator: true);

    public void Dispose()
    {
        author.Dispose();
        sender.Dispose();
        store.Dispose();
        directory.Delete(recursive: true);
    }

    [Fact]
    public void Offer_OfItsAuthor_IsStoredAndShelved()
    {
        (BatchMessage message, Hash256 id) = New(1);
        Assert.Null(intake.Offer(message, Caller));
        Assert.True(store.HasBatch(id) && shelf.Holds(id));
        Assert.Null(intake.Offer(message, Caller)); // once more is nothing new
    }

    [Fact]
    public void Offer_WhileTheAuthorsShareIsFull_LeavesNothing_AndABlockStillGetsIt()
    {
        Assert.True(shelf.TryAdd(new HeldBatch(Hash256.Zero, Author, [], new byte[NodeLimits.ShelfBytesPerAuthorMax]), own: false));
        (BatchMessage message, Hash256 id) = New(1);

        Assert.Null(intake.Offer(message, Caller));
        Assert.False(intake.Has(id));

        Assert.Null(intake.AcceptNamed(message.Batch.Memory));
        Assert.True(intake.Has(id));
    }

    [Fact]
    public void AcceptNamed_TakesNothingOfTheShareOfTheAuthorThatItNames()
    {
        (BatchMessage message, Hash256 id) = New(1);
        Assert.Null(intake.AcceptNamed(message.Batch.Memory));
        Assert.True(store.HasBatch(id));
        Assert.False(shelf.Holds(id));
        Assert.True(shelf.HasRoom(Author, (int)NodeLimits.ShelfBytesPerAuthorMax));
    }

    [Fact]
    public void Batch_WithAForgedTransaction_IsRefusedHoweverItComes()
    {
        (BatchMessage message, Hash256 id) = New(1, forged: true);
        Assert.Equal(Reason.BadSignature.Explanation(), intake.Offer(message, Caller));
        Assert.Equal(Reason.BadSignature.Explanation(), intake.AcceptNamed(message.Batch.Memory));
        Assert.False(intake.Has(id));
    }

    [Fact]
    public void Offer_OfWhoIsNoValidator_IsNotListenedTo()
    {
        (BatchMessage message, Hash256 id) = New(1);
        Assert.Null(intake.Offer(message, Caller with { IsValidator = false }));
        Assert.Null(intake.Offer(message, Caller with { Number = null, IsValidator = false }));
        Assert.False(intake.Has(id));
    }

    private (BatchMessage Message, Hash256 Id) New(ulong sequence, bool forged = false)
    {
        Body body = new(sender.Address, sequence, ulong.MaxValue / 2, new AppChain.Ledger.Transfer(Address.Of(KeyScheme.Secp256k1, author.Identity.ConsensusKey.Span), new Amount(1)));
        AppChain.Protos.V1.Transaction transaction = SignedTransaction.Create(genesis.ChainId, body, sender).Wire;
        if (forged)
        {
            byte[] signature = transaction.Signatures[0].Signature_.ToByteArray();
            signature[40] ^= 1;
            transaction.Signatures[0].Signature_ = ByteString.CopyFrom(signature);
        }
        byte[] encoded = new Batch(Author, sequence, [transaction.ToByteArray()]).Encode();
        Hash256 id = Batch.IdOf(encoded);
        return (new BatchMessage { Batch = ByteString.CopyFrom(encoded), Signature = ByteString.CopyFrom(author.Identity.SignBatch(id)) }, id);
    }
}
