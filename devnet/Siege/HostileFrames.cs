using System.Net;
using System.Net.Sockets;
using AppChain.Protos.V1;
using Google.Protobuf;
using static AppChain.Devnet.Siege.Http2Bytes;

namespace AppChain.Devnet.Siege;

/// <summary>
/// Sends HTTP/2 frames at an even pace: a third of them any frames, which soon break the protocol; a third of types that nobody knows, which must be ignored;
/// a third calls as they should be but for a byte here and there, which get further in.
/// </summary>
internal sealed class HostileFrames(IReadOnlyList<IPEndPoint> ports, TimeProvider time)
{
    private static readonly byte[] Question = new GetBlockRequest { Height = 1, WithTransactions = true }.ToByteArray();

    private long sent;
    private int connections;

    /// <summary>Frames that left this side, on however many connections that took.</summary>
    public long Sent => Interlocked.Read(ref sent);

    public int Connections => Volatile.Read(ref connections);

    /// <summary>Sends so many within the time, or as many as go out until cancelled.</summary>
    public Task RunAsync(int count, TimeSpan within, CancellationToken cancellation) =>
        Task.WhenAll(Enumerable.Range(0, SiegeLimits.FrameSenders).Select(sender => Task.Run(() => SendAsync(sender, count, within, cancellation), CancellationToken.None)));

    private async Task SendAsync(int sender, int count, TimeSpan within, CancellationToken cancellation)
    {
        Random random = new(sender);
        long start = time.GetTimestamp();
        using PeriodicTimer timer = new(SiegeLimits.Tick, time);
        try
        {
            while (Sent < count)
            {
                if (Sent >= count * (time.GetElapsedTime(start) / within))
                {
                    await timer.WaitForNextTickAsync(cancellation);
                    continue;
                }
                int number = Interlocked.Increment(ref connections);
                await SendAsync(number, Frames(number % 3, random), cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The siege is over.
        }
    }

    private async Task SendAsync(int number, (byte[] Bytes, int[] Ends) frames, CancellationToken cancellation)
    {
        using CancellationTokenSource bound = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bound.CancelAfter(SiegeLimits.FramesTimeout);
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        int written = 0;
        try
        {
            socket.Bind(new IPEndPoint(SiegeLimits.Attacker(number), 0));
            await socket.ConnectAsync(ports[number % ports.Count], bound.Token);
            await socket.SendAsync(Beginning, bound.Token);
            while (written < frames.Bytes.Length)
                written += await socket.SendAsync(frames.Bytes.AsMemory(written), bound.Token);
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            // It had enough: what went out until then counts.
        }
        Interlocked.Add(ref sent, frames.Ends.Count(end => end <= written));
    }

    private static (byte[] Bytes, int[] Ends) Frames(int manner, Random random)
    {
        using MemoryStream bytes = new();
        int[] ends = new int[SiegeLimits.FramesPerConnection];
        for (int i = 0; i < ends.Length; i++)
        {
            bytes.Write(manner switch
            {
                0 => Frame((byte)random.Next(0, 12), (byte)random.Next(256), random.Next(0, 8), HostileManner.Garbage(random, random.Next(0, 24))),
                1 => Frame((byte)random.Next(32, 256), (byte)random.Next(256), random.Next(0, 8), HostileManner.Garbage(random, random.Next(0, 24))),
                _ => Mutated(random, i % 2 == 0 ? Call(1 + i, "/appchain.v1.BlockService/GetBlock") : Message(i, EndStream, Question, Question.Length)),
            });
            ends[i] = (int)bytes.Length;
        }
        return (bytes.ToArray(), ends);
    }

    // One byte of one frame in two hundred.
    private static byte[] Mutated(Random random, byte[] frame)
    {
        if (random.Next(200) == 0)
            frame[random.Next(frame.Length)] ^= (byte)random.Next(1, 256);
        return frame;
    }
}
