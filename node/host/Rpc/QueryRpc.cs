using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node.Driver;
using AppChain.Protos.V1;
using Google.Protobuf;
using Grpc.Core;

namespace AppChain.Node.Rpc;

/// <summary>Answers questions about the state after the last final block.</summary>
public sealed class QueryRpc(ChainReader reader) : QueryService.QueryServiceBase
{
    public override Task<Account> GetAccount(GetAccountRequest request, ServerCallContext context) => Answer.With(() =>
    {
        LedgerState state = reader.State;
        Crypto.Address address = AddressOf(request.Address);
        AccountRecord account = LedgerQueries.Account(state, address);
        return new Account
        {
            Address = request.Address,
            Balance = account.Balance.Grains,
            NextSequence = account.Window.Next,
            Height = state.Height,
        };
    });

    public override Task<Device> GetDevice(GetDeviceRequest request, ServerCallContext context) => Answer.With(() =>
    {
        LedgerState state = reader.State;
        DeviceView device = LedgerQueries.Device(state, AddressOf(request.Address)) ?? throw Refusals.NotFound("No device with this address is registered.");
        return WireForm.Of(device, state.Height);
    });

    public override Task<Service> GetService(GetServiceRequest request, ServerCallContext context) =>
        Answer.With(() => WireForm.Of(LedgerQueries.Service(reader.State, request.Service)
            ?? throw Refusals.NotFound($"There is no service {request.Service}; ListServices lists them.")));

    public override Task<ListServicesResponse> ListServices(ListServicesRequest request, ServerCallContext context) => Answer.With(() =>
    {
        ListServicesResponse response = new();
        response.Services.AddRange(LedgerQueries.Services(reader.State).Select(WireForm.Of));
        return response;
    });

    public override Task<TransactionRecord> GetTransaction(GetTransactionRequest request, ServerCallContext context) => Answer.With(() =>
    {
        if (request.Id.Length != Hash256.Size)
            throw Refusals.BadArgument($"id: expected {Hash256.Size} bytes, got {request.Id.Length}");
        return WireForm.Of(reader.FindTransaction(new Hash256(request.Id.Span), withBytes: true)
            ?? throw Refusals.NotFound("No final block holds this transaction; it may still be on its way."));
    });

    public override Task<Supply> GetSupply(GetSupplyRequest request, ServerCallContext context) => Answer.With(() =>
    {
        LedgerState state = reader.State;
        return WireForm.Of(LedgerQueries.Supply(state), state.Height);
    });

    private static Crypto.Address AddressOf(ByteString bytes) => bytes.Length == Crypto.Address.Size
        ? new Crypto.Address(bytes.Span)
        : throw Refusals.BadArgument($"address: expected {Crypto.Address.Size} bytes, got {bytes.Length}");
}
