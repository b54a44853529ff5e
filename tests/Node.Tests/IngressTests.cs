using System.Diagnostics;
using System.Net;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node;
using AppChain.Node.Driver;
using AppChain.Node.Pool;
using AppChain.Storage;

namespace Node.Tests;

/// <summary>What ingress takes, from whom, when somebody floods it.</summary>
public sealed class IngressTests : IAsyncDisposable
{
    private static readonly IPAddress Flooder = IPAddress.Parse("127.0.0.2"), Honest = IPAddress.Parse("127.0.0.3");

    private readonly string directory = Directory.CreateTempSubdirectory("appchain-ingress-").FullName;
    private readonly Genesis genesis;
    private readonly ChainStore store;
    private readonly FinalityTracker tracker = new();
    private readonly Ingress ingress;
    private readonly CancellationTokenSource stop = new();
    private readonly Task running;

    public IngressTests()
    {
        Assert.True(Genesis.TryParse(Repository.Read("genesis.json"), out Genesis? parsed, out string? error), error);
        genesis = parsed!;
        store = ChainStore.Open(directory, new StoreOptions());
        store.InitializeGenesis(genesis.ChainId.Text, genesis.Hash, LedgerState.ToStored(genesis.InitialState()), genesis.TimeMs);
        BatchCutter cutter = new(static () => 0, 1, TimeSpan.FromMilliseconds(5), TimeSpan.Zero, TimeProvider.System, static _ => { });
        ingress = new Ingress(() => new LedgerState(store.Finalised), TimeProvider.System, tracker, cutter);
        running = ingress.RunAsync(stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(Bounds.Start));
        store.Dispose();
        stop.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Offer_BesideAFloodOfBadSignatures_IsAdmittedWithinASecond()
    {
        const int offers = 40;
        Transaction bad = Transfer(1, badly: true);
        Task<AdmissionAnswer> first = ingress.OfferAsync(bad, Flooder, follower: null);
        using CancellationTokenSource enough = new();
        Task<int> flood = Task.Run(() => FloodAsync(bad, enough.Token), CancellationToken.None);
        await first.WaitAsync(Bounds.Start, TestContext.Current.CancellationToken);

        int inTime = 0;
        for (ulong sequence = 1; sequence <= offers; sequence++)
        {
            Stopwatch clock = Stopwatch.StartNew();
            AdmissionAnswer answer = await OfferAsync(Transfer(sequence), Honest);
            Assert.Equal((AdmissionResult.Admitted, Reason.None), (answer.Result, answer.Reason));
            if (clock.Elapsed < TimeSpan.FromSeconds(1))
                inTime++;
        }
        await enough.CancelAsync();

        Assert.InRange(inTime, offers * 95 / 100, offers);
        Assert.InRange(await flood.WaitAsync(Bounds.Start, TestContext.Current.CancellationToken), 1, int.MaxValue);
    }

    [Fact]
    public async Task Offer_AfterManyBadSignatures_IsBusyForTheirAddressAlone()
    {
        Transaction bad = Transfer(1, badly: true);
        for (int i = 0; i < NodeLimits.BadSignaturesMax * 2; i += 100)
        {
            AdmissionAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => OfferAsync(bad, Flooder)));
            if (i == 0)
                Assert.All(answers, answer => Assert.Equal(Reason.BadSignature, answer.Reason));
            if (answers.Any(static answer => answer.Result == AdmissionResult.Busy))
                break;
        }

        Assert.Equal(AdmissionResult.Busy, (await OfferAsync(Transfer(1), Flooder)).Result);
        Assert.Equal(AdmissionResult.Admitted, (await OfferAsync(Transfer(1), Honest)).Result);
    }

    private Task<AdmissionAnswer> OfferAsync(Transaction transaction, IPAddress from) =>
        ingress.OfferAsync(transaction, from, follower: null).WaitAsync(Bounds.Start, TestContext.Current.CancellationToken);

    // Keeps its part of the queue full; answers how often there was no room.
    private async Task<int> FloodAsync(Transaction bad, CancellationToken enough)
    {
        int refused = 0;
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(1));
        while (!enough.IsCancellationRequested)
        {
            while (!ingress.OfferAsync(bad, Flooder, follower: null).IsCompleted && !enough.IsCancellationRequested)
                continue;
            refused++;
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
        return refused;
    }

    private Transaction Transfer(ulong sequence, bool badly = false)
    {
        using PrivateKey owner = PrivateKey.FromSeed(KeyScheme.Secp256k1, "appchain-devnet/owner/0");
        ulong until = (ulong)DateTimeOffset.UtcNow.AddMinutes(10).ToUnixTimeMilliseconds();
        byte[] signed = TransactionBuilder.Sign(
            genesis.ChainId, new Body(owner.Address, sequence, until, new Transfer(default, new Amount(1))), owner);
        if (badly)
            signed[^1] ^= 1; // the last byte is the signature's
        Assert.Equal(Reason.None, Transaction.TryDecode(signed, genesis.ChainId, out Transaction? transaction));
        return transaction!;
    }
}
