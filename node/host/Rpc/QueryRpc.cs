using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Ledger.Location;
using AppChain.Node.Did;
using AppChain.Node.Driver;
using AppChain.Node.Explain;
using AppChain.Protos.V1;
using AppChain.Storage;
using Google.Protobuf;
using Grpc.Core;

namespace AppChain.Node.Rpc;

/// <summary>Answers questions about the state after the last final block.</summary>
public sealed class QueryRpc(ChainReader reader, DidResolver dids, Explainer explainer) : QueryService.QueryServiceBase
{
    public override Task<Account> GetAccount(GetAccountRequest request, ServerCallContext context) => Answer.With(() =>
    {
        LedgerState state = reader.State;
        Crypto.Address address = AddressOf(request.Address);
        AccountRecord account = LedgerQueries.Account(state, address);
        Account answer = new()
        {
            Address = request.Address,
            Balance = account.Balance.Grains,
            NextSequence = account.Window.Next,
            Height = state.Height,
            Credits = account.Credits.Units,
            CreditsBought = account.Cost.Bought.Units,
            CreditsCost = account.Cost.Burned.Grains,
        };
        answer.Resting.AddRange(account.Resting.Entries.Select(static entry => new Protos.V1.RestingReward { SpendableEpoch = entry.SpendableEpoch, Amount = entry.Amount.Grains }));
        return answer;
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
            ?? throw Refusals.NotFound(reader.OldestKept(RetentionClass.Receipts) is > 1 and var oldest
                ? $"No final block that this node keeps holds this transaction. Blocks are pruned: the oldest kept height is {oldest}; ask an archive node for older ones."
                : "No final block holds this transaction; it may still be on its way."));
    });

    public override Task<ListTransactionsResponse> ListTransactions(ListTransactionsRequest request, ServerCallContext context) => Answer.With(() =>
    {
        HistoryKey key = request.OfCase switch
        {
            ListTransactionsRequest.OfOneofCase.Account => BlockIndex.KeyOf(new Touch(StateKind.Account, AddressOf(request.Account))),
            ListTransactionsRequest.OfOneofCase.Device => BlockIndex.KeyOf(new Touch(StateKind.Device, AddressOf(request.Device))),
            _ => throw Refusals.BadArgument("of: expected an account or a device"),
        };
        int size = Pages.SizeOf(request.PageSize, request.WithTransactions ? NodeLimits.PageWithTransactionsMax : NodeLimits.PageMax);
        TransactionLocation? before = Pages.PlaceOf(request.Cursor);
        if (before is { } place)
            reader.RequireKept(place.Height, RetentionClass.Receipts);
        IReadOnlyList<FinalTransaction> page = reader.History(key, before, size, request.WithTransactions);
        ListTransactionsResponse response = new()
        {
            NextCursor = Pages.After(page, size),
            OldestHeight = reader.OldestKept(RetentionClass.Receipts),
        };
        response.Transactions.AddRange(page.Select(WireForm.Of));
        return response;
    });

    public override Task<ListDevicesResponse> ListDevices(ListDevicesRequest request, ServerCallContext context) => Answer.With(() =>
    {
        (MemberIndex index, byte[] group) = request.OfCase switch
        {
            ListDevicesRequest.OfOneofCase.Owner => (MemberIndex.DevicesOfOwner, AddressOf(request.Owner).Bytes.ToArray()),
            ListDevicesRequest.OfOneofCase.Service => (MemberIndex.DevicesOfService, BlockIndex.GroupOfService(request.Service)),
            ListDevicesRequest.OfOneofCase.Cell => (MemberIndex.DevicesOfCell, BlockIndex.GroupOfCell(CellOf(request.Cell))),
            _ => throw Refusals.BadArgument("of: expected an owner, a service or a cell"),
        };
        int size = Pages.SizeOf(request.PageSize, NodeLimits.PageMax);
        IReadOnlyList<Crypto.Address> page = reader.Devices(index, group, Pages.AddressOf(request.Cursor), size);
        LedgerState state = reader.State;
        ListDevicesResponse response = new() { NextCursor = Pages.After(page, size) };
        // The index is read before the state: what it names is in the state, or has changed hands since.
        foreach (Crypto.Address address in page)
        {
            if (LedgerQueries.Device(state, address) is { } device)
                response.Devices.Add(WireForm.Of(device, state.Height));
        }
        return response;
    });

    public override Task<Supply> GetSupply(GetSupplyRequest request, ServerCallContext context) => Answer.With(() =>
    {
        LedgerState state = reader.State;
        return WireForm.Of(LedgerQueries.Supply(state), state.Height);
    });

    public override Task<Manufacturer> GetManufacturer(GetManufacturerRequest request, ServerCallContext context) => Answer.With(() =>
    {
        Crypto.Address address = AddressOf(request.Address);
        return WireForm.Of(address, LedgerQueries.Manufacturer(reader.State, address)
            ?? throw Refusals.NotFound("No manufacturer with this address is registered."));
    });

    public override Task<ResolveDidResponse> ResolveDid(ResolveDidRequest request, ServerCallContext context) => Answer.With(() =>
    {
        if (!ChainDid.TryParse(request.Did, out ChainDid did))
            throw Refusals.BadArgument("did: expected did:appchain:CHAIN:dev1…, or app1… for an account");
        DidResolution found = dids.Find(did) ?? throw Refusals.NotFound("No device of this chain has this identifier.");
        return new ResolveDidResponse { Document = UnsafeByteOperations.UnsafeWrap(found.Document), Deactivated = found.Deactivated };
    });

    public override Task<Protos.V1.Price> GetPrice(GetPriceRequest request, ServerCallContext context) => Answer.With(() =>
    {
        ulong timeMs = reader.Tip.TimeMs;
        LedgerState state = reader.State;
        return CreditForm.Of(LedgerQueries.Price(state, timeMs), timeMs, state.Height);
    });

    public override Task<PaymentChannel> GetChannel(GetChannelRequest request, ServerCallContext context) => Answer.With(() =>
    {
        if (request.Channel.Length != ChannelId.Size)
            throw Refusals.BadArgument($"channel: expected {ChannelId.Size} bytes, got {request.Channel.Length}");
        LedgerState state = reader.State;
        ChannelRecord channel = LedgerQueries.Channel(state, new ChannelId(request.Channel.Span))
            ?? throw Refusals.NotFound("There is no such channel. It may have ended, and its rest gone back to the payer.");
        return CreditForm.Of(request.Channel, channel, state.Height);
    });

    public override Task<Protos.V1.StateRecord> GetRecord(GetRecordRequest request, ServerCallContext context) => Answer.With(() =>
    {
        if (request.Key.Length is 0 or > StateKey.SizeMax)
            throw Refusals.BadArgument($"key: expected 1 to {StateKey.SizeMax} bytes, got {request.Key.Length}");
        LedgerState state = reader.State;
        return state.TryGet(request.Key.Span, out ReadOnlyMemory<byte> value)
            ? new Protos.V1.StateRecord { Value = ByteString.CopyFrom(value.Span), Height = state.Height }
            : throw Refusals.NotFound("The state has no record of this key.");
    });

    public override Task<StateEvidence> ProveRecord(GetRecordRequest request, ServerCallContext context) => Answer.With(() =>
        request.Key.Length is 0 or > StateKey.SizeMax
            ? throw Refusals.BadArgument($"key: expected 1 to {StateKey.SizeMax} bytes, got {request.Key.Length}")
            : RecordProof.Of(reader, request.Key.Span));

    public override Task<Usage> GetUsage(GetUsageRequest request, ServerCallContext context) => Answer.With(() =>
    {
        LedgerState state = reader.State;
        DeviceUsage usage = LedgerQueries.Usage(state, AddressOf(request.Device), request.Service)
            ?? throw Refusals.NotFound("Nobody has spent credits on this device's work for this service.");
        return CreditForm.Of(usage, state.Height);
    });

    public override Task<Protos.V1.Explanation> Explain(ExplainRequest request, ServerCallContext context) =>
        Answer.With(() => explainer.Explain(AddressOf(request.Device), request.Epoch));

    public override Task<ListValidatorsResponse> ListValidators(ListValidatorsRequest request, ServerCallContext context) => Answer.With(() =>
    {
        ListValidatorsResponse response = new();
        response.Validators.AddRange(LedgerQueries.Validators(reader.State).Select(StakeForm.Of));
        return response;
    });

    public override Task<StakeOfAccount> GetStake(GetStakeRequest request, ServerCallContext context) => Answer.With(() =>
    {
        LedgerState state = reader.State;
        Crypto.Address address = AddressOf(request.Address);
        StakeView stake = LedgerQueries.Stake(state, address);
        StakeOfAccount response = new()
        {
            Address = request.Address,
            VotingPower = Stake.VotingPower(state, address).Grains,
            TotalBonded = Stake.TotalBonded(state).Grains,
            Unbonding = stake.Unbonding.Grains,
            Height = state.Height,
        };
        response.Positions.AddRange(stake.Positions.Select(StakeForm.Of));
        return response;
    });

    private static Cell CellOf(GridCell asked)
    {
        if (!BlockIndex.CellLevels.Contains((int)asked.Level))
            throw Refusals.BadArgument($"cell.level: expected one of {string.Join(", ", BlockIndex.CellLevels)}, got {asked.Level}");
        GeoPoint point = new(asked.LatitudeE7, asked.LongitudeE7);
        return point.IsOnEarth ? Grid.CellOf(point, (int)asked.Level) : throw Refusals.BadArgument("cell: the point is not on Earth (degrees × 10⁷)");
    }

    private static Crypto.Address AddressOf(ByteString bytes) => bytes.Length == Crypto.Address.Size
        ? new Crypto.Address(bytes.Span)
        : throw Refusals.BadArgument($"address: expected {Crypto.Address.Size} bytes, got {bytes.Length}");
}
