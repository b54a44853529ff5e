using AppChain.Grpc;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1;
using Alpha = Grpc.Reflection.V1Alpha;

namespace Node.Tests;

/// <summary>What a tool that knows nothing of this chain learns from a running node.</summary>
public sealed class ReflectionTests(NetworkFixture fixture) : IClassFixture<NetworkFixture>
{
    private static readonly string[] Expected =
    [
        "appchain.v1.AdminService", "appchain.v1.BlockService", "appchain.v1.GovernanceService", "appchain.v1.QueryService", "appchain.v1.StatusService",
        "appchain.v1.TransactionService", "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection",
        "grpc.reflection.v1alpha.ServerReflection",
    ];

    private static CallOptions Soon =>
        new(deadline: DateTime.UtcNow + Bounds.Start, cancellationToken: TestContext.Current.CancellationToken);

    private GrpcChannel Connect() => GrpcChannel.ForAddress("http://" + fixture.Network.Addresses[0]);

    private static async Task<ServerReflectionResponse> AskAsync(GrpcChannel channel, ServerReflectionRequest request)
    {
        using AsyncDuplexStreamingCall<ServerReflectionRequest, ServerReflectionResponse> call =
            new ServerReflection.ServerReflectionClient(channel).ServerReflectionInfo(Soon);
        await call.RequestStream.WriteAsync(request, TestContext.Current.CancellationToken);
        await call.RequestStream.CompleteAsync();
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        ServerReflectionResponse response = call.ResponseStream.Current;
        Assert.False(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        Assert.Equal(request, response.OriginalRequest);
        return response;
    }

    [Fact]
    public async Task ListServices_OfANode_NamesAllOfThem()
    {
        using GrpcChannel channel = Connect();
        ServerReflectionResponse response = await AskAsync(channel, new ServerReflectionRequest { ListServices = "*" });
        Assert.Equal(Expected, response.ListServicesResponse.Service.Select(service => service.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Symbol_OfEachService_ComesWithAFileThatBuildsWithItsImports()
    {
        using GrpcChannel channel = Connect();
        foreach (string symbol in (string[])[.. Expected, "appchain.v1.QueryService.GetAccount", "appchain.v1.Block", "appchain.v1.SubmitResponse.Stage"])
        {
            ServerReflectionResponse response = await AskAsync(channel, new ServerReflectionRequest { FileContainingSymbol = symbol });
            IList<ByteString> files = response.FileDescriptorResponse.FileDescriptorProto;
            // Imports come after what imports them: built the other way round.
            IReadOnlyList<FileDescriptor> built = FileDescriptor.BuildFromByteStrings(files.Reverse());
            Assert.Equal(symbol.Split('.')[0], built[^1].Package.Split('.')[0]);
        }
    }

    [Fact]
    public async Task File_ByName_IsTheSameAsBySymbol()
    {
        using GrpcChannel channel = Connect();
        ServerReflectionResponse byName = await AskAsync(channel, new ServerReflectionRequest { FileByFilename = "appchain/v1/node.proto" });
        ServerReflectionResponse bySymbol = await AskAsync(
            channel, new ServerReflectionRequest { FileContainingSymbol = "appchain.v1.StatusService" });
        Assert.Equal(byName.FileDescriptorResponse, bySymbol.FileDescriptorResponse);
    }

    [Fact]
    public async Task Question_WithoutAnswer_IsAnErrorAndTheStreamGoesOn()
    {
        using GrpcChannel channel = Connect();
        using AsyncDuplexStreamingCall<ServerReflectionRequest, ServerReflectionResponse> call =
            new ServerReflection.ServerReflectionClient(channel).ServerReflectionInfo(Soon);
        (ServerReflectionRequest Request, StatusCode Code)[] questions =
        [
            (new ServerReflectionRequest { FileByFilename = "other.proto" }, StatusCode.NotFound),
            (new ServerReflectionRequest { FileContainingSymbol = "other.Service" }, StatusCode.NotFound),
            (new ServerReflectionRequest { FileContainingExtension = new ExtensionRequest { ContainingType = "appchain.v1.Block" } },
                StatusCode.NotFound),
            (new ServerReflectionRequest { AllExtensionNumbersOfType = "other.Type" }, StatusCode.NotFound),
            (new ServerReflectionRequest(), StatusCode.InvalidArgument),
        ];
        foreach ((ServerReflectionRequest request, StatusCode code) in questions)
        {
            await call.RequestStream.WriteAsync(request, TestContext.Current.CancellationToken);
            Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
            Assert.Equal(code, (StatusCode)call.ResponseStream.Current.ErrorResponse.ErrorCode);
        }
        await call.RequestStream.WriteAsync(
            new ServerReflectionRequest { AllExtensionNumbersOfType = "appchain.v1.Block" }, TestContext.Current.CancellationToken);
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        Assert.Empty(call.ResponseStream.Current.AllExtensionNumbersResponse.ExtensionNumber);
    }

    [Fact]
    public async Task Alpha_OfTheSameNode_AnswersTheSame()
    {
        using GrpcChannel channel = Connect();
        using AsyncDuplexStreamingCall<Alpha.ServerReflectionRequest, Alpha.ServerReflectionResponse> call =
            new Alpha.ServerReflection.ServerReflectionClient(channel).ServerReflectionInfo(Soon);
        await call.RequestStream.WriteAsync(new Alpha.ServerReflectionRequest { ListServices = "" }, TestContext.Current.CancellationToken);
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        Assert.Equal(Expected, call.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Health_OfARunningValidator_IsServing()
    {
        using GrpcChannel channel = Connect();
        using AsyncServerStreamingCall<HealthCheckResponse> watch =
            new Health.HealthClient(channel).Watch(new HealthCheckRequest { Service = "appchain.v1.StatusService" }, Soon);
        do
            Assert.True(await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        while (watch.ResponseStream.Current.Status == HealthCheckResponse.Types.ServingStatus.NotServing);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, watch.ResponseStream.Current.Status);
    }
}
