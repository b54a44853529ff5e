using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AppChain.Devnet.Chaos.Links;

namespace AppChain.EndToEnd.Chaos;

/// <summary>A link between two validators: whatever it does to them in time, the bytes are the same.</summary>
public sealed class LinkProxyTests : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private readonly TcpListener target = new(IPAddress.Loopback, 0);
    private readonly LinkProxy proxy;

    public LinkProxyTests()
    {
        target.Start();
        proxy = new LinkProxy(() => ((IPEndPoint)target.LocalEndpoint).Port, seed: 1, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await proxy.DisposeAsync();
        target.Stop();
    }

    [Fact]
    public async Task Link_CleanSlowOrLossy_CarriesAllBytesInOrderBothWays()
    {
        (Socket dialler, Socket node) = await ConnectAsync();
        foreach (LinkConditions conditions in (LinkConditions[])[LinkConditions.Clean, new(Delay: TimeSpan.FromMilliseconds(30)), new(LossPpm: 20_000), new(BytesPerSecond: 1 << 20)])
        {
            proxy.Weather.Now = conditions;
            byte[] sent = RandomBytes(300_000);
            Assert.Equal(sent, await CarryAsync(dialler, node, sent));
            Assert.Equal(sent, await CarryAsync(node, dialler, sent));
        }
    }

    [Fact]
    public async Task Link_WithADelay_TakesThatLong()
    {
        (Socket dialler, Socket node) = await ConnectAsync();
        proxy.Weather.Now = new LinkConditions(Delay: TimeSpan.FromMilliseconds(300));
        long start = Stopwatch.GetTimestamp();
        await CarryAsync(dialler, node, [1]);
        Assert.True(Stopwatch.GetElapsedTime(start) > TimeSpan.FromMilliseconds(290));
    }

    [Fact]
    public async Task Link_Cut_HoldsWhatWasSentUntilItIsWhole()
    {
        (Socket dialler, Socket node) = await ConnectAsync();
        proxy.Weather.Now = new LinkConditions(Cut: true);
        await dialler.SendAsync(new byte[] { 1, 2, 3 });
        byte[] buffer = new byte[3];
        Task<int> receiving = node.ReceiveAsync(buffer.AsMemory()).AsTask();
        await Assert.ThrowsAsync<TimeoutException>(() => receiving.WaitAsync(TimeSpan.FromMilliseconds(300)));
        proxy.Weather.Now = LinkConditions.Clean;
        Assert.Equal(3, await receiving.WaitAsync(Bound));
        Assert.Equal([1, 2, 3], buffer);
    }

    [Fact]
    public async Task Reset_EndsTheConnection_AndTheNextOneWorks()
    {
        (Socket dialler, _) = await ConnectAsync();
        Task<int> receiving = dialler.ReceiveAsync(new byte[1].AsMemory()).AsTask();
        proxy.Reset();
        await Assert.ThrowsAsync<SocketException>(() => receiving.WaitAsync(Bound));
        (Socket again, Socket node) = await ConnectAsync();
        Assert.Equal([9], await CarryAsync(again, node, [9]));
    }

    [Fact]
    public async Task Link_WhoseTargetEnds_DeliversWhatItHadSentAndEnds()
    {
        (Socket dialler, Socket node) = await ConnectAsync();
        await node.SendAsync(new byte[] { 5, 6 });
        node.Close();
        byte[] received = new byte[2];
        await ReceiveAllAsync(dialler, received);
        Assert.Equal([5, 6], received);
        await Assert.ThrowsAsync<SocketException>(async () => await dialler.ReceiveAsync(new byte[1].AsMemory()).AsTask().WaitAsync(Bound));
    }

    private async Task<(Socket Dialler, Socket Node)> ConnectAsync()
    {
        Socket dialler = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await dialler.ConnectAsync(IPEndPoint.Parse(proxy.Address)).WaitAsync(Bound);
        return (dialler, await target.AcceptSocketAsync().WaitAsync(Bound));
    }

    private static async Task<byte[]> CarryAsync(Socket from, Socket to, byte[] bytes)
    {
        byte[] received = new byte[bytes.Length];
        Task receiving = ReceiveAllAsync(to, received);
        for (int sent = 0; sent < bytes.Length;)
            sent += await from.SendAsync(bytes.AsMemory(sent)).AsTask().WaitAsync(Bound);
        await receiving;
        return received;
    }

    private static async Task ReceiveAllAsync(Socket socket, byte[] buffer)
    {
        for (int received = 0; received < buffer.Length;)
        {
            int length = await socket.ReceiveAsync(buffer.AsMemory(received)).AsTask().WaitAsync(Bound);
            Assert.NotEqual(0, length);
            received += length;
        }
    }

    private static byte[] RandomBytes(int length)
    {
        byte[] bytes = new byte[length];
        new Random(5).NextBytes(bytes);
        return bytes;
    }
}
