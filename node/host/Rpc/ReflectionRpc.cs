using AppChain.Grpc;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection.V1;
using Alpha = Grpc.Reflection.V1Alpha.ServerReflection;
using Request = Grpc.Reflection.V1.ServerReflectionRequest;
using Response = Grpc.Reflection.V1.ServerReflectionResponse;

namespace AppChain.Node.Rpc;

/// <summary>gRPC's standard reflection service: tools that know nothing of this chain learn its services from it.</summary>
/// <param name="services">What it tells of.</param>
/// <param name="subscribers">Whose places a stream of questions takes: it has no end of its own.</param>
public sealed class ReflectionRpc(IReadOnlyList<ServiceDescriptor> services, Subscribers subscribers)
    : ServerReflection.ServerReflectionBase
{
    private readonly SchemaIndex schema = new(services);

    /// <summary>The same service under its older name, which many tools still ask for: the messages differ in their package only.</summary>
    public ServerServiceDefinition BindAlpha()
    {
        Method<Request, Response> method = new(
            MethodType.DuplexStreaming, Alpha.Descriptor.FullName, nameof(ServerReflectionInfo),
            Marshallers.Create(message => message.ToByteArray(), Request.Parser.ParseFrom),
            Marshallers.Create(message => message.ToByteArray(), Response.Parser.ParseFrom));
        return ServerServiceDefinition.CreateBuilder().AddMethod(method, ServerReflectionInfo).Build();
    }

    public override async Task ServerReflectionInfo(
        IAsyncStreamReader<Request> requestStream, IServerStreamWriter<Response> responseStream, ServerCallContext context)
    {
        using IDisposable place = subscribers.Enter(context.GetCallerNetwork());
        while (await requestStream.MoveNext(context.CancellationToken))
            await responseStream.WriteAsync(Answer(requestStream.Current), context.CancellationToken);
    }

    /// <summary>Answers one question; what is not known is an error within the answer, and the stream goes on.</summary>
    public Response Answer(Request request)
    {
        Response response = new() { ValidHost = request.Host, OriginalRequest = request };
        switch (request.MessageRequestCase)
        {
            case Request.MessageRequestOneofCase.ListServices:
                response.ListServicesResponse = new ListServiceResponse
                {
                    Service = { services.Select(service => new ServiceResponse { Name = service.FullName }) },
                };
                break;
            case Request.MessageRequestOneofCase.FileByFilename when schema.TryGetFile(request.FileByFilename, out FileDescriptor? file):
                response.FileDescriptorResponse = Files(file);
                break;
            case Request.MessageRequestOneofCase.FileContainingSymbol
                when schema.TryGetFileOf(request.FileContainingSymbol, out FileDescriptor? file):
                response.FileDescriptorResponse = Files(file);
                break;
            case Request.MessageRequestOneofCase.AllExtensionNumbersOfType
                when schema.TryGetFileOf(request.AllExtensionNumbersOfType, out _):
                // This schema is proto3: nothing in it has extensions.
                response.AllExtensionNumbersResponse = new ExtensionNumberResponse { BaseTypeName = request.AllExtensionNumbersOfType };
                break;
            case Request.MessageRequestOneofCase.None:
                response.ErrorResponse = Error(StatusCode.InvalidArgument, "The request asks for nothing.");
                break;
            default:
                response.ErrorResponse = Error(StatusCode.NotFound, "This node's schema has no such file, symbol or extension.");
                break;
        }
        return response;
    }

    private static FileDescriptorResponse Files(FileDescriptor file) =>
        new() { FileDescriptorProto = { SchemaIndex.WithImports(file).Select(each => each.SerializedData) } };

    private static ErrorResponse Error(StatusCode code, string message) => new() { ErrorCode = (int)code, ErrorMessage = message };
}
