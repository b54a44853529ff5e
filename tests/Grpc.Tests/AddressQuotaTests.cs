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
        Assert.True(calling.TryBeginCall());
        var rested = Named(quota, "rested", "192.0.2.2")!;
        Assert.True(rested.TryBeginCall());
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
        Assert.True(busy.TryBeginCall());
        Assert.Null(Named(quota, "too soon for who has called", "192.0.2.8"));
        clock.Advance(GrpcLimits.RestedKeep);
        Assert.NotNull(Named(quota, "a", "192.0.2.9")); // in the place of "new", which is silent
        Assert.NotNull(Named(quota, "b", "192.0.2.10"));
        Assert.Equal(["silent", "silent, later", "new", "rested in order"], closed);
        clock.Advance(TimeSpan.FromHours(1));
        calling.Move();
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
        quota.Leave(first);

        Assert.Null(Named(quota, "third", "192.0.2.3"));
        quota.Leave(second);
        Assert.NotNull(Named(quota, "third", "192.0.2.3"));
        Assert.Null(Named(quota, "fourth", "192.0.2.3"));
    }

    [Fact]
    public void Place_WhenAllHaveACall_ComesFromTheOneWhoseCallsMovedNothingForLongest()
    {
        var quota = Quota(new GrpcPortOptions { StrangersMax = 3 });
        var seats = Enumerable.Range(1, 3).Select(i => Named(quota, $"{i}", $"192.0.2.{i}")!).ToArray();
        Assert.All(seats, static seat => Assert.True(seat.TryBeginCall()));
        clock.Advance(GrpcLimits.QuietKeep / 2);
        seats[0].Move();
        clock.Advance(GrpcLimits.QuietKeep / 2);
        seats[2].Move();

        Assert.NotNull(Named(quota, "4", "192.0.2.4"));
        Assert.Equal(["2 in order"], closed);
        Assert.True(Named(quota, "5", "192.0.2.5") is null, "the others have moved something");
        clock.Advance(GrpcLimits.QuietKeep / 2);
        Assert.NotNull(Named(quota, "5", "192.0.2.5")); // in the place of 4, which is silent
        Assert.NotNull(Named(quota, "6", "192.0.2.6"));
        Assert.Equal(["2 in order", "4", "1 in order"], closed);
    }

    [Fact]
    public void Handshakes_AsManyAsMayBe_LeaveThePlacesOfWhoIsAdmitted()
    {
        var quota = Quota(new GrpcPortOptions { StrangersMax = 4, HandshakesMax = 2 });
        var admitted = Named(quota, "admitted", "192.0.2.1")!;
        admitted.Admit();
        clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(2, Entered(quota, Enumerable.Range(2, 20).Select(i => $"192.0.2.{i}")));
        clock.Advance(GrpcLimits.SilentKeep);
        Assert.Equal(2, Entered(quota, Enumerable.Range(2, 20).Select(i => $"192.0.2.{i}"))); // in the place of the first two
        var second = Named(quota, "second", "192.0.2.30");
        Assert.Null(second);
        clock.Advance(GrpcLimits.SilentKeep);
        second = Named(quota, "second", "192.0.2.30")!;
        second.Admit();
        Assert.NotNull(Named(quota, "a third in its handshake", "192.0.2.31"));
        Assert.Empty(closed); // those who had to go have no name
        Assert.True(admitted.TryBeginCall());
    }

    [Fact]
    public void Connections_IdleForLongerThanTheyMayBe_AreClosedThoughThereIsRoom()
    {
        var quota = Quota(new GrpcPortOptions());
        var calling = Named(quota, "calling", "192.0.2.1")!;
        Assert.True(calling.TryBeginCall());
        var rested = Named(quota, "rested", "192.0.2.2")!;
        Assert.True(rested.TryBeginCall());
        rested.EndCall();
        clock.Advance(GrpcLimits.IdleConnectionTimeout);
        Named(quota, "later", "192.0.2.3");
        Assert.Empty(closed); // the server does it first, where it can
        clock.Advance(GrpcLimits.IdleGrace);
        Named(quota, "last", "192.0.2.4");
        Assert.Equal(["rested in order"], closed);
    }

    [Fact]
    public void Call_OnAConnectionThatHadToGo_IsRefused()
    {
        var quota = Quota(new GrpcPortOptions { StrangersMax = 1 });
        var first = Named(quota, "first", "192.0.2.1")!;
        clock.Advance(GrpcLimits.SilentKeep);
        Named(quota, "second", "192.0.2.2");
        Assert.False(first.TryBeginCall());
    }
}
