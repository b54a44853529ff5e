using System.Buffers;
using AppChain.Grpc.Wire;
using FsCheck;
using FsCheck.Fluent;

namespace AppChain.Grpc.Tests;

/// <summary>The encodings of the protocol, on any input.</summary>
public class WireTests
{
    [Fact]
    public void Detail_AnyText_TravelsAsPrintableAsciiAndComesBack() => Prop.ForAll<string>(text =>
    {
        // Lone surrogates are no text: UTF-8 cannot carry them.
        var detail = text is null || text.Any(char.IsSurrogate) ? "" : text;
        var encoded = StatusText.EncodeDetail(detail);
        return encoded.All(c => c is >= ' ' and <= '~') && StatusText.DecodeDetail(encoded) == detail;
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("100%", "100%")]
    [InlineData("%4", "%4")]
    [InlineData("%zz%41", "%zzA")]
    [InlineData("%E2%82", "\uFFFD")]
    public void Detail_BrokenEscapes_AreKept(string encoded, string expected) => Assert.Equal(expected, StatusText.DecodeDetail(encoded));

    [Fact]
    public void Detail_CutWithinAPair_LosesThePair()
    {
        var detail = new string('x', GrpcLimits.StatusDetailCharactersMax - 1) + "😀";
        Assert.Equal(detail[..^2], StatusText.DecodeDetail(StatusText.EncodeDetail(detail)));
    }

    [Fact]
    public void Timeout_Any_ComesBackNeverShorterAndHardlyLonger() => Prop.ForAll<long>(value =>
    {
        var timeout = TimeSpan.FromTicks(Math.Abs(value % GrpcLimits.DeadlineMax.Ticks) + 1);
        var text = TimeoutText.Format(timeout);
        return text.Length <= 9 && TimeoutText.TryParse(text, out var parsed) && parsed >= timeout
            && parsed - timeout <= TimeSpan.FromTicks(Math.Max(timeout.Ticks / 1_000_000, TimeSpan.TicksPerMicrosecond));
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("1H", 3600.0)]
    [InlineData("2M", 120.0)]
    [InlineData("3S", 3.0)]
    [InlineData("40m", 0.04)]
    [InlineData("50u", 0.00005)]
    [InlineData("600n", 0.0000006)]
    [InlineData("99999999H", 30 * 86400.0)]
    public void Timeout_EveryUnit_IsRead(string text, double seconds)
    {
        Assert.True(TimeoutText.TryParse(text, out var timeout));
        Assert.Equal(TimeSpan.FromSeconds(seconds), timeout);
    }

    [Fact]
    public void Frame_HoweverSegmented_ReadsTheSame() => Prop.ForAll<byte[], byte>((tail, cut) =>
    {
        byte[] bytes = [(byte)(cut & 1), 0, 0, 0, (byte)(tail.Length / 2), .. tail];
        var whole = Frame.TryRead(new ReadOnlySequence<byte>(bytes), 100, out var expected);
        var split = Frame.TryRead(Segment.Split(bytes, cut % (bytes.Length + 1)), 100, out var actual);
        return whole == split && expected.Compressed == actual.Compressed
            && expected.Payload.ToArray().AsSpan().SequenceEqual(actual.Payload.ToArray());
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(100u, nameof(FrameResult.Incomplete))]
    [InlineData(101u, nameof(FrameResult.TooLarge))]
    [InlineData(0x8000_0000u, nameof(FrameResult.TooLarge))]
    [InlineData(uint.MaxValue, nameof(FrameResult.TooLarge))]
    public void Frame_Length_IsComparedBeforeAnythingElse(uint length, string expected)
    {
        byte[] header = [0, (byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length];
        Assert.Equal(expected, Frame.TryRead(new ReadOnlySequence<byte>(header), 100, out _).ToString());
    }

    sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public static ReadOnlySequence<byte> Split(byte[] bytes, int at)
        {
            var second = new Segment { Memory = bytes.AsMemory(at), RunningIndex = at };
            var first = new Segment { Memory = bytes.AsMemory(0, at), Next = second };
            return new ReadOnlySequence<byte>(first, 0, second, bytes.Length - at);
        }
    }
}
