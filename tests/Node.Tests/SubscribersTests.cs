using System.Globalization;
using System.Net;
using AppChain.Node;
using AppChain.Node.Rpc;
using Grpc.Core;

namespace Node.Tests;

public sealed class SubscribersTests
{
    private static readonly IPAddress One = IPAddress.Parse("192.0.2.1"), Other = IPAddress.Parse("192.0.2.2");

    private readonly Subscribers subscribers = new();

    [Fact]
    public void Enter_MoreThanAnAddressMayHave_IsRefusedUntilOneEnds()
    {
        List<IDisposable> places = [.. Enumerable.Range(0, NodeLimits.SubscribersPerAddressMax).Select(_ => subscribers.Enter(One))];
        Assert.Equal(StatusCode.ResourceExhausted, Assert.Throws<RpcException>(() => subscribers.Enter(One)).StatusCode);
        subscribers.Enter(Other).Dispose();

        places[0].Dispose();

        subscribers.Enter(One).Dispose();
    }

    [Fact]
    public void Enter_MoreThanThereMayBe_IsRefusedForAll()
    {
        for (int i = 0; i < NodeLimits.SubscribersMax; i++)
            subscribers.Enter(IPAddress.Loopback); // which has no limit of its own
        Assert.Equal(StatusCode.ResourceExhausted, Assert.Throws<RpcException>(() => subscribers.Enter(One)).StatusCode);
        Assert.Equal(StatusCode.ResourceExhausted, Assert.Throws<RpcException>(() => subscribers.Enter(IPAddress.Loopback)).StatusCode);
    }

    [Fact]
    public void Enter_ByStrangersAlone_LeavesThisMachineItsOwn()
    {
        int entered = 0;
        while (IsLetIn(new IPAddress(0x0a00_0000L + entered)))
            entered++;
        Assert.Equal(NodeLimits.SubscribersMax - NodeLimits.OwnStreams, entered);
        subscribers.Enter(IPAddress.Loopback).Dispose();
    }

    [Theory]
    [InlineData("2001:db8:0:{0:x}::", 4)] // /64s of one /48
    [InlineData("2001:db8:0:00{0:x2}::", 2)] // of one /56
    public void Enter_FromManyNetworksOfOneSite_IsBoundedForTheSite(string network, int times)
    {
        int entered = 0;
        while (IsLetIn(IPAddress.Parse(string.Format(CultureInfo.InvariantCulture, network, entered % 64 * (times == 4 ? 0x100 : 1)))))
            entered++;
        Assert.Equal(times * NodeLimits.SubscribersPerAddressMax, entered);
    }

    private bool IsLetIn(IPAddress from)
    {
        try
        {
            subscribers.Enter(from);
            return true;
        }
        catch (RpcException refused) when (refused.StatusCode == StatusCode.ResourceExhausted)
        {
            return false;
        }
    }
}
