using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AppChain.Grpc.Tests;

/// <summary>An HTTP/2 connection by hand: says what no client would, and notes what becomes of its streams.</summary>
sealed class RawConnection : IDisposable
{
    const byte Data = 0, Headers = 1, Reset = 3, SettingsType = 4;
    const byte EndStream = 1, EndHeaders = 4;
    public static readonly byte[] Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();
    /// <summary>SETTINGS_INITIAL_WINDOW_SIZE = 0: nothing may be sent to this side.</summary>
    public static readonly byte[] NoWindow = [0, 4, 0, 0, 0, 0];

    readonly Socket socket;
    readonly CancellationTokenSource closing = new();
    readonly Task reading;

    RawConnection(Socket socket)
    {
        this.socket = socket;
        reading = ReadAsync();
    }

    /// <summary>How streams ended: the error code of a reset, or -1 for an orderly end.</summary>
    public ConcurrentDictionary<int, long> Ended { get; } = new();

    /// <summary>Completes when either side has closed it.</summary>
    public Task Closed => reading;

    public static async Task<RawConnection> OpenAsync(TestServer server, IPAddress from, byte[] settings)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(from, 0));
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, server.Address.Port), TestContext.Current.CancellationToken);
        var connection = new RawConnection(socket);
        await connection.SendAsync((byte[])[.. Preface, .. Frame(SettingsType, 0, 0, settings)]);
        return connection;
    }

    /// <summary>Begins a call.</summary>
    public Task BeginAsync(int stream, string method, params (string Name, string Value)[] headers) =>
        SendAsync(HeadersOf(stream, method, headers));

    public static byte[] HeadersOf(int stream, string method, params (string Name, string Value)[] headers)
    {
        using var block = new MemoryStream();
        block.Write([0x83, 0x86]); // ":method: POST", ":scheme: http" of the static table (RFC 7541, appendix A)
        Literal(block, ":path", $"/appchain.grpc.tests.Exchange/{method}");
        Literal(block, ":authority", "localhost");
        if (!headers.Any(static header => header.Name == "content-type")) Literal(block, "content-type", "application/grpc");
        Literal(block, "te", "trailers");
        foreach (var (name, value) in headers) Literal(block, name, value);
        return Frame(Headers, EndHeaders, stream, block.ToArray());
    }

    /// <summary>Sends bytes of a call's body.</summary>
    public async Task BodyAsync(int stream, ReadOnlyMemory<byte> bytes, bool last)
    {
        const int most = 16 * 1024;
        for (; bytes.Length > most; bytes = bytes[most..]) await SendAsync(Frame(Data, 0, stream, bytes[..most].Span));
        await SendAsync(Frame(Data, last ? EndStream : (byte)0, stream, bytes.Span));
    }

    /// <summary>Waits, bounded, until so many streams have ended.</summary>
    public async Task EndedAsync(int count)
    {
        using var polls = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var end = DateTime.UtcNow + Bounded.Wait;
        while (Ended.Count < count)
        {
            Assert.True(DateTime.UtcNow < end, $"{Ended.Count} streams ended instead of {count}.");
            await polls.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    public void Dispose()
    {
        closing.Cancel();
        socket.Dispose();
        closing.Dispose();
    }

    public static byte[] Frame(byte type, byte flags, int stream, ReadOnlySpan<byte> payload) =>
    [
        (byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, type, flags,
        (byte)(stream >> 24), (byte)(stream >> 16), (byte)(stream >> 8), (byte)stream, .. payload,
    ];

    static void Literal(MemoryStream block, string name, string value)
    {
        block.WriteByte(0); // a literal that is not indexed, with a new name (RFC 7541, 6.2.2); lengths below 127
        block.WriteByte((byte)name.Length);
        block.Write(Encoding.ASCII.GetBytes(name));
        block.WriteByte((byte)value.Length);
        block.Write(Encoding.ASCII.GetBytes(value));
    }

    async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0) bytes = bytes[await socket.SendAsync(bytes, TestContext.Current.CancellationToken).AsTask().Soon()..];
    }

    // Frames are read off the socket, which is not to give any window back: nothing here sends WINDOW_UPDATE.
    async Task ReadAsync()
    {
        using var stream = new NetworkStream(socket);
        var header = new byte[9];
        try
        {
            while (true)
            {
                await stream.ReadExactlyAsync(header, closing.Token);
                var payload = new byte[(header[0] << 16) | (header[1] << 8) | header[2]];
                await stream.ReadExactlyAsync(payload, closing.Token);
                var id = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(5));
                if (header[3] == Reset) Ended.TryAdd(id, BinaryPrimitives.ReadUInt32BigEndian(payload));
                else if (header[3] is Data or Headers && (header[4] & EndStream) != 0) Ended.TryAdd(id, -1);
            }
        }
        catch (Exception cause) when (cause is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // either side closed it
        }
    }
}
