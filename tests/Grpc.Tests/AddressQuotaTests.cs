using System.Net;
using AppChain.Grpc.Server;

namespace AppChain.Grpc.Tests;

/// <summary>Connections are counted for whoever may own all of the addresses that they come from.</summary>
public class AddressQuotaTests
{
    static readonly IPAddress One = IPAddress.Parse("192.0.2.1");

    static int Entered(AddressQuota quota, IEnumerable<string> addresses) =>
        addresses.Count(address => quota.TryEnter(IPAddress.Parse(address)) is not null);

    [Fact]
    public void Networks_OfOneSite_HaveTwiceAsMuchAtEachStep()
    {
        AddressQuota quota = new(new GrpcPortOptions { ConnectionsPerAddressMax = 10 });
        Assert.Equal(10, Entered(quota, Enumerable.Range(0, 100).Select(i => $"2001:db8:0:1::{i:x}"))); // one /64
        Assert.Equal(10, Entered(quota, Enumerable.Range(2, 100).Select(i => $"2001:db8:0:{i:x}::1"))); // others of its /56
        Assert.Equal(20, Entered(quota, Enumerable.Range(0x100, 1000).Select(i => $"2001:db8:0:{i:x}::1"))); // others of its /48
        Assert.Equal(10, Entered(quota, Enumerable.Range(0, 100).Select(i => $"2001:db8:1::{i:x}"))); // another site
        Assert.Equal(10, Entered(quota, Enumerable.Repeat("192.0.2.1", 100)));
    }

    [Fact]
    public void Connection_ThatLeaves_GivesItsPlaceBackEverywhere()
    {
        AddressQuota quota = new(new GrpcPortOptions { ConnectionsPerAddressMax = 1, StrangersMax = 1 });
        foreach (var address in (IPAddress[])[IPAddress.Parse("2001:db8::1"), One, One.MapToIPv6(), IPAddress.Parse("2001:db8::2")])
        {
            Assert.NotNull(quota.TryEnter(address));
            Assert.Null(quota.TryEnter(address));
            quota.Leave(address);
        }
    }

    [Fact]
    public void Strangers_AsManyAsMayBe_LeaveRoomForThisMachine()
    {
        AddressQuota quota = new(new GrpcPortOptions { ConnectionsPerAddressMax = 2, StrangersMax = 3 });
        Assert.Equal(3, Entered(quota, Enumerable.Range(1, 100).Select(i => $"192.0.2.{i}")));
        Assert.NotNull(quota.TryEnter(IPAddress.Loopback));
        Assert.NotNull(quota.TryEnter(IPAddress.IPv6Loopback));
    }

    [Fact]
    public void Bytes_OfOneAddress_LeaveRoomForOthers()
    {
        AddressQuota quota = new(new GrpcPortOptions { Arriving = new GrpcByteRoom(PerConnection: 10, PerAddress: 15, PerPort: 20) });
        var (first, second, other) = (quota.TryEnter(One)!.Arriving, quota.TryEnter(One)!.Arriving, quota.TryEnter(IPAddress.Loopback)!.Arriving);
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
}
