using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using Google.Protobuf;

namespace AppChain.Grpc.Tests;

/// <summary>What a caller who does half a thing may have the server hold: so many bytes, and for so long.</summary>
[Collection(nameof(Measured))]
public class HeldMemoryTests
{
    const int MiB = 1 << 20;
    const long Cancel = 8, EnhanceYourCalm = 11;
    static readonly IPAddress Attacker = IPAddress.Parse("127.0.0.2");
    static readonly TimeSpan Never = TimeSpan.FromHours(1);

    static GrpcPortOptions Port(GrpcByteRoom room, TimeSpan message, TimeSpan stall) =>
        new() { Arriving = room, Leaving = room, MessageTimeout = message, StallTimeout = stall };

    static byte[] HalfMessage(int length)
    {
        var half = new byte[5 + length / 2];
        BinaryPrimitives.WriteInt32BigEndian(half.AsSpan(1), length);
        return half;
    }

    static async Task HonestCallAsync(TestServer server)
    {
        var note = new Note { Payload = ByteString.CopyFrom(new byte[MiB]) };
        Assert.Equal(note, await server.Client.EchoAsync(note).ResponseAsync.Soon());
    }

    static int[] Streams(int count) => [.. Enumerable.Range(0, count).Select(i => 1 + 2 * i)];

    static ExchangeHandlers AnsweringMiB => new() { OnEcho = (_, _) => Task.FromResult(new Note { Payload = ByteString.CopyFrom(new byte[MiB]) }) };

    [Fact]
    public async Task HalfMessages_ManyOnOneConnection_HoldItsRoomAndNoMore()
    {
        await using var server = await TestServer.StartAsync(
            new ExchangeHandlers(), Port(new GrpcByteRoom(4 * MiB, 8 * MiB, 64 * MiB), Never, Never));
        using var attacker = await RawConnection.OpenAsync(server, Attacker, []);
        // Nothing that is refused gives its window back for ever: as many as the connection's window lets through.
        foreach (var stream in Streams(40))
        {
            await attacker.BeginAsync(stream, "Sum");
            await attacker.BodyAsync(stream, HalfMessage(512 * 1024)[..(32 * 1024)], last: false);
        }
        // Messages of 512 KiB, and room for 4 MiB: with their headers seven fit.
        await attacker.EndedAsync(33);
        Assert.Equal(33, attacker.Ended.Count);
        await HonestCallAsync(server);
    }

    [Fact]
    public async Task HalfMessages_ManyOnManyConnections_HoldTheAddressesRoomAndNoMore()
    {
        await using var server = await TestServer.StartAsync(
            new ExchangeHandlers(), Port(new GrpcByteRoom(4 * MiB, 4 * MiB, 64 * MiB), Never, Never));
        using var first = await RawConnection.OpenAsync(server, Attacker, []);
        using var second = await RawConnection.OpenAsync(server, Attacker, []);
        foreach (var stream in Streams(7))
        {
            await first.BeginAsync(stream, "Sum");
            await first.BodyAsync(stream, HalfMessage(512 * 1024)[..1024], last: false);
        }
        await first.BeginAsync(101, "Sum"); // the seven are being read when one more is refused
        await first.BodyAsync(101, HalfMessage(512 * 1024)[..1024], last: false);
        await first.EndedAsync(1);
        foreach (var stream in Streams(5))
        {
            await second.BeginAsync(stream, "Sum");
            await second.BodyAsync(stream, HalfMessage(512 * 1024)[..1024], last: false);
        }
        await second.EndedAsync(5);
        await HonestCallAsync(server);
    }

    [Fact]
    public async Task HalfMessage_ThatStops_IsGivenUp()
    {
        await using var server = await TestServer.StartAsync(
            new ExchangeHandlers(), Port(new GrpcByteRoom(MiB, MiB, 8 * MiB), TimeSpan.FromMilliseconds(300), Never));
        using var attacker = await RawConnection.OpenAsync(server, Attacker, []);
        foreach (var _ in Enumerable.Range(0, 3))
        {
            // Each takes all the room there is, and leaves it to the next.
            var stream = 1 + 2 * attacker.Ended.Count;
            await attacker.BeginAsync(stream, "Sum");
            await attacker.BodyAsync(stream, HalfMessage(MiB - 5)[..1024], last: false);
            await attacker.EndedAsync((stream + 1) / 2);
        }
    }

    [Fact]
    public async Task Stream_ThatRestsBetweenMessages_GoesOn()
    {
        await using var server = await TestServer.StartAsync(
            new ExchangeHandlers(), Port(new GrpcByteRoom(MiB, MiB, 8 * MiB), TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(300)));
        using var chat = server.Client.Chat();
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < TimeSpan.FromSeconds(2);)
        {
            await chat.RequestStream.WriteAsync(new Note { Text = "again" }).Soon();
            Assert.True(await chat.ResponseStream.MoveNext(CancellationToken.None).Soon());
            using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(700));
            await pause.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Responses_ThatNobodyReads_HoldTheirRoomAndNoMore()
    {
        await using var server = await TestServer.StartAsync(AnsweringMiB, Port(new GrpcByteRoom(8 * MiB, 8 * MiB, 64 * MiB), Never, Never));
        using var attacker = await RawConnection.OpenAsync(server, Attacker, RawConnection.NoWindow);
        foreach (var stream in Streams(40))
        {
            await attacker.BeginAsync(stream, "Echo");
            await attacker.BodyAsync(stream, RawClient.Frame(new Note()), last: true);
        }
        await attacker.EndedAsync(33); // seven and a little fit
        Assert.Equal(33, attacker.Ended.Count);
        Assert.All(attacker.Ended.Values, code => Assert.Equal(EnhanceYourCalm, code));
        await HonestCallAsync(server);
    }

    [Fact]
    public async Task Responses_ThatNobodyReads_AreGivenUp()
    {
        await using var server = await TestServer.StartAsync(
            AnsweringMiB, Port(new GrpcByteRoom(64 * MiB, 64 * MiB, 64 * MiB), Never, TimeSpan.FromMilliseconds(300)));
        using var attacker = await RawConnection.OpenAsync(server, Attacker, RawConnection.NoWindow);
        foreach (var stream in Streams(10))
        {
            await attacker.BeginAsync(stream, "Echo");
            await attacker.BodyAsync(stream, RawClient.Frame(new Note()), last: true);
        }
        await attacker.EndedAsync(10);
        Assert.All(attacker.Ended.Values, code => Assert.Equal(Cancel, code));
        await HonestCallAsync(server);
    }

    [Theory]
    [InlineData("Echo")]
    [InlineData("Chat")]
    public async Task Response_UnreadAtItsDeadline_IsGivenUp(string method)
    {
        await using var server = await TestServer.StartAsync(
            new ExchangeHandlers
            {
                OnEcho = AnsweringMiB.OnEcho,
                OnChat = async (_, said, _) =>
                {
                    while (true) await said.WriteAsync(new Note { Payload = ByteString.CopyFrom(new byte[100_000]) });
                },
            },
            Port(new GrpcByteRoom(64 * MiB, 64 * MiB, 64 * MiB), Never, Never));
        using var attacker = await RawConnection.OpenAsync(server, Attacker, RawConnection.NoWindow);
        await attacker.BeginAsync(1, method, ("grpc-timeout", "300m"));
        await attacker.BodyAsync(1, RawClient.Frame(new Note()), last: method == "Echo");
        await attacker.EndedAsync(1);
        Assert.Equal(Cancel, attacker.Ended[1]);
    }
}
