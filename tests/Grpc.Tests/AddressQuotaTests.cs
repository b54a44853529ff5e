using System.Net;
using AppChain.Grpc.Server;

namespace AppChain.Grpc.Tests;

/// <summary>Connections are counted for whoever may own all of the addresses that they come from.</summary>
public class AddressQuotaTests
{
    static readonly IPAddress One = IPAddress.Parse("192.0.2.1");

    readonly HandClock clock = new();
    readonly List<string> closed = [];

    static int Entered(AddressQuota quota, IEnumerable<string> addresses) => addresses.Count(address => Enter(quota, IPAddress.Parse(address)) is not null);

    static ConnectionSeat? Enter(AddressQuota quota, IPAddress address) => quota.TryEnter(address, static _ => { });

    AddressQuota Quota(GrpcPortOptions options) => new(options, clock);

    ConnectionSeat? Named(AddressQuota quota, string name, string address) =>
        quota.TryEnter(IPAddress.Parse(address), isInOrder => closed.Add(isInOrder ? name + " in order" : name));

    [Fact]
    public void Networks_OfOneSite_HaveTwiceAsMuchAtEachStep()
    {
        var quota = Quota(new GrpcPortOptions { ConnectionsPerAddressMax = 10 });
        Assert.Equal(10, Entered(quota, Enumerable.Range(0, 100).Select(i => $"2001:db8:0:1::{i:x}"))); // one /64
        Assert.Equal(10, Entered(quota, Enumerable.Range(2, 100).Select(i => $"2001:db8:0:{i:x}::1"))); // others of its /56
        Assert.Equal(20, Entered(quota, Enumerable.Range(0x100, 1000).Select(i => $"2001:db8:0:{i:x}::1"))); // others of its /48
        Assert.Equal(10, Entered(quota, Enumerable.Range(0, 100).Select(i => $"2001:db8:1::{i:x}"))); // another site
        Assert.Equal(10, Entered(quota, Enumerable.Repeat("192.0.2.1", 100)));
    }

    [Fact]
    public void Connection_ThatLeaves_GivesItsPlaceBackEverywhere()
    {
        var quota = Quota(new GrpcPortOptions { ConnectionsPerAddressMax = 1, StrangersMax = 1 });
        foreach (var address in (IPAddress[])[IPAddress.Parse("2001:db8::1"), One, One.MapToIPv6(), IPAddress.Parse("2001:db8::2")])
        {
            var seat = Enter(quota, address);
            Assert.NotNull(seat);
            Assert.Null(Enter(quota, address));
            quota.Leave(seat);
        }
    }

    [Fact]
    public void Strangers_AsManyAsMayBe_LeaveRoomForThisMachine()
    {
        var quota = Quota(new GrpcPortOptions { ConnectionsPerAddressMax = 2, StrangersMax = 3 });
        Assert.Equal(3, Entered(quota, Enumerable.Range(1, 100).Select(i => $"192.0.2.{i}")));
        Assert.NotNull(Enter(quota, IPAddress.Loopback));
        Assert.NotNull(Enter(quota, IPAddress.IPv6Loopback));
    }

    [Fact]
    public void Bytes_OfOneAddress_LeaveRoomForOthers()
    {
        var quota = Quota(new GrpcPortOptions { Arriving = new GrpcByteRoom(PerConnection: 10, PerAddress: 15, PerPort: 20) });
        var (first, second, other) = (Enter(quota, One)!.Room.Arriving, Enter(quota, One)!.Room.Arriving, Enter(quota, IPAddress.Loopback)!.Room.Arriving);
        Assert.True(first.TryTake(10));
        Assert.False(first.TryTake(1));
        Assert.True(second.TryTake(5));
        Assert.False(second.TryTake(1));
        Assert.True(other.TryTake(5));
        Assert.False(other.TryTake(1)); // the port's
        first.Give(10);
        Assert.True(other.TryTake(5));
        Assert.True(second.TryTake(5));
        Assert.False(second.TryTake(1));
    }

    [Fact]
    public void Place_ThatSomebodyWants_ComesFromWhoIsIdleLongestAndNotFromWhoHasACall()
    {
        var quota = Quota(new GrpcPortOptions { StrangersMax = 4 });
        var calling = Named(quota, "calling", "192.0.2.1")!;
        calling.BeginCall();
        var rested = Named(quota, "rested", "192.0.2.2")!;
        rested.BeginCall();
        Named(quota, "silent", "192.0.2.3");
        clock.Advance(TimeSpan.FromMilliseconds(500));
        Named(quota, "silent, later", "192.0.2.4");
        rested.EndCall();

        Assert.Null(Named(quota, "too soon", "192.0.2.5"));
        clock.Advance(GrpcLimits.SilentKeep);
        Assert.NotNull(Named(quota, "new", "192.0.2.6"));
        Assert.Equal(["silent"], closed);
        var busy = Named(quota, "new, too", "192.0.2.7")!;
        Assert.Equal(["silent", "silent, later"], closed);
        busy.BeginCall();
        Assert.Null(Named(quota, "too soon for who has called", "192.0.2.8"));
        clock.Advance(GrpcLimits.RestedKeep);
        Assert.NotNull(Named(quota, "a", "192.0.2.9")); // in the place of "new", which is silent
        Assert.NotNull(Named(quota, "b", "192.0.2.10"));
        Assert.Equal(["silent", "silent, later", "new", "rested in order"], closed);
        clock.Advance(TimeSpan.FromHours(1));
        Assert.NotNull(Named(quota, "c", "192.0.2.11"));
        Assert.NotNull(Named(quota, "d", "192.0.2.12"));
        Assert.DoesNotContain(closed, static name => name.StartsWith("calling", StringComparison.Ordinal));
    }

    [Fact]
    public void Place_OfAnAddressWithoutMore_ComesFromItsOwn()
    {
        var quota = Quota(new GrpcPortOptions { ConnectionsPerAddressMax = 2 });
        Named(quota, "other", "192.0.2.1");
        clock.Advance(TimeSpan.FromSeconds(1));
        Named(quota, "first", "192.0.2.2");
        Named(quota, "second", "192.0.2.2");
        clock.Advance(GrpcLimits.SilentKeep);

        Assert.NotNull(Named(quota, "third", "192.0.2.2"));

        Assert.Equal(["first"], closed);
    }

    [Fact]
    public void Place_OfWhoHadToGo_IsGivenBackOnce()
    {
        var quota = Quota(new GrpcPortOptions { StrangersMax = 1 });
        var first = Named(quota, "first", "192.0.2.1")!;
        clock.Advance(GrpcLimits.SilentKeep);
        var second = Named(quota, "second", "192.0.2.2")!;
        first.BeginCall(); // it had begun when it was closed
        first.EndCall();
        quota.Leave(first);

        Assert.Null(Named(quota, "third", "192.0.2.3"));
        quota.Leave(second);
        Assert.NotNull(Named(quota, "third", "192.0.2.3"));
        Assert.Null(Named(quota, "fourth", "192.0.2.3"));
    }

    sealed class HandClock : TimeProvider
    {
        long now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => now;

        public void Advance(TimeSpan time) => now += time.Ticks;
    }
}
