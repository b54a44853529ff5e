using System.Net.Security;
using System.Runtime.CompilerServices;
using AppChain.Crypto;
using AppChain.Grpc;
using AppChain.Ledger.Location;
using AppChain.Protos.V1;
using Google.Protobuf;
using Grpc.Core;

namespace AppChain.Client;

/// <summary>
/// One node's public interface over one connection, which any number of wallets and agents may share. Every call has a deadline;
/// a call that fails throws <see cref="RpcException"/>, except that a refused submission is an answer (<see cref="SubmitResult"/>).
/// </summary>
public sealed class NodeClient : IAsyncDisposable
{
    private readonly GrpcChannel channel;
    private readonly TimeProvider time;
    private readonly TransactionService.TransactionServiceClient transactions;
    private readonly QueryService.QueryServiceClient queries;
    private readonly BlockService.BlockServiceClient blocks;
    private readonly StatusService.StatusServiceClient status;
    private readonly AdminService.AdminServiceClient admin;

    private NodeClient(string address, SslClientAuthenticationOptions? tls, TimeProvider time)
    {
        Address = address;
        this.time = time;
        channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions { MaxReceiveMessageSize = ClientLimits.MessageBytesMax, SslOptions = tls });
        CallInvoker invoker = channel.CreateCallInvoker();
        transactions = new TransactionService.TransactionServiceClient(invoker);
        queries = new QueryService.QueryServiceClient(invoker);
        blocks = new BlockService.BlockServiceClient(invoker);
        status = new StatusService.StatusServiceClient(invoker);
        admin = new AdminService.AdminServiceClient(invoker);
        Governance = new GovernanceClient(invoker, cancellation => Options(cancellation));
    }

    /// <summary>Where the node is, e.g. <c>http://127.0.0.1:26600</c>.</summary>
    public string Address { get; }

    /// <summary>Proposals, votes, parameters, upgrades and disputes.</summary>
    public GovernanceClient Governance { get; }

    /// <summary>Prepares a connection; it is made by the first call, and made again whenever it was lost.</summary>
    /// <param name="address">A URL, <c>http://HOST:PORT</c>.</param>
    public static NodeClient Connect(string address, TimeProvider? time = null) => new(address, tls: null, time ?? TimeProvider.System);

    /// <summary>Prepares a connection with TLS of one's own: with a certificate to show, as a node's admin port wants it, or another authority.</summary>
    /// <param name="address">A URL, <c>https://HOST:PORT</c>.</param>
    public static NodeClient Connect(string address, SslClientAuthenticationOptions tls, TimeProvider? time = null) => new(address, tls, time ?? TimeProvider.System);

    /// <summary>Offers a transaction and answers at once: admitted, refused, busy, or final if it is in the chain already.</summary>
    public Task<SubmitResult> SubmitAsync(SignedTransaction transaction, CancellationToken cancellation = default) =>
        SubmitAsync(transaction, wait: false, ClientLimits.QueryDeadline, cancellation);

    /// <summary>
    /// Offers a transaction and answers when it is final, refused, or expired. One that the node has no room for, or that a block skipped, is offered
    /// again a few times, as it is.
    /// </summary>
    public async Task<SubmitResult> SubmitAndWaitAsync(SignedTransaction transaction, CancellationToken cancellation = default)
    {
        for (int attempt = 1; ; attempt++)
        {
            SubmitResult result = await SubmitAsync(transaction, wait: true, ClientLimits.FinalityDeadline, cancellation);
            if (result.Stage is not (SubmitResponse.Types.Stage.Busy or SubmitResponse.Types.Stage.Skipped) || attempt == ClientLimits.BusyRetriesMax)
                return result;
            await Task.Delay(result.PauseBeforeRetry, time, cancellation);
        }
    }

    /// <summary>Opens a stream of submissions. It has no deadline: it lasts as long as its owner keeps it.</summary>
    public AsyncDuplexStreamingCall<SubmitRequest, SubmitResponse> OpenSubmitStream(CancellationToken cancellation) =>
        transactions.SubmitStream(new CallOptions(cancellationToken: cancellation));

    /// <summary>An account; one that nobody ever used has a balance of 0.</summary>
    public Task<Account> GetAccountAsync(Address address, CancellationToken cancellation = default) =>
        queries.GetAccountAsync(new GetAccountRequest { Address = Bytes(address) }, Options(cancellation)).ResponseAsync;

    /// <summary>A device, or null when it is not registered.</summary>
    public Task<Device?> FindDeviceAsync(Address address, CancellationToken cancellation = default) =>
        OrNull(queries.GetDeviceAsync(new GetDeviceRequest { Address = Bytes(address) }, Options(cancellation)).ResponseAsync);

    /// <summary>A device's W3C DID document by <c>did:appchain:CHAIN:dev1…</c>, or null when there is no such device.</summary>
    public Task<ResolveDidResponse?> ResolveDidAsync(string did, CancellationToken cancellation = default) =>
        OrNull(queries.ResolveDidAsync(new ResolveDidRequest { Did = did }, Options(cancellation)).ResponseAsync);

    /// <summary>A manufacturer and its keys, or null when it is not registered.</summary>
    public Task<Manufacturer?> FindManufacturerAsync(Address address, CancellationToken cancellation = default) =>
        OrNull(queries.GetManufacturerAsync(new GetManufacturerRequest { Address = Bytes(address) }, Options(cancellation)).ResponseAsync);

    /// <summary>A service's rules and its open reward epoch.</summary>
    public Task<Service> GetServiceAsync(uint service, CancellationToken cancellation = default) =>
        queries.GetServiceAsync(new GetServiceRequest { Service = service }, Options(cancellation)).ResponseAsync;

    /// <summary>Every service of the chain.</summary>
    public Task<ListServicesResponse> ListServicesAsync(CancellationToken cancellation = default) =>
        queries.ListServicesAsync(new ListServicesRequest(), Options(cancellation)).ResponseAsync;

    /// <summary>A final transaction with its receipt, or null when no final block holds it.</summary>
    public Task<TransactionRecord?> FindTransactionAsync(Hash256 id, CancellationToken cancellation = default) =>
        OrNull(queries.GetTransactionAsync(
            new GetTransactionRequest { Id = ByteString.CopyFrom(id.Bytes) }, Options(cancellation)).ResponseAsync);

    /// <summary>A page of the final transactions that changed an account, newest first.</summary>
    /// <param name="page">How many, from where on, and whether with the transactions themselves.</param>
    public Task<ListTransactionsResponse> ListTransactionsOfAccountAsync(Address account, Page page, CancellationToken cancellation = default) =>
        ListTransactionsAsync(new ListTransactionsRequest { Account = Bytes(account) }, page, cancellation);

    /// <summary>A page of the final transactions that changed a device, newest first: its proofs and its registration.</summary>
    /// <param name="page">How many, from where on, and whether with the transactions themselves.</param>
    public Task<ListTransactionsResponse> ListTransactionsOfDeviceAsync(Address device, Page page, CancellationToken cancellation = default) =>
        ListTransactionsAsync(new ListTransactionsRequest { Device = Bytes(device) }, page, cancellation);

    /// <summary>A page of an owner's devices, in order of their addresses.</summary>
    public Task<ListDevicesResponse> ListDevicesOfOwnerAsync(Address owner, Page page, CancellationToken cancellation = default) =>
        ListDevicesAsync(new ListDevicesRequest { Owner = Bytes(owner) }, page, cancellation);

    /// <summary>A page of a service's devices, in order of their addresses.</summary>
    public Task<ListDevicesResponse> ListDevicesOfServiceAsync(uint service, Page page, CancellationToken cancellation = default) =>
        ListDevicesAsync(new ListDevicesRequest { Service = service }, page, cancellation);

    /// <summary>The devices that stand in the same cell of the grid as a point.</summary>
    /// <param name="level">6, 10 or 14: cells of about 150, 10 or 0.6 km.</param>
    public Task<ListDevicesResponse> ListDevicesOfCellAsync(GeoPoint point, uint level, Page page, CancellationToken cancellation = default) => ListDevicesAsync(
        new ListDevicesRequest { Cell = new GridCell { LatitudeE7 = point.LatitudeE7, LongitudeE7 = point.LongitudeE7, Level = level } }, page, cancellation);

    /// <summary>What was minted and burned so far.</summary>
    public Task<Supply> GetSupplyAsync(CancellationToken cancellation = default) =>
        queries.GetSupplyAsync(new GetSupplyRequest(), Options(cancellation)).ResponseAsync;

    /// <summary>What burning goes by at the time of the last final block.</summary>
    public Task<Price> GetPriceAsync(CancellationToken cancellation = default) =>
        queries.GetPriceAsync(new GetPriceRequest(), Options(cancellation)).ResponseAsync;

    /// <summary>A channel, or null when there is none or it has ended.</summary>
    public Task<PaymentChannel?> FindChannelAsync(Ledger.ChannelId channel, CancellationToken cancellation = default) => OrNull(
        queries.GetChannelAsync(new GetChannelRequest { Channel = ByteString.CopyFrom(channel.Bytes) }, Options(cancellation)).ResponseAsync);

    /// <summary>Credits that were spent on a device's work for a service, or null when there were none.</summary>
    public Task<Usage?> FindUsageAsync(Address device, uint service, CancellationToken cancellation = default) => OrNull(
        queries.GetUsageAsync(new GetUsageRequest { Device = Bytes(device), Service = service }, Options(cancellation)).ResponseAsync);

    /// <summary>A storage deal, or null when there is none or it has ended.</summary>
    public async Task<Ledger.DealRecord?> FindDealAsync(Hash256 deal, CancellationToken cancellation = default) =>
        await FindRecordAsync(Ledger.StateKey.Deal(deal), cancellation) is { } record ? Ledger.DealRecord.Decode(record.Value.Memory) : null;

    /// <summary>A job of a compute service, or null when there is none or it has ended.</summary>
    public async Task<Ledger.JobRecord?> FindJobAsync(Hash256 job, CancellationToken cancellation = default) =>
        await FindRecordAsync(Ledger.StateKey.Job(job), cancellation) is { } record ? Ledger.JobRecord.Decode(record.Value.Memory) : null;

    /// <summary>The state's record of a key as the ledger encodes it, or null when there is none.</summary>
    public Task<StateRecord?> FindRecordAsync(Ledger.StateKey key, CancellationToken cancellation = default) => OrNull(
        queries.GetRecordAsync(new GetRecordRequest { Key = ByteString.CopyFrom(key.Bytes) }, Options(cancellation)).ResponseAsync);

    /// <summary>The same with its proof under a header, or the proof that there is none. <see cref="Explain.VerifiedRecord"/> checks it.</summary>
    public Task<StateEvidence> ProveRecordAsync(Ledger.StateKey key, CancellationToken cancellation = default) =>
        queries.ProveRecordAsync(new GetRecordRequest { Key = ByteString.CopyFrom(key.Bytes) }, Options(cancellation)).ResponseAsync;

    /// <summary>
    /// Why a device got what it got in a reward epoch, and what proves it, or null when the node knows no such device or epoch. Nothing is checked here:
    /// <see cref="Explain.VerifiedExplanation"/> does.
    /// </summary>
    public Task<Explanation?> ExplainAsync(Address device, ulong epoch, CancellationToken cancellation = default) =>
        OrNull(queries.ExplainAsync(new ExplainRequest { Device = Bytes(device), Epoch = epoch }, Options(cancellation)).ResponseAsync);

    /// <summary>Every validator, with a seat or without.</summary>
    public Task<ListValidatorsResponse> ListValidatorsAsync(CancellationToken cancellation = default) =>
        queries.ListValidatorsAsync(new ListValidatorsRequest(), Options(cancellation)).ResponseAsync;

    /// <summary>What an account has bonded.</summary>
    public Task<StakeOfAccount> GetStakeAsync(Address account, CancellationToken cancellation = default) =>
        queries.GetStakeAsync(new GetStakeRequest { Address = Bytes(account) }, Options(cancellation)).ResponseAsync;

    /// <summary>The finalised block of a height.</summary>
    public Task<Block> GetBlockAsync(ulong height, bool withTransactions = false, CancellationToken cancellation = default) =>
        blocks.GetBlockAsync(
            new GetBlockRequest { Height = height, WithTransactions = withTransactions }, Options(cancellation)).ResponseAsync;

    /// <summary>The newest finalised block that is not later than a time.</summary>
    public Task<Block> GetBlockAtAsync(DateTimeOffset time, CancellationToken cancellation = default) =>
        blocks.GetBlockAsync(new GetBlockRequest { TimeMs = (ulong)time.ToUnixTimeMilliseconds() }, Options(cancellation)).ResponseAsync;

    /// <summary>
    /// Every finalised block from a height on, in order, none left out; goes on until the caller stops or the connection fails.
    /// </summary>
    public IAsyncEnumerable<Block> SubscribeAsync(ulong fromHeight, bool withTransactions, CancellationToken cancellation = default) =>
        SubscribeAsync(new SubscribeRequest { FromHeight = fromHeight, WithTransactions = withTransactions }, cancellation);

    /// <summary>
    /// Every finalised transaction from a cursor on, with its block, in parts; each says where to go on after it. <see cref="BlockFollower"/> does that.
    /// </summary>
    /// <param name="partMax">Transactions of one part; 0: each block in one.</param>
    public IAsyncEnumerable<Block> SubscribeAsync(ChainCursor from, uint partMax, CancellationToken cancellation = default) => SubscribeAsync(
        new SubscribeRequest { FromHeight = from.Height, FromIndex = from.Index, WithTransactions = true, PartMax = partMax }, cancellation);

    private async IAsyncEnumerable<Block> SubscribeAsync(SubscribeRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using AsyncServerStreamingCall<Block> call = blocks.Subscribe(request, new CallOptions(cancellationToken: cancellation));
        while (await call.ResponseStream.MoveNext(cancellation))
            yield return call.ResponseStream.Current;
    }

    /// <summary>Where the node stands.</summary>
    /// <param name="within">A shorter deadline than the usual one.</param>
    public Task<Protos.V1.Status> GetStatusAsync(TimeSpan? within = null, CancellationToken cancellation = default) =>
        status.GetStatusAsync(new GetStatusRequest(), Options(cancellation, within)).ResponseAsync;

    /// <summary>The genesis file's bytes.</summary>
    public async Task<ReadOnlyMemory<byte>> GetGenesisAsync(CancellationToken cancellation = default) =>
        (await status.GetGenesisAsync(new GetGenesisRequest(), Options(cancellation)).ResponseAsync).Json.Memory;

    /// <summary>Adds up every balance of one finalised state. Answered on loopback, or on its admin port.</summary>
    public Task<SupplyAudit> AuditSupplyAsync(CancellationToken cancellation = default) =>
        admin.AuditSupplyAsync(new AuditSupplyRequest(), Options(cancellation, ClientLimits.FinalityDeadline)).ResponseAsync;

    /// <summary>Has the node make a snapshot of its state in its own home. Answered on loopback, or on its admin port.</summary>
    public Task<CreatedSnapshot> CreateSnapshotAsync(CancellationToken cancellation = default) =>
        admin.CreateSnapshotAsync(new CreateSnapshotRequest(), Options(cancellation, ClientLimits.SnapshotDeadline)).ResponseAsync;

    /// <summary>Ends the connection and what still runs over it.</summary>
    public async ValueTask DisposeAsync() => await channel.ShutdownAsync();

    private async Task<SubmitResult> SubmitAsync(SignedTransaction transaction, bool wait, TimeSpan within, CancellationToken cancellation)
    {
        SubmitRequest request = new() { Transaction = transaction.Wire, ChainId = transaction.ChainId, Wait = wait };
        try
        {
            return SubmitResult.From(await transactions.SubmitAsync(request, Options(cancellation, within)));
        }
        catch (RpcException e) when (SubmitResult.From(e) is { } refusal)
        {
            return refusal;
        }
    }

    private Task<ListTransactionsResponse> ListTransactionsAsync(ListTransactionsRequest request, Page page, CancellationToken cancellation)
    {
        (request.PageSize, request.Cursor, request.WithTransactions) = (page.Size, page.Cursor, page.WithTransactions);
        return queries.ListTransactionsAsync(request, Options(cancellation)).ResponseAsync;
    }

    private Task<ListDevicesResponse> ListDevicesAsync(ListDevicesRequest request, Page page, CancellationToken cancellation)
    {
        (request.PageSize, request.Cursor) = (page.Size, page.Cursor);
        return queries.ListDevicesAsync(request, Options(cancellation)).ResponseAsync;
    }

    private CallOptions Options(CancellationToken cancellation, TimeSpan? within = null) =>
        new(deadline: (time.GetUtcNow() + (within ?? ClientLimits.QueryDeadline)).UtcDateTime, cancellationToken: cancellation);

    private static ByteString Bytes(Address address) => ByteString.CopyFrom(address.Bytes);

    private static async Task<T?> OrNull<T>(Task<T> answer) where T : class
    {
        try
        {
            return await answer;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            return null;
        }
    }
}
