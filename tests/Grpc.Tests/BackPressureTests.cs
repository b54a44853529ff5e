using Google.Protobuf;
using Grpc.Core;

namespace AppChain.Grpc.Tests;

/// <summary>A side that does not read holds the other side back: memory stays bounded however long it lasts.</summary>
public class BackPressureTests
{
    const int MessageBytes = 64 * 1024;
    static readonly Note Large = new() { Payload = ByteString.CopyFrom(new byte[MessageBytes]) };

    // Windows and buffers of both sides; far from unbounded, well above what any of them holds.
    const int AheadMax = 32 * 1024 * 1024 / MessageBytes;

    [Fact]
    public async Task Caller_DoesNotRead_HandlersWritesWait()
    {
        var written = new Counter();
        await using var server = await TestServer.StartAsync(new ExchangeHandlers
        {
            OnChat = async (_, said, _) =>
            {
                for (; written.Value < AheadMax * 4; written.Increment()) await said.WriteAsync(Large);
            },
        });
        using var call = server.Client.Chat();
        var stalled = await written.StalledAsync();
        Assert.InRange(stalled, 1, AheadMax);
        var read = 0;
        while (await call.ResponseStream.MoveNext(CancellationToken.None).Soon()) read++;
        Assert.Equal(AheadMax * 4, read);
    }

    [Fact]
    public async Task Handler_DoesNotRead_CallersWritesWait()
    {
        var go = new TaskCompletionSource();
        await using var server = await TestServer.StartAsync(new ExchangeHandlers
        {
            OnChat = async (heard, said, _) =>
            {
                await go.Task;
                var count = 0;
                while (await heard.MoveNext()) count++;
                await said.WriteAsync(new Note { Text = $"{count}" });
            },
        });
        using var call = server.Client.Chat();
        var written = new Counter();
        var writing = Task.Run(async () =>
        {
            for (; written.Value < AheadMax * 2; written.Increment()) await call.RequestStream.WriteAsync(Large);
            await call.RequestStream.CompleteAsync();
        }, TestContext.Current.CancellationToken);
        Assert.InRange(await written.StalledAsync(), 1, AheadMax);
        go.SetResult();
        await writing.Soon();
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).Soon());
        Assert.Equal($"{AheadMax * 2}", call.ResponseStream.Current.Text);
    }

    [Fact]
    public async Task Caller_PausesForLong_StreamGoesOn()
    {
        var written = new Counter();
        await using var server = await TestServer.StartAsync(new ExchangeHandlers
        {
            OnChat = async (_, said, _) =>
            {
                for (; written.Value < AheadMax; written.Increment()) await said.WriteAsync(Large);
            },
        });
        using var call = server.Client.Chat();
        await written.StalledAsync(TimeSpan.FromSeconds(8)); // Kestrel's default would give a slow reader 5 s
        var read = 0;
        while (await call.ResponseStream.MoveNext(CancellationToken.None).Soon()) read++;
        Assert.Equal(AheadMax, read);
    }

    /// <summary>A count that another task raises.</summary>
    sealed class Counter
    {
        int value;

        public int Value => Volatile.Read(ref value);

        public void Increment() => Interlocked.Increment(ref value);

        /// <summary>Waits, bounded, until the count has risen and then stands still for a while; says where.</summary>
        public async Task<int> StalledAsync(TimeSpan? still = null)
        {
            using var polls = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
            var (last, since, end) = (0, DateTime.UtcNow, DateTime.UtcNow + Bounded.Wait);
            while (await polls.WaitForNextTickAsync(TestContext.Current.CancellationToken))
            {
                Assert.True(DateTime.UtcNow < end, $"Still rising at {last}.");
                if (Value != last) (last, since) = (Value, DateTime.UtcNow);
                else if (last > 0 && DateTime.UtcNow - since > (still ?? TimeSpan.FromSeconds(0.7))) break;
            }
            return last;
        }
    }
}
