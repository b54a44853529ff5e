using System.Threading.Channels;

namespace AppChain.Client;

/// <summary>Wakes one waiting loop. Rings that come before it looks are one ring.</summary>
internal sealed class Doorbell
{
    private readonly Channel<byte> rings = Channel.CreateBounded<byte>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Ring() => rings.Writer.TryWrite(0);

    public ValueTask<byte> WaitAsync(CancellationToken cancellation) => rings.Reader.ReadAsync(cancellation);
}
