using AppChain.Client;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Ledger.Location;
using AppChain.Protos.V1;
using AppChain.Storage;
using Google.Protobuf;
using Grpc.Core;
using Address = AppChain.Crypto.Address;
using Body = AppChain.Ledger.Body;
using KeyScheme = AppChain.Crypto.KeyScheme;
using Measurement = AppChain.Ledger.Measurement;
using RegisterDevice = AppChain.Ledger.RegisterDevice;
using SensorReading = AppChain.Ledger.SensorReading;
using Signature = AppChain.Ledger.Signature;

namespace Node.Tests;

/// <summary>Histories, devices and times: what a client finds by looking things up.</summary>
public sealed class ListTests(NetworkFixture fixture) : IClassFixture<NetworkFixture>
{
    private LocalNetwork Network => fixture.Network;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ListTransactions_OfAnAccount_PageByPageNewestFirstWithNothingTwice()
    {
        await using NodeClient client = Network.Connect(0);
        Address receiver = NewAddress();
        using Wallet wallet = new(client, Network.Genesis.ChainId, fixture.Owner);
        List<Hash256> sent = [];
        for (int i = 1; i <= 5; i++)
        {
            SubmitResult result = await wallet.TransferAsync(receiver, new Amount((ulong)i), Cancel);
            Assert.True(result.Succeeded, result.Explanation);
            sent.Add(result.Id!.Value);
        }
        List<TransactionRecord> listed = [];
        ByteString cursor = ByteString.Empty;
        do
        {
            ListTransactionsResponse page = await client.ListTransactionsOfAccountAsync(receiver, new Page(2) { Cursor = cursor }, Cancel);
            Assert.InRange(page.Transactions.Count, 0, 2);
            Assert.Equal(1ul, page.OldestHeight);
            listed.AddRange(page.Transactions);
            cursor = page.NextCursor;
        }
        while (!cursor.IsEmpty);

        Assert.Equal(Enumerable.Reverse(sent).Select(id => id.ToString()), listed.Select(record => Hex(record.Receipt.TransactionId)));
        Assert.All(listed, record => Assert.Null(record.Transaction));
        // The sender's history holds them too, and with transactions on demand.
        ListTransactionsResponse ofSender = await client.ListTransactionsOfAccountAsync(fixture.Owner.Address, new Page(5, WithTransactions: true), Cancel);
        TransactionRecord same = Assert.Single(ofSender.Transactions, record => Hex(record.Receipt.TransactionId) == sent[^1].ToString());
        TransactionRecord direct = (await client.FindTransactionAsync(sent[^1], Cancel))!;
        Assert.Equal(direct, same);
        Assert.NotNull(same.Transaction);
    }

    [Fact]
    public async Task ListDevices_OfAnOwnerAndAService_HasTheRegisteredAndTheirHistoryTheProof()
    {
        await using NodeClient client = Network.Connect(1);
        using PrivateKey owner = PrivateKey.Generate(KeyScheme.Secp256k1);
        using PrivateKey manufacturer = PrivateKey.FromSeed(KeyScheme.Secp256k1, "appchain-devnet/manufacturer/0");
        using PrivateKey device = PrivateKey.Generate(KeyScheme.P256);
        using PrivateKey second = PrivateKey.Generate(KeyScheme.Secp256k1);
        using Wallet wallet = new(client, Network.Genesis.ChainId, owner);
        foreach (PrivateKey key in (PrivateKey[])[device, second])
        {
            Attestation attestation = Attestation.Make(manufacturer, 1, key.Scheme, key.PublicKey.Span);
            SubmitResult registered = await wallet.RegisterDeviceAsync(key, service: 1, attestation, new DevicePlace(0, 0), Cancel);
            Assert.True(registered.Succeeded, registered.Explanation);
        }
        SensorReading reading = new(new Measurement(1, 12_300), new Measurement(2, 5_100));
        ulong nowMs = (ulong)DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        Body proof = new(device.Address, 1, nowMs + 60_000, new AppChain.Ledger.SubmitProof(1, nowMs, reading));
        SubmitResult proven = await client.SubmitAndWaitAsync(SignedTransaction.Create(Network.Genesis.ChainId, proof, device), Cancel);
        Assert.True(proven.Succeeded, proven.Explanation);

        ListDevicesResponse first = await client.ListDevicesOfOwnerAsync(owner.Address, new Page(1), Cancel);
        ListDevicesResponse rest = await client.ListDevicesOfOwnerAsync(owner.Address, new Page(1) { Cursor = first.NextCursor }, Cancel);
        ListDevicesResponse end = await client.ListDevicesOfOwnerAsync(owner.Address, new Page(1) { Cursor = rest.NextCursor }, Cancel);
        string[] expected = [.. new[] { device, second }.Select(key => Convert.ToHexStringLower(key.Address.Bytes)).Order(StringComparer.Ordinal)];
        string[] found = [Hex(Assert.Single(first.Devices).Address), Hex(Assert.Single(rest.Devices).Address)];
        Assert.Equal(expected, found);
        Assert.Equal((0, true), (end.Devices.Count, end.NextCursor.IsEmpty));
        ListDevicesResponse ofService = await client.ListDevicesOfServiceAsync(1, new Page(100), Cancel);
        Assert.Superset(expected.ToHashSet(), ofService.Devices.Select(listed => Hex(listed.Address)).ToHashSet());
        Assert.Empty((await client.ListDevicesOfServiceAsync(99, new Page(), Cancel)).Devices);
        foreach (uint level in (uint[])[6, 10, 14])
        {
            ListDevicesResponse near = await client.ListDevicesOfCellAsync(new GeoPoint(1, 1), level, new Page(100), Cancel);
            Assert.Superset(expected.ToHashSet(), near.Devices.Select(listed => Hex(listed.Address)).ToHashSet());
        }
        Assert.Empty((await client.ListDevicesOfCellAsync(new GeoPoint(-400_000_000, 0), 6, new Page(100), Cancel)).Devices);
        RpcException noLevel = await Assert.ThrowsAsync<RpcException>(() => client.ListDevicesOfCellAsync(default, 7, new Page(), Cancel));
        Assert.Equal(StatusCode.InvalidArgument, noLevel.StatusCode);

        ListTransactionsResponse history = await client.ListTransactionsOfDeviceAsync(device.Address, new Page(), Cancel);
        Assert.Equal(2, history.Transactions.Count);
        Assert.Equal(proven.Id.ToString(), Hex(history.Transactions[0].Receipt.TransactionId));
        Assert.NotNull(history.Transactions[0].Receipt.Verdict);
    }

