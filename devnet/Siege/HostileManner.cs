using AppChain.Protos.V1;
using Google.Protobuf;
using static AppChain.Devnet.Siege.Http2Bytes;

namespace AppChain.Devnet.Siege;

/// <summary>What a hostile connection says at once, and what it goes on saying, byte by byte.</summary>
/// <param name="Drip">Sent one byte a second, over and over; empty: it falls silent.</param>
/// <param name="IsReset">Whether it breaks off at once, without an orderly end.</param>
internal sealed record HostileManner(string Name, Func<Random, byte[]> Opening, byte[] Drip, bool IsReset = false)
{
    private const int Noise = 200;

    public static IReadOnlyList<HostileManner> All { get; } =
    [
        new("idle", static _ => [], []),
        new("slow headers, HTTP/1.1", static _ => "POST /healthz HTTP/1.1\r\nhost: x\r\nx-slow: "u8.ToArray(), "a"u8.ToArray()),
        new("half a TLS hello", static _ => [0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3], []),
        new("half an HTTP/2 preface", static _ => Preface[..10], []),
        new("an HTTP/2 beginning, then nothing", static _ => Beginning, []),
        new("headers without their end", static random => [.. Beginning, .. Frame(Headers, 0, 1, Garbage(random, 40))], []),
        new("a giant frame", static _ => [.. Beginning, 0xff, 0xff, 0xff, Data, 0, 0, 0, 0, 1], [0]),
        new("garbage", static random => Garbage(random, Noise), []),
        new("reset", static random => [.. Beginning, .. Garbage(random, Noise)], [], IsReset: true),
        new("half a request", static _ => [.. Beginning, .. Call(1, "/appchain.v1.TransactionService/Submit"), .. Message(1, 0, new byte[100], promised: 60_000)], [0]),
        new("unread answers", static _ => Unread(), []),
        new("unread pages, HTTP/1.1", static _ => [.. Enumerable.Repeat("GET /readyz HTTP/1.1\r\nhost: x\r\n\r\n"u8.ToArray(), 50).SelectMany(static page => page)], []),
    ];

    public static byte[] Garbage(Random random, int bytes)
    {
        byte[] garbage = new byte[bytes];
        random.NextBytes(garbage);
        return garbage;
    }

    // All of the chain, asked for many times over in one connection that reads nothing.
    private static byte[] Unread()
    {
        byte[] request = new SubscribeRequest { FromHeight = 1, WithTransactions = true }.ToByteArray();
        return
        [
            .. Preface,
            .. Frame(Settings, 0, 0, [0, 4, 0x7f, 0xff, 0xff, 0xff]), // SETTINGS_INITIAL_WINDOW_SIZE: send me 2 GiB of each stream
            .. Frame(8, 0, 0, [0x7f, 0, 0, 0]), // WINDOW_UPDATE: and of all together
            .. Enumerable.Range(0, 8).SelectMany(i => (byte[])[.. Call(1 + 2 * i, "/appchain.v1.BlockService/Subscribe"), .. Message(1 + 2 * i, EndStream, request, request.Length)]),
        ];
    }
}
