using AppChain.Grpc;
using Grpc.Core;
using Grpc.Health.V1;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace AppChain.Node.Rpc;

/// <summary>gRPC's standard health service. A node has one state: all of its services serve, or none does.</summary>
/// <param name="services">Full names of the services.</param>
public sealed class HealthRpc(HealthMonitor monitor, Subscribers subscribers, IReadOnlySet<string> services) : Health.HealthBase
{
    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) => IsKnown(request.Service)
        ? Task.FromResult(new HealthCheckResponse { Status = Of(monitor.Current.Serving) })
        : throw Refusals.NotFound("This node has no such service.");

    public override Task<HealthListResponse> List(HealthListRequest request, ServerCallContext context)
    {
        HealthListResponse response = new();
        foreach (string service in services.Append(""))
            response.Statuses.Add(service, new HealthCheckResponse { Status = Of(monitor.Current.Serving) });
        return Task.FromResult(response);
    }

    public override async Task Watch(
        HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        using IDisposable place = subscribers.Enter(context.GetCallerNetwork());
        // Only what changes is sent, and a slow reader is told the latest: states in between are of no use to it.
        ServingStatus last = ServingStatus.Unknown;
        while (true)
        {
            (bool serving, Task changed) = monitor.Current;
            ServingStatus status = IsKnown(request.Service) ? Of(serving) : ServingStatus.ServiceUnknown;
            if (status != last)
                await responseStream.WriteAsync(new HealthCheckResponse { Status = status }, context.CancellationToken);
            last = status;
            await changed.WaitAsync(context.CancellationToken);
        }
    }

    private bool IsKnown(string service) => service.Length == 0 || services.Contains(service);

    private static ServingStatus Of(bool serving) => serving ? ServingStatus.Serving : ServingStatus.NotServing;
}
