using AppChain.Grpc;
using AppChain.Node;
using AppChain.Node.Rpc;
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.Logging.Abstractions;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Node.Tests;

/// <summary>gRPC's standard health service over a real port, of a node whose state the test sets.</summary>
public sealed class HealthTests : IAsyncLifetime
{
    private const string Served = "appchain.v1.StatusService";

    private readonly CancellationTokenSource stop = new();
    private volatile bool healthy;
    private Task monitoring = Task.CompletedTask;
    private GrpcListener? listener;
    private GrpcChannel? channel;

    private static CallOptions Soon =>
        new(deadline: DateTime.UtcNow + Bounds.Start, cancellationToken: TestContext.Current.CancellationToken);

    private Health.HealthClient Client => new(channel);

    public async ValueTask InitializeAsync()
    {
        HealthMonitor monitor = new(() => healthy, TimeProvider.System);
        monitoring = monitor.RunAsync(stop.Token);
        listener = await GrpcListener.StartAsync(
            "test", new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0), NodeLimits.PublicMessageBytesMax, NullLoggerFactory.Instance,
            [Health.BindService(new HealthRpc(monitor, new Subscribers(), new HashSet<string> { Served }))], new PublicPort([], Certificate: null));
        channel = GrpcChannel.ForAddress($"http://{listener.Endpoint}");
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => monitoring.WaitAsync(Bounds.Start));
        channel?.Dispose();
        if (listener is not null)
            await listener.DisposeAsync();
        stop.Dispose();
    }

    [Theory]
    [InlineData("")]
    [InlineData(Served)]
    public async Task Watch_NodeChanges_TellsEachChange(string service)
    {
        using AsyncServerStreamingCall<HealthCheckResponse> watch =
            Client.Watch(new HealthCheckRequest { Service = service }, Soon);
        foreach (ServingStatus expected in (ServingStatus[])[ServingStatus.NotServing, ServingStatus.Serving, ServingStatus.NotServing])
        {
            healthy = expected == ServingStatus.Serving;
            Assert.True(await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
            Assert.Equal(expected, watch.ResponseStream.Current.Status);
            HealthCheckResponse check = await Client.CheckAsync(
                new HealthCheckRequest { Service = service }, cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal(expected, check.Status);
        }
    }

    [Fact]
    public async Task List_OfANode_NamesTheWholeAndEachService()
    {
        HealthListResponse list = await Client.ListAsync(new HealthListRequest(), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(["", Served], list.Statuses.Keys.Order(StringComparer.Ordinal));
        Assert.All(list.Statuses.Values, status => Assert.Equal(ServingStatus.NotServing, status.Status));
    }

    [Fact]
    public async Task Service_NotKnown_IsNotFoundOrWatchedAsUnknown()
    {
        HealthCheckRequest other = new() { Service = "other.Service" };
        RpcException refusal = await Assert.ThrowsAsync<RpcException>(
            () => Client.CheckAsync(other, cancellationToken: TestContext.Current.CancellationToken).ResponseAsync);
        Assert.Equal(StatusCode.NotFound, refusal.StatusCode);
        using AsyncServerStreamingCall<HealthCheckResponse> watch = Client.Watch(other, Soon);
        Assert.True(await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        Assert.Equal(ServingStatus.ServiceUnknown, watch.ResponseStream.Current.Status);
    }

    [Theory]
    [InlineData(false, 1_000_000, 1_000_500, true)]
    [InlineData(true, 1_000_000, 1_000_500, false)] // it fetches blocks
    [InlineData(false, 1_000_000, 1_120_000, true)]
    [InlineData(false, 1_000_000, 1_120_001, false)] // it does not know yet what it missed
    [InlineData(false, 1_000_000, 999_000, true)] // its clock is behind
    public void UpToDate_ByBlockAndFetching_IsJudged(bool catchingUp, ulong tipMs, ulong nowMs, bool expected) =>
        Assert.Equal(expected, HealthMonitor.IsUpToDate(catchingUp, tipMs, nowMs));
}
