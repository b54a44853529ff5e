using System.Net;
using AppChain.Grpc.Server;
using Grpc.Core;

namespace AppChain.Grpc.Tests;

/// <summary>An address may call so often and no more; others are not concerned.</summary>
public class CallRateTests
{
    static readonly IPAddress One = IPAddress.Parse("192.0.2.1");
    static readonly IPAddress Other = IPAddress.Parse("192.0.2.2");

    /// <summary>A clock that stands still until it is moved.</summary>
    sealed class StoppedClock : TimeProvider
    {
        long milliseconds;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => milliseconds;

        public void Advance(int by) => milliseconds += by;
    }

    [Fact]
    public void Address_AboveItsRate_IsRefusedUntilItsTokensAreBack()
    {
        var clock = new StoppedClock();
        var rates = new AddressRate(new GrpcAddressRate(PerSecond: 10, Burst: 3, ExemptLoopback: false), clock);
        for (var i = 0; i < 3; i++) Assert.True(rates.TryTake(One, out _));
        Assert.False(rates.TryTake(One, out var retryAfter));
        Assert.Equal(TimeSpan.FromMilliseconds(100), retryAfter);
        Assert.True(rates.TryTake(Other, out _));
        clock.Advance(99);
        Assert.False(rates.TryTake(One, out _));
        clock.Advance(1);
        Assert.True(rates.TryTake(One, out _));
        clock.Advance(1_000_000); // no more than the burst is saved up
        for (var i = 0; i < 3; i++) Assert.True(rates.TryTake(One, out _));
        Assert.False(rates.TryTake(One, out _));
    }

    [Fact]
    public void Addresses_OfOneNetwork_CountAsOne()
    {
        var rates = new AddressRate(new GrpcAddressRate(1, 1, ExemptLoopback: false), new StoppedClock());
        Assert.True(rates.TryTake(IPAddress.Parse("2001:db8::1"), out _));
        Assert.False(rates.TryTake(IPAddress.Parse("2001:db8::2:3:4"), out _));
        Assert.True(rates.TryTake(IPAddress.Parse("2001:db8:0:1::1"), out _));
        Assert.True(rates.TryTake(One, out _));
        Assert.False(rates.TryTake(One.MapToIPv6(), out _));
    }

    [Fact]
    public void Addresses_MoreThanAreCounted_ShareWhatIsLeft()
    {
        var clock = new StoppedClock();
        var rates = new AddressRate(new GrpcAddressRate(1, 1, ExemptLoopback: false), clock);
        for (var i = 0; i < GrpcLimits.RatedAddressesMax; i++) Assert.True(rates.TryTake(new IPAddress(0x0a00_0000L + i), out _));
        Assert.True(rates.TryTake(One, out _));
        Assert.False(rates.TryTake(Other, out _));
        clock.Advance(1000); // all have their tokens back, and are forgotten
        Assert.True(rates.TryTake(One, out _));
        Assert.True(rates.TryTake(Other, out _));
    }

    [Fact]
    public async Task Call_AboveTheRate_IsResourceExhaustedAndSaysWhenToTryAgain()
    {
        await using var server = await TestServer.StartAsync(
            app =>
            {
                app.UseGrpcCallRate(new GrpcAddressRate(PerSecond: 1, Burst: 2, ExemptLoopback: false), new StoppedClock());
                app.MapGrpcService(Exchange.BindService(new ExchangeHandlers()));
            });
        for (var i = 0; i < 2; i++) await server.Client.EchoAsync(new Note()).ResponseAsync.Soon();
        var refusal = await server.Client.EchoAsync(new Note()).ResponseAsync.FailsSoon();
        Assert.Equal((StatusCode.ResourceExhausted, "1000"), (refusal.StatusCode, refusal.Trailers.GetValue("grpc-retry-pushback-ms")));
    }

    [Fact]
    public async Task HttpRequest_AboveTheRate_IsTooManyAndSaysWhenToTryAgain()
    {
        await using var server = await TestServer.StartAsync(
            app =>
            {
                app.UseGrpcCallRate(new GrpcAddressRate(PerSecond: 1, Burst: 1, ExemptLoopback: false), new StoppedClock());
                app.MapGrpcService(Exchange.BindService(new ExchangeHandlers()));
            });
        await server.Client.EchoAsync(new Note()).ResponseAsync.Soon();
        using var raw = new RawClient(server.Address);
        var answer = await raw.SendAsync("/did/any", [], HttpVersion.Version20, "text/plain").Soon();
        Assert.Equal((HttpStatusCode.TooManyRequests, "1"), (answer.Response.StatusCode, answer.Find("retry-after")));
    }

    [Fact]
    public async Task Call_FromThisMachine_IsNotCountedIfSoSet()
    {
        await using var server = await TestServer.StartAsync(
            app =>
            {
                app.UseGrpcCallRate(new GrpcAddressRate(PerSecond: 1, Burst: 1, ExemptLoopback: true), new StoppedClock());
                app.MapGrpcService(Exchange.BindService(new ExchangeHandlers()));
            });
        for (var i = 0; i < 5; i++) Assert.Equal(new Note(), await server.Client.EchoAsync(new Note()).ResponseAsync.Soon());
    }
}
