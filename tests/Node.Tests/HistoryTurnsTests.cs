using System.Diagnostics;
using System.Net;
using AppChain.Node.Rpc;

namespace Node.Tests;

/// <summary>Those who read old blocks take turns, and leave most of the time to others.</summary>
public sealed class HistoryTurnsTests : IAsyncDisposable
{
    private static readonly IPAddress Greedy = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress Modest = IPAddress.Parse("192.0.2.2");

    private readonly CancellationTokenSource stop = new(TimeSpan.FromSeconds(60));
    private Task running = Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    [Fact]
    public async Task Read_BehindManyOfAnotherAddress_ComesNext()
    {
        HistoryTurns turns = new(percent: 100, TimeProvider.System);
        List<IPAddress> order = [];
        int Read(IPAddress from)
        {
            order.Add(from);
            return order.Count;
        }
        Task<int>[] greedy = [.. Enumerable.Range(0, 50).Select(_ => turns.ReadAsync(Greedy, () => Read(Greedy), stop.Token))];
        Task<int> modest = turns.ReadAsync(Modest, () => Read(Modest), stop.Token);
        Run(turns);

        Assert.Equal(2, await modest);
        Assert.Equal(51, (await Task.WhenAll(greedy)).Max());
        Assert.Equal(50, order.Count(from => from.Equals(Greedy)));
    }

    [Fact]
    public async Task Read_ForAsLongAsItMay_LeavesTheRestOfTheTime()
    {
        HistoryTurns turns = new(percent: 20, TimeProvider.System);
        Run(turns);
        long start = Stopwatch.GetTimestamp();
        TimeSpan reading = TimeSpan.Zero;
        TimeSpan Read()
        {
            long from = Stopwatch.GetTimestamp();
            Thread.Sleep(5);
            return reading += Stopwatch.GetElapsedTime(from);
        }
        for (int i = 0; i < 20; i++)
            await turns.ReadAsync(Greedy, Read, stop.Token);
        TimeSpan all = Stopwatch.GetElapsedTime(start);

        // The pause after the last one is not waited for here.
        Assert.True(all > 0.9 * 19 / 20 * (reading / 0.2), $"{reading.TotalMilliseconds:0} ms of {all.TotalMilliseconds:0} were reading");
    }

    [Fact]
    public async Task Read_ThatFails_FailsForItsCallerAlone()
    {
        HistoryTurns turns = new(percent: 100, TimeProvider.System);
        Run(turns);
        await Assert.ThrowsAsync<InvalidDataException>(() => turns.ReadAsync<int>(Greedy, () => throw new InvalidDataException("damaged"), stop.Token));
        Assert.Equal(7, await turns.ReadAsync(Greedy, () => 7, stop.Token));
    }

    [Fact]
    public async Task Read_WhoseCallerHasLeft_IsNotDone()
    {
        HistoryTurns turns = new(percent: 100, TimeProvider.System);
        using CancellationTokenSource call = new();
        bool done = false;
        Task<bool> left = turns.ReadAsync(Greedy, () => done = true, call.Token);
        await call.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        Run(turns);

        Assert.Equal(7, await turns.ReadAsync(Greedy, () => 7, stop.Token));
        Assert.False(done);
    }

    private void Run(HistoryTurns turns) => running = Task.Run(() => turns.RunAsync(stop.Token));
}
