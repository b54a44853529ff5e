using AppChain.Client;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Protos.V1;
using Grpc.Core;
using Address = AppChain.Crypto.Address;
using Body = AppChain.Ledger.Body;
using KeyScheme = AppChain.Crypto.KeyScheme;
using Stage = AppChain.Protos.V1.SubmitResponse.Types.Stage;
using SupplyAudit = AppChain.Protos.V1.SupplyAudit;

namespace Node.Tests;

/// <summary>One network of four for all tests here: they only add to it.</summary>
public sealed class NetworkFixture : IAsyncLifetime
{
    public LocalNetwork Network { get; private set; } = null!;

    public PrivateKey Owner { get; } = PrivateKey.FromSeed(KeyScheme.Secp256k1, "appchain-devnet/owner/0");

    public async ValueTask InitializeAsync() => Network = await LocalNetwork.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await Network.DisposeAsync();
        Owner.Dispose();
    }
}

public sealed class NetworkTests(NetworkFixture fixture) : IClassFixture<NetworkFixture>
{
    private LocalNetwork Network => fixture.Network;

    [Fact]
    public async Task Transfer_FinalOnOneNode_IsTheSameOnAll()
    {
        Address receiver = NewAddress();
        await using NodeClient client = Network.Connect(0);
        using Wallet wallet = new(client, Network.Genesis.ChainId, fixture.Owner);

        SubmitResult result = await wallet.TransferAsync(receiver, new Amount(12_345), TestContext.Current.CancellationToken);

        Assert.True(result.Succeeded, result.Explanation);
        // The next block proves the state after this one: all nodes must have it, and the same.
        await Task.WhenAll(Enumerable.Range(0, LocalNetwork.Validators).Select(i => Network.WaitForHeightAsync(i, result.Height + 1)));
        List<(string Hash, string Root)> seen = [];
        for (int i = 0; i < LocalNetwork.Validators; i++)
        {
            await using NodeClient other = Network.Connect(i);
            Assert.Equal(12_345ul, (await other.GetAccountAsync(receiver, TestContext.Current.CancellationToken)).Balance);
            Block block = await other.GetBlockAsync(result.Height, cancellation: TestContext.Current.CancellationToken);
            seen.Add((block.Hash.ToBase64(), block.StateRoot.ToBase64()));
        }
        Assert.Single(seen.Distinct());
    }

    [Fact]
    public async Task Submit_TheSameTransactionAgainAfterFinality_AnswersFinalWithTheSameReceipt()
    {
        await using NodeClient client = Network.Connect(1);
        SignedTransaction transaction = await TransferOfOneGrainAsync(client, NewAddress());

        SubmitResult first = await client.SubmitAndWaitAsync(transaction, TestContext.Current.CancellationToken);
        SubmitResult again = await client.SubmitAsync(transaction, TestContext.Current.CancellationToken);

        Assert.True(first.Succeeded, first.Explanation);
        Assert.Equal(Stage.Final, again.Stage);
        Assert.Equal((first.Id, first.Height), (again.Id, again.Height));
    }

