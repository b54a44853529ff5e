using System.Buffers;
using Grpc.Core;

namespace AppChain.Grpc.Tests;

/// <summary>The public types that generated stubs stand on, used by hand.</summary>
public class ApiTests
{
    [Fact]
    public void Definition_MethodTwice_IsRefused()
    {
        var marshaller = Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes);
        var method = new Method<byte[], byte[]>(MethodType.Unary, "s", "m", marshaller, marshaller);
        UnaryServerMethod<byte[], byte[]> handler = (request, _) => Task.FromResult(request);
        var builder = ServerServiceDefinition.CreateBuilder().AddMethod(method, handler);
        Assert.Throws<ArgumentException>(() => builder.AddMethod(method, handler));
    }

    [Fact]
    public async Task Marshaller_OfArrays_WorksOnBothSides()
    {
        var marshaller = Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes);
        var method = new Method<byte[], byte[]>(MethodType.Unary, "arrays", "Reverse", marshaller, marshaller);
        UnaryServerMethod<byte[], byte[]> handler = (request, _) => Task.FromResult(request.Reverse().ToArray());
        var definition = ServerServiceDefinition.CreateBuilder().AddMethod(method, handler).Build();
        await using var server = await TestServer.StartAsync(app => app.MapGrpcService(definition));
        using var call = server.Channel.CreateCallInvoker().AsyncUnaryCall(method, null, default, [1, 2, 3]);
        Assert.Equal([3, 2, 1], await call.ResponseAsync.Soon());
    }

    [Fact]
    public async Task Marshaller_WritesLessThanAnnounced_NeverReachesThePeerAsAMessage()
    {
        var broken = Marshallers.Create<byte[]>(
            (bytes, context) =>
            {
                context.SetPayloadLength(bytes.Length + 1);
                context.GetBufferWriter().Write(bytes);
                context.Complete();
            },
            context => context.PayloadAsNewBuffer());
        var proper = Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes);
        var served = new Method<byte[], byte[]>(MethodType.Unary, "arrays", "Broken", proper, broken);
        UnaryServerMethod<byte[], byte[]> handler = (request, _) => Task.FromResult(request);
        var definition = ServerServiceDefinition.CreateBuilder().AddMethod(served, handler).Build();
        await using var server = await TestServer.StartAsync(app => app.MapGrpcService(definition));
        var called = new Method<byte[], byte[]>(MethodType.Unary, "arrays", "Broken", proper, proper);
        using var call = server.Channel.CreateCallInvoker().AsyncUnaryCall(called, null, default, [1, 2, 3]);
        Assert.Equal(StatusCode.Internal, (await call.ResponseAsync.FailsSoon()).StatusCode);
    }

    [Fact]
    public void CallOptions_With_ChangesOneThing()
    {
        var deadline = new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var options = new CallOptions(deadline: deadline).WithHeaders(new Metadata { { "a", "b" } });
        Assert.Equal((deadline, "b"), (options.Deadline, options.Headers?.GetValue("A")));
    }
}
