using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AppChain.Grpc.Tests;

/// <summary>Tests that measure this process and so run by themselves.</summary>
[CollectionDefinition(nameof(Measured), DisableParallelization = true)]
public sealed class Measured;

/// <summary>Connections that mean no good, in numbers: what they cost is bounded, and honest calls go on beside them.</summary>
[Collection(nameof(Measured))]
public class HostileConnectionTests
{
    const long MemoryGrowthMax = 256L << 20;
    static readonly IPAddress Attacker = IPAddress.Parse("127.0.0.2");
    static readonly byte[] Preface = RawConnection.Preface;
    static readonly byte[] Settings = Http2Frame(4, 0, 0, []);

    static byte[] Http2Frame(byte type, byte flags, int stream, ReadOnlySpan<byte> payload) => RawConnection.Frame(type, flags, stream, payload);

    static async Task<Socket> ConnectAsync(TestServer server, IPAddress from)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(from, 0));
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, server.Address.Port), TestContext.Current.CancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends as much as the server takes; false if it closed the connection before all was out.</summary>
    static async Task<bool> TrySendAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            while (bytes.Length > 0)
                bytes = bytes[await socket.SendAsync(bytes, TestContext.Current.CancellationToken).AsTask().Soon()..];
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Reads until the server closes the connection.</summary>
    static async Task ClosedAsync(Socket socket)
    {
        var buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken).AsTask().Soon() > 0)
            {
            }
        }
        catch (SocketException)
        {
            // a reset is a close, too
        }
    }

    static byte[] Noise(Random random, int bytes)
    {
        var noise = new byte[bytes];
        random.NextBytes(noise);
        return noise;
    }

    /// <summary>Changes one byte of one frame in two hundred.</summary>
    static byte[] Mutated(Random random, byte[] frame)
    {
        if (random.Next(200) == 0) frame[random.Next(frame.Length)] ^= (byte)random.Next(1, 256);
        return frame;
    }

    /// <summary>What a connection says that is up to no good; the number chooses its manner.</summary>
    static byte[] Opening(int number, Random random) => (number % 6) switch
    {
        0 => [],
        1 => Noise(random, 200),
        2 => Preface[..10],
        3 => [.. Preface, .. Settings],
        4 => [.. Preface, .. Settings, .. Http2Frame(1, 0, 1, Noise(random, 40))], // headers without their end
        _ => [.. "POST / HTTP/1.1\r\nhost: x\r\nx-slow: "u8],
    };

    /// <summary>Calls over and over, until told to stop; says how long each call took.</summary>
    static async Task<List<double>> CallAsync(Exchange.ExchangeClient client, CancellationToken stop)
    {
        var milliseconds = new List<double>();
        while (!stop.IsCancellationRequested)
        {
            var start = Stopwatch.GetTimestamp();
            Assert.Equal("honest", (await client.EchoAsync(new Note { Text = "honest" }).ResponseAsync.Soon()).Text);
            milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        return milliseconds;
    }

    static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    /// <summary>Memory in use after all that is garbage is collected; of the server and of its attackers, who share a process here.</summary>
    static long MemoryInUse()
    {
        GC.Collect();
        return Process.GetCurrentProcess().WorkingSet64;
    }

    /// <summary>Latency below which a doubling is the machine's noise: a call here takes a fraction of it.</summary>
    const double NoiseMilliseconds = 20;

    static async Task AttackAsync(TestServer server, Func<Task> attack)
    {
        await server.Client.EchoAsync(new Note()).ResponseAsync.Soon();
        using var quiet = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        var undisturbed = Median(await CallAsync(server.Client, quiet.Token));
        using var stop = new CancellationTokenSource();
        var before = MemoryInUse();
        var honest = CallAsync(server.Client, stop.Token);
        await attack();
        await stop.CancelAsync();
        var milliseconds = await honest.Soon();
        Assert.NotEmpty(milliseconds);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"honest calls: {milliseconds.Count}, median {Median(milliseconds):F2} ms (undisturbed {undisturbed:F2} ms), worst {milliseconds.Max():F0} ms");
        Assert.InRange(Median(milliseconds), 0, Math.Max(2 * undisturbed, NoiseMilliseconds));
        Assert.InRange(MemoryInUse() - before, long.MinValue, MemoryGrowthMax);
        using var fresh = GrpcChannel.ForAddress(server.Address);
        await new Exchange.ExchangeClient(fresh).EchoAsync(new Note()).ResponseAsync.Soon();
    }

    [Fact]
    public async Task Connections_TenThousandHostile_HonestCallsGoOn()
    {
        const int waves = 20, perWave = 500;
        await using var server = await TestServer.StartAsync(new ExchangeHandlers(), new GrpcPortOptions { Http1 = true });
        var random = new Random(1);
        await AttackAsync(server, async () =>
        {
            for (var wave = 0; wave < waves; wave++)
            {
                // Held open together, so that each wave is as many slow connections at once; then left without a word.
                var sockets = new List<Socket>();
                for (var i = 0; i < perWave; i++)
                {
                    sockets.Add(await ConnectAsync(server, Attacker));
                    await TrySendAsync(sockets[^1], Opening(i, random));
                }
                foreach (var socket in sockets) socket.Dispose();
            }
        });
    }

    [Fact]
    public async Task Frames_AMillionRandom_HonestCallsGoOn()
    {
        const int framesPerConnection = 20_000, connections = 48;
        await using var server = await TestServer.StartAsync(new ExchangeHandlers(), new GrpcPortOptions { Http1 = true });
        var random = new Random(2);
        await AttackAsync(server, async () =>
        {
            for (var connection = 0; connection < connections; connection++)
            {
                using var frames = new MemoryStream();
                // A third of them any frames, which soon break the protocol; a third of types that nobody knows, which must be ignored;
                // a third calls as they should be but for one byte here and there, which get further in.
                for (var i = 0; i < framesPerConnection; i++)
                {
                    frames.Write((connection % 3) switch
                    {
                        0 => Http2Frame((byte)random.Next(0, 12), (byte)random.Next(256), random.Next(0, 8), Noise(random, random.Next(0, 24))),
                        1 => Http2Frame((byte)random.Next(32, 256), (byte)random.Next(256), random.Next(0, 8), Noise(random, random.Next(0, 24))),
                        _ => Mutated(random, i % 2 == 0
                            ? RawConnection.HeadersOf(1 + i, "Chat")
                            : RawConnection.Frame(0, (byte)(i % 4 == 1 ? 0 : 1), i, RawClient.Frame(new Note { Text = "valid" }))),
                    });
                }
                using var socket = await ConnectAsync(server, Attacker);
                await TrySendAsync(socket, (byte[])[.. Preface, .. Settings]);
                var taken = await TrySendAsync(socket, frames.GetBuffer().AsMemory(0, (int)frames.Length));
                if (connection % 3 == 1) Assert.True(taken);
            }
        });
    }

    [Fact]
    public async Task Address_AboveItsQuota_IsClosedAndOthersAreNot()
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers(), new GrpcPortOptions { ConnectionsPerAddressMax = 3 });
        var held = new List<Socket>();
        for (var i = 0; i < 3; i++)
        {
            held.Add(await ConnectAsync(server, Attacker));
            await TrySendAsync(held[^1], (byte[])[.. Preface, .. Settings]);
            Assert.True(await held[^1].ReceiveAsync(new byte[1], TestContext.Current.CancellationToken).AsTask().Soon() > 0);
        }
        using (var fourth = await ConnectAsync(server, Attacker)) await ClosedAsync(fourth);
        await server.Client.EchoAsync(new Note()).ResponseAsync.Soon();

        // What is closed is given back.
        held[0].Dispose();
        using var polls = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var end = DateTime.UtcNow + Bounded.Wait;
        while (true)
        {
            Assert.True(DateTime.UtcNow < end, "The quota was never given back.");
            using var again = await ConnectAsync(server, Attacker);
            await TrySendAsync(again, (byte[])[.. Preface, .. Settings]);
            if (await TryReceiveAsync(again)) break;
            await polls.WaitForNextTickAsync();
        }
        held.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task Connections_WithoutACall_MakeRoomForNewOnes()
    {
        const int places = 40, idle = 200;
        await using var server = await TestServer.StartAsync(new ExchangeHandlers(), new GrpcPortOptions { Http1 = true, StrangersMax = places });
        var random = new Random(4);
        // One with a call that stays open, before all others: it keeps its place.
        using var subscriber = ChannelFrom(server, IPAddress.Parse("127.0.0.3"));
        using var chat = new Exchange.ExchangeClient(subscriber).Chat();
        await chat.RequestStream.WriteAsync(new Note { Text = "before" }, TestContext.Current.CancellationToken);
        Assert.True(await chat.ResponseStream.MoveNext(TestContext.Current.CancellationToken));

        using var stop = new CancellationTokenSource();
        var attack = Task.Run(async () =>
        {
            var sockets = new List<Socket>();
            for (var i = 0; !stop.IsCancellationRequested && sockets.Count < idle * 10; i++)
            {
                sockets.Add(await ConnectAsync(server, IPAddress.Parse($"127.0.1.{1 + (i % 8)}")));
                await TrySendAsync(sockets[^1], Opening(i, random));
                await Task.Delay(5);
            }
            foreach (var socket in sockets) socket.Dispose();
        }, TestContext.Current.CancellationToken);

        // New strangers come in, if need be after asking again for a moment.
        for (var i = 0; i < 5; i++)
        {
            using var honest = ChannelFrom(server, IPAddress.Parse($"127.0.2.{1 + i}"));
            var end = DateTime.UtcNow + Bounded.Wait;
            while (!await AnswersAsync(honest)) Assert.True(DateTime.UtcNow < end, "A stranger never came in.");
        }
        await stop.CancelAsync();
        await attack;
        await chat.RequestStream.WriteAsync(new Note { Text = "after" }, TestContext.Current.CancellationToken);
        Assert.True(await chat.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        Assert.Equal("after", chat.ResponseStream.Current.Text);
        await chat.RequestStream.CompleteAsync();
    }

    static GrpcChannel ChannelFrom(TestServer server, IPAddress from) => GrpcChannel.ForAddress(server.Address, new GrpcChannelOptions
    {
        HttpHandler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, stop) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(new IPEndPoint(from, 0));
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, server.Address.Port), stop);
                return new NetworkStream(socket, ownsSocket: true);
            },
        },
    });

    static async Task<bool> AnswersAsync(GrpcChannel channel)
    {
        try
        {
            await new Exchange.ExchangeClient(channel).EchoAsync(new Note()).ResponseAsync.Soon();
            return true;
        }
        catch (RpcException refused) when (refused.StatusCode == StatusCode.Unavailable)
        {
            return false;
        }
    }

    [Fact]
    public async Task Address_ThatConnectsTooOften_IsClosedAndOthersAreNot()
    {
        const int attempts = 40, burst = 3;
        var rate = new GrpcAddressRate(PerSecond: 1, Burst: burst, ExemptLoopback: false);
        await using var server = await TestServer.StartAsync(new ExchangeHandlers(), new GrpcPortOptions { ConnectionRate = rate });
        var watch = Stopwatch.StartNew();
        var served = 0;
        for (var i = 0; i < attempts; i++)
        {
            using var socket = await ConnectAsync(server, Attacker);
            await TrySendAsync(socket, (byte[])[.. Preface, .. Settings]);
            if (await TryReceiveAsync(socket)) served++;
        }
        Assert.InRange(served, burst, burst + watch.Elapsed.TotalSeconds + 1);
        await server.Client.EchoAsync(new Note()).ResponseAsync.Soon();
    }

    static async Task<bool> TryReceiveAsync(Socket socket)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken).AsTask().Soon() > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public static TheoryData<string, byte[]> SlowOpenings => new()
    {
        { "nothing", [] },
        { "the start of the preface", Preface[..3] },
        { "garbage", [0x16, 3, 1] }, // as TLS begins: not here
    };

    [Theory]
    [MemberData(nameof(SlowOpenings))]
    public async Task Opening_ThatComesToNothing_IsClosed(string what, byte[] opening)
    {
        await using var server = await TestServer.StartAsync(
            new ExchangeHandlers(), new GrpcPortOptions { Http1 = true, FirstBytesTimeout = TimeSpan.FromMilliseconds(200) });
        using var socket = await ConnectAsync(server, Attacker);
        Assert.True(await TrySendAsync(socket, opening), what);
        await ClosedAsync(socket);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Headers_ThatNeverEnd_AreClosed(bool http2)
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers(), new GrpcPortOptions { Http1 = true });
        server.App.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(1);
        using var socket = await ConnectAsync(server, Attacker);
        byte[] opening = http2
            ? [.. Preface, .. Settings, .. Http2Frame(1, 0, 1, [0x83])] // ":method: POST", and no END_HEADERS
            : [.. "POST /x HTTP/1.1\r\nhost: x\r\nx-slow: "u8];
        Assert.True(await TrySendAsync(socket, opening));
        await ClosedAsync(socket);
    }

    [Fact]
    public async Task Http1_OnAPortWithoutIt_IsClosed()
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers(), new GrpcPortOptions());
        using var socket = await ConnectAsync(server, Attacker);
        await TrySendAsync(socket, "GET / HTTP/1.1\r\nhost: x\r\n\r\n"u8.ToArray());
        await ClosedAsync(socket);
    }

    public static TheoryData<string, byte[]> GiantFrames => new()
    {
        { "a frame of 16 MiB", [0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 1] },
        { "settings of 1 MiB", [0x10, 0, 0, 4, 0, 0, 0, 0, 0] },
        { "headers of 64 KiB", Http2Frame(1, 0, 1, new byte[64 * 1024]) },
    };

    [Theory]
    [MemberData(nameof(GiantFrames))]
    public async Task Frame_TooLarge_EndsItsConnectionOnly(string what, byte[] frame)
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers(), new GrpcPortOptions());
        using var socket = await ConnectAsync(server, Attacker);
        Assert.True(await TrySendAsync(socket, (byte[])[.. Preface, .. Settings, .. frame]), what);
        await ClosedAsync(socket);
        await server.Client.EchoAsync(new Note()).ResponseAsync.Soon();
    }

    [Fact]
    public async Task Requests_ThatNoHandlerReads_HoldTheWindowAndNoMore()
    {
        var begun = new SemaphoreSlim(0);
        await using var server = await TestServer.StartAsync(
            new ExchangeHandlers
            {
                OnChat = async (_, _, context) =>
                {
                    begun.Release();
                    await context.CancellationToken.Fired();
                },
            },
            new GrpcPortOptions());
        using var channel = GrpcChannel.ForAddress(server.Address);
        var before = MemoryInUse();
        var piece = new Note { Payload = ByteString.CopyFrom(new byte[256 * 1024]) };
        var calls = Enumerable.Range(0, 32).Select(_ => new Exchange.ExchangeClient(channel).Chat()).ToList();
        // Each call would send 64 MiB, 2 GiB in all; what is not read stays with its sender.
        var writing = calls.Select(async call =>
        {
            for (var i = 0; i < 256; i++) await call.RequestStream.WriteAsync(piece);
        }).ToList();
        foreach (var _ in calls) await begun.WaitAsync(TestContext.Current.CancellationToken).Soon();
        await server.Client.EchoAsync(new Note()).ResponseAsync.Soon();
        Assert.InRange(MemoryInUse() - before, long.MinValue, MemoryGrowthMax);
        Assert.All(writing, task => Assert.False(task.IsCompleted));
        calls.ForEach(call => call.Dispose());
        foreach (var task in writing) Assert.Equal(StatusCode.Cancelled, (await task.FailsSoon()).StatusCode);
    }
}