    [Fact]
    public async Task SubmitStream_HalfClosedAtOnce_StillAnswersEverything()
    {
        await using NodeClient client = Network.Connect(2);
        using PrivateKey sender = PrivateKey.Generate(KeyScheme.Secp256k1);
        await FundAsync(client, sender.Address);
        using AsyncDuplexStreamingCall<SubmitRequest, SubmitResponse> stream = client.OpenSubmitStream(TestContext.Current.CancellationToken);
        for (ulong i = 1; i <= 20; i++)
            await stream.RequestStream.WriteAsync(new SubmitRequest { Transaction = Transfer(sender, i, NewAddress()).Wire, Tag = i }, TestContext.Current.CancellationToken);
        await stream.RequestStream.WriteAsync(new SubmitRequest { Tag = 99 }, TestContext.Current.CancellationToken);
        await stream.RequestStream.CompleteAsync();

        List<SubmitResponse> answers = [];
        while (await stream.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
            answers.Add(stream.ResponseStream.Current);

        Assert.Equal(Enumerable.Range(1, 20).Select(i => (ulong)i), answers.Where(a => a.Stage == Stage.Final).Select(a => a.Tag).Order());
        Assert.Equal(Enumerable.Range(1, 20).Select(i => (ulong)i), answers.Where(a => a.Stage == Stage.Admitted).Select(a => a.Tag));
        Assert.Equal("malformed", Assert.Single(answers, a => a.Stage == Stage.Refused).Reason);
    }

    [Fact]
    public async Task Subscribe_FromTheFirstBlock_BringsEveryBlockOnceAndLinked()
    {
        ulong tip = (await Network.WaitForHeightAsync(3, 5)).Height;
        await using NodeClient client = Network.Connect(3);
        List<Block> blocks = [];
        await foreach (Block block in client.SubscribeAsync(1, true, TestContext.Current.CancellationToken))
        {
            blocks.Add(block);
            if (block.Header.Height == tip)
                break;
        }
        Assert.Equal(Enumerable.Range(1, (int)tip).Select(h => (ulong)h), blocks.Select(block => block.Header.Height));
        for (int i = 1; i < blocks.Count; i++)
        {
            Assert.Equal(blocks[i - 1].Hash, blocks[i].Header.ParentHash);
            Assert.Equal(blocks[i - 1].StateRoot, blocks[i].Header.StateRoot);
        }
        Assert.All(blocks, block => Assert.Equal((int)block.TransactionCount, block.Transactions.Count));
    }

    [Fact]
    public async Task Submit_SignedForAnotherChain_IsToldSo()
    {
        await using NodeClient client = Network.Connect(0);
        Body body = new(fixture.Owner.Address, 1, Later(), new AppChain.Ledger.Transfer(NewAddress(), new Amount(1)));
        SignedTransaction foreign = SignedTransaction.Create(AppChain.Ledger.ChainId.Parse("elsewhere"), body, fixture.Owner);

        SubmitResult named = await client.SubmitAsync(foreign, TestContext.Current.CancellationToken);
        SubmitResult unnamed = await client.SubmitAsync(foreign with { ChainId = "" }, TestContext.Current.CancellationToken);

        Assert.Equal(("wrong-chain", StatusCode.FailedPrecondition), (named.Reason, named.Status));
        Assert.Equal(("bad-signature", StatusCode.Unauthenticated), (unnamed.Reason, unnamed.Status));
    }

    [Fact]
    public async Task Query_OfWhatDoesNotExist_AnswersNotFound()
    {
        await using NodeClient client = Network.Connect(0);
        Assert.Null(await client.FindDeviceAsync(NewAddress(), TestContext.Current.CancellationToken));
        Assert.Null(await client.FindTransactionAsync(Hash256.Zero, TestContext.Current.CancellationToken));
        RpcException future = await Assert.ThrowsAsync<RpcException>(() => client.GetBlockAsync(1_000_000_000, cancellation: TestContext.Current.CancellationToken));
        Assert.Equal(StatusCode.NotFound, future.StatusCode);
        Assert.Equal(0ul, (await client.GetAccountAsync(NewAddress(), TestContext.Current.CancellationToken)).Balance);
    }

    [Fact]
    public async Task AuditSupply_AfterAnyBlock_IsConserved()
    {
        await using NodeClient client = Network.Connect(0);
        SupplyAudit audit = await client.AuditSupplyAsync(TestContext.Current.CancellationToken);
        Assert.True(audit.Conserved);
        Assert.Equal(audit.Genesis + audit.Minted - audit.Burned, audit.Balances + audit.Pools + audit.Treasury + audit.Staked + audit.Deposits);
        Assert.True(audit.Genesis > 0);
    }

    // The owner of the genesis pays the fees: who was only just sent tokens has no credits.
    private SignedTransaction Transfer(PrivateKey from, ulong sequence, Address to) => SignedTransaction.Create(
        Network.Genesis.ChainId,
        new Body(from.Address, sequence, Later(), new AppChain.Ledger.Transfer(to, new Amount(1)), fixture.Owner.Address),
        from,
        fixture.Owner);

    private async Task<SignedTransaction> TransferOfOneGrainAsync(NodeClient client, Address to)
    {
        PrivateKey sender = PrivateKey.Generate(KeyScheme.P256);
        await FundAsync(client, sender.Address);
        return Transfer(sender, 1, to);
    }

    private async Task FundAsync(NodeClient client, Address account)
    {
        using Wallet wallet = new(client, Network.Genesis.ChainId, fixture.Owner);
        SubmitResult funded = await wallet.TransferAsync(account, new Amount(1_000_000), TestContext.Current.CancellationToken);
        Assert.True(funded.Succeeded, funded.Explanation);
    }

    private static ulong Later() => (ulong)DateTimeOffset.UtcNow.AddMinutes(5).ToUnixTimeMilliseconds();

    private static Address NewAddress()
    {
        using PrivateKey key = PrivateKey.Generate(KeyScheme.Secp256k1);
        return key.Address;
    }
}