    [Fact]
    public async Task GetBlock_ByTime_IsTheNewestNotLater()
    {
        await using NodeClient client = Network.Connect(2);
        await Network.WaitForHeightAsync(2, 4);
        Block second = await client.GetBlockAsync(2, cancellation: Cancel);
        Block third = await client.GetBlockAsync(3, cancellation: Cancel);
        Assert.Equal(2ul, (await client.GetBlockAtAsync(At(third.Header.TimeMs - 1), Cancel)).Header.Height);
        Assert.Equal(2ul, (await client.GetBlockAtAsync(At(second.Header.TimeMs), Cancel)).Header.Height);
        Assert.Equal(3ul, (await client.GetBlockAtAsync(At(third.Header.TimeMs), Cancel)).Header.Height);
        RpcException tooOld = await Assert.ThrowsAsync<RpcException>(() => client.GetBlockAtAsync(At(1), Cancel));
        Assert.Equal(StatusCode.NotFound, tooOld.StatusCode);
    }

    [Fact]
    public async Task List_WithAWrongArgument_SaysWhich()
    {
        await using NodeClient client = Network.Connect(3);
        Address someone = NewAddress();
        RpcException size = await Assert.ThrowsAsync<RpcException>(() => client.ListTransactionsOfAccountAsync(someone, new Page(101), Cancel));
        RpcException sizeWithTransactions = await Assert.ThrowsAsync<RpcException>(() => client.ListTransactionsOfDeviceAsync(someone, new Page(26, true), Cancel));
        RpcException cursor = await Assert.ThrowsAsync<RpcException>(
            () => client.ListTransactionsOfAccountAsync(someone, new Page { Cursor = ByteString.CopyFromUtf8("nonsense") }, Cancel));
        RpcException deviceCursor = await Assert.ThrowsAsync<RpcException>(
            () => client.ListDevicesOfOwnerAsync(someone, new Page { Cursor = ByteString.CopyFromUtf8("nonsense") }, Cancel));
        RpcException[] all = [size, sizeWithTransactions, cursor, deviceCursor];
        Assert.All(all, refused => Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode));
        Assert.Contains("at most 100", size.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("at most 25", sizeWithTransactions.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("next_cursor", cursor.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_BelowThePrunedHeight_AnswersNotFoundAndNamesTheOldestKept()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync();
        await network.WaitForHeightAsync(3, 8);
        await network.StopAsync(3);
        ulong oldest;
        using (ChainStore store = ChainStore.Open(network.Home(3).DataDirectory, new StoreOptions { KeptBlocksMin = 3, RetainedViews = 3 }))
        {
            RetentionBudget nothing = new() { Batches = 0, Receipts = 0, Headers = 0 };
            while (store.Prune(nothing, drop => drop(_ => false)))
            {
            }
            oldest = store.Kept.Headers.From;
        }
        Assert.True(oldest > 1);
        await network.StartAsync(3);
        await using NodeClient client = network.Connect(3);

        RpcException block = await Assert.ThrowsAsync<RpcException>(() => client.GetBlockAsync(oldest - 1, cancellation: Cancel));
        Assert.Equal(StatusCode.NotFound, block.StatusCode);
        Assert.Contains($"the oldest kept height is {oldest}", block.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("archive node", block.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(oldest, (await client.GetBlockAsync(oldest, withTransactions: true, Cancel)).Header.Height);
        Assert.Equal(oldest, (await client.ListTransactionsOfAccountAsync(NewAddress(), new Page(), Cancel)).OldestHeight);
        Assert.Null(await client.FindTransactionAsync(Hash256.Zero, Cancel));
        // It goes on voting and following.
        ulong height = (await client.GetStatusAsync(cancellation: Cancel)).Height;
        Assert.True((await network.WaitForHeightAsync(3, height + 2)).Height >= height + 2);
    }

    private static DateTimeOffset At(ulong unixMs) => DateTimeOffset.FromUnixTimeMilliseconds((long)unixMs);

    private static string Hex(ByteString bytes) => Convert.ToHexStringLower(bytes.Span);

    private static Address NewAddress()
    {
        using PrivateKey key = PrivateKey.Generate(KeyScheme.Secp256k1);
        return key.Address;
    }
}
