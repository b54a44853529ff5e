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
    }
}
