using System.Diagnostics;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node;
using AppChain.Node.Pool;

namespace Node.Tests;

/// <summary>A batch waits for others after a pause a little, and in a stream of transactions for its turn.</summary>
public sealed class BatchCutterTests
{
    private static readonly ChainId Chain = ChainId.Parse("cutter");
    private static readonly PrivateKey Key = PrivateKey.FromSeed(KeyScheme.Secp256k1, "cutter");

    [Fact]
    public async Task Add_InAStream_CutsOncePerInterval()
    {
        TimeSpan interval = TimeSpan.FromMilliseconds(50);
        List<HeldBatch> cut = [];
        BatchCutter cutter = new(static () => 3, 1, TimeSpan.Zero, interval, TimeProvider.System, cut.Add);
        using CancellationTokenSource stop = new();
        Task running = Task.Run(() => cutter.RunAsync(stop.Token), CancellationToken.None);

        long start = Stopwatch.GetTimestamp();
        ulong added = 0;
        for (; Stopwatch.GetElapsedTime(start) < 6 * interval; Thread.Sleep(1))
            cutter.Add(Transfer(++added));
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        cutter.CutNow();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        // The first at once, the last by the call above.
        Assert.InRange(cut.Count, 2, (int)(took / interval) + 2);
        Assert.Equal(Enumerable.Range(1, (int)added), cut.SelectMany(batch => batch.Transactions).Select(transaction => (int)transaction.Body.Sequence));
    }

    [Fact]
    public async Task Add_AfterAPause_IsNotHeldBackByTheInterval()
    {
        TaskCompletionSource<HeldBatch> cut = new(TaskCreationOptions.RunContinuationsAsynchronously);
        BatchCutter cutter = new(static () => 3, 1, TimeSpan.Zero, TimeSpan.FromDays(1), TimeProvider.System, cut.SetResult);
        using CancellationTokenSource stop = new();
        Task running = Task.Run(() => cutter.RunAsync(stop.Token), CancellationToken.None);
        cutter.Add(Transfer(1));

        Assert.Single((await cut.Task.WaitAsync(Bounds.Start, TestContext.Current.CancellationToken)).Transactions);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private static Transaction Transfer(ulong sequence)
    {
        byte[] signed = TransactionBuilder.Sign(Chain, new Body(Key.Address, sequence, 1_000_000, new Transfer(default, new Amount(1))), Key);
        Assert.Equal(Reason.None, Transaction.TryDecode(signed, Chain, out Transaction? transaction));
        return transaction!;
    }
}
