using System.Buffers;
using System.Net.Sockets;
using System.Threading.Channels;

namespace AppChain.Devnet.Chaos.Links;

/// <summary>One way of one connection: reads pieces, and writes each when the link's conditions let it arrive. Bytes pass unread and in order.</summary>
internal sealed class LinkPump(Socket from, Socket to, LinkWeather weather, Random random, TimeProvider time)
{
    private const int PpmOfOne = 1_000_000;

    private readonly Channel<Piece> onTheWay = Channel.CreateBounded<Piece>(
        new BoundedChannelOptions(ChaosLimits.PiecesOnTheWayMax) { SingleReader = true, SingleWriter = true });

    private readonly record struct Piece(byte[] Buffer, int Length, long ReadAt);

    /// <summary>Runs until either side ends. What was read before the end is still written.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task reading = ReadAsync(end.Token);
        try
        {
            await WriteAsync(end.Token);
        }
        finally
        {
            await end.CancelAsync();
            await reading;
        }
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                byte[] buffer = ArrayPool<byte>.Shared.Rent(ChaosLimits.PieceBytesMax);
                int length = await from.ReceiveAsync(buffer, cancellation);
                if (length == 0)
                    break;
                await onTheWay.Writer.WriteAsync(new Piece(buffer, length, time.GetTimestamp()), cancellation);
            }
            onTheWay.Writer.Complete();
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            onTheWay.Writer.Complete(e); // the writing way hears of it
        }
    }

    private async Task WriteAsync(CancellationToken cancellation)
    {
        await foreach (Piece piece in onTheWay.Reader.ReadAllAsync(cancellation))
        {
            LinkConditions now = weather.Now;
            TimeSpan wait = now.Delay - time.GetElapsedTime(piece.ReadAt);
            if (now.LossPpm > 0 && random.Next(PpmOfOne) < now.LossPpm)
                wait += ChaosLimits.RetransmissionDelay;
            if (now.BytesPerSecond > 0)
                wait += TimeSpan.FromSeconds((double)piece.Length / now.BytesPerSecond);
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait, time, cancellation);
            await weather.WaitUntilWholeAsync(cancellation);
            for (int sent = 0; sent < piece.Length;)
                sent += await to.SendAsync(piece.Buffer.AsMemory(sent, piece.Length - sent), cancellation);
            ArrayPool<byte>.Shared.Return(piece.Buffer);
        }
    }
}
