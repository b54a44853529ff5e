using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1;
using Alpha = Grpc.Reflection.V1Alpha.ServerReflection;

namespace AppChain.Node.Rpc;

/// <summary>The services that any gRPC tool expects beside a server's own.</summary>
public static class StandardServices
{
    /// <summary>A server's own services with health and reflection, which know of all of them.</summary>
    public static IEnumerable<ServerServiceDefinition> AddTo(
        IReadOnlyList<(ServerServiceDefinition Definition, ServiceDescriptor Descriptor)> own, HealthMonitor monitor, Subscribers subscribers)
    {
        HealthRpc health = new(monitor, subscribers, own.Select(service => service.Descriptor.FullName).ToHashSet());
        ReflectionRpc reflection = new(
            [.. own.Select(service => service.Descriptor), Health.Descriptor, ServerReflection.Descriptor, Alpha.Descriptor], subscribers);
        return [
            .. own.Select(service => service.Definition),
            Health.BindService(health), ServerReflection.BindService(reflection), reflection.BindAlpha(),
        ];
    }
}
