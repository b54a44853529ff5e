using System.Text;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node;
using AppChain.Node.Pool;

namespace Node.Tests;

/// <summary>
/// What one node admits, a block that takes it in this order executes: nobody fills blocks with what is skipped, and costs nothing. Each test offers
/// what could be paid or done alone, and executes all that was admitted.
/// </summary>
public sealed class PoolTests : IAsyncDisposable
{
    private const ulong NowMs = 1_800_000_000_000;
    private const int Many = 40;

    private static readonly PrivateKey Maker = Key("maker");
    private static readonly PrivateKey Rich = Key("rich");
    private static readonly PrivateKey Poor = Key("poor");
    private static readonly PrivateKey Burner = Key("burner");

    private readonly StateInMemory state = new();
    private readonly Genesis genesis;
    private readonly FinalityTracker tracker = new();
    private readonly CancellationTokenSource stop = new();
    private readonly Ingress ingress;
    private readonly Task running;

    public PoolTests()
    {
        Assert.True(Genesis.TryParse(Encoding.UTF8.GetBytes(GenesisJson()), out Genesis? read, out string? error), error);
        genesis = read;
        state.Apply(genesis.InitialState());
        BatchCutter cutter = new(() => 0, 1, TimeSpan.FromDays(1), TimeSpan.Zero, TimeProvider.System, _ => { });
        ingress = new Ingress(() => state, new StoppedClock(), tracker, cutter);
        running = ingress.RunAsync(stop.Token);
    }

    [Fact]
    public async Task OneDevicesKey_RegisteredByManyNewOwners_IsAdmittedOnce()
    {
        PrivateKey device = Key("wanted");

        List<Transaction> admitted = await OfferAsync(
            Enumerable.Range(0, Many).Select(i => Register(Key($"fresh owner {i}"), device, sequence: 1)), Reason.AnotherUnderWay);

        Assert.Single(admitted);
        AssertAllExecuted(admitted);
    }

    [Fact]
    public async Task FeesOfManyDevices_ThatOneSponsorPays_AreNoMoreThanItHolds()
    {
        List<Transaction> admitted = await OfferAsync(
            Enumerable.Range(0, Many).Select(i => Register(Key($"owner {i}"), Key($"device {i}"), sequence: 1)), Reason.SponsorEmpty);

        Assert.Equal(10, admitted.Count); // of a fee of 100 and a pool of 1,000
        AssertAllExecuted(admitted);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CreditsThatAMessageMoves_AreNotThereForLaterFees(bool intoAChannel)
    {
        Message moves = intoAChannel ? new OpenChannel(1, new Credits(390), null, NowMs + 60_000) : new FundSponsor(1, new Credits(390));

        List<Transaction> admitted = await OfferAsync(
            [Sign(Poor, 1, moves), .. Enumerable.Range(2, Many).Select(i => Sign(Poor, (ulong)i, new Transfer(Rich.Address, new Amount(1))))],
            Reason.InsufficientCredits);

        Assert.Single(admitted);
        AssertAllExecuted(admitted);
    }

    [Fact]
    public async Task BurnsThatPayForThemselves_AreAdmittedOneAtATime()
    {
        List<Transaction> admitted = await OfferAsync(
            Enumerable.Range(1, Many).Select(i => Sign(Burner, (ulong)i, new BurnForCredits(Amount.FromTokens(1)))), Reason.InsufficientCredits);

        Assert.Single(admitted);
        AssertAllExecuted(admitted);
    }

    [Fact]
    public async Task BondsOfDevices_AreNoMoreThanTheOwnerHas()
    {
        List<Transaction> admitted = await OfferAsync(
            Enumerable.Range(1, Many).Select(i => Register(Rich, Key($"bonded {i}"), (ulong)i, service: 2)), Reason.DeviceBondNotCovered);

        Assert.Equal(5, admitted.Count); // of 1,000 grains each, and 5,000
        AssertAllExecuted(admitted);
    }

    [Fact]
    public async Task WhatIsDecidedOnce_IsAdmittedOnce()
    {
        PrivateKey device = Key("owned");
        AssertAllExecuted(await OfferAsync([Register(Rich, device, sequence: 1)]));

        List<Transaction> admitted = await OfferAsync(
            Enumerable.Range(2, Many).Select(i => Sign(Rich, (ulong)i, new WithdrawDevice(device.Address, 1))), Reason.AnotherUnderWay);

        Assert.Single(admitted);
        AssertAllExecuted(admitted);
    }

    [Fact]
    public async Task NumbersFarBelowAPendingOne_AreTooOld()
    {
        Transfer transfer = new(Poor.Address, new Amount(1));

        List<Transaction> admitted = await OfferAsync(
            [Sign(Rich, 1_000, transfer), .. Enumerable.Range(1, Many).Select(i => Sign(Rich, (ulong)i, transfer))], Reason.SequenceTooOld);

        Assert.Single(admitted);
        AssertAllExecuted(admitted);
    }

    [Fact]
    public async Task TransactionsOfAClass_AreNoMoreThanABlockHasRoomFor()
    {
        List<Transaction> admitted = await OfferAsync(
            Enumerable.Range(1, Many).Select(i => Sign(Rich, (ulong)i, new Transfer(Poor.Address, new Amount(1)))), Reason.None);

        Assert.Equal(20, admitted.Count);
        AssertAllExecuted(admitted);
    }

    [Fact]
    public async Task TransactionThatIsAboutToExpire_IsRefused()
    {
        Body body = new(Rich.Address, 1, NowMs + NodeLimits.LifeLeftMin - 1, new Transfer(Poor.Address, new Amount(1)));

        Assert.Empty(await OfferAsync([Decode(TransactionBuilder.Sign(genesis.ChainId, body, Rich))], Reason.Expired));
        Assert.Single(await OfferAsync([Decode(TransactionBuilder.Sign(genesis.ChainId, body with { ValidUntilMs = NowMs + NodeLimits.LifeLeftMin }, Rich))]));
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        stop.Dispose();
    }

    // Those admitted, in order. The others must all have been refused for this reason; none: the node had no room for them at the moment.
    private async Task<List<Transaction>> OfferAsync(IEnumerable<Transaction> transactions, Reason? otherwise = null)
    {
        List<Transaction> admitted = [];
        foreach (Transaction transaction in transactions)
        {
            AdmissionAnswer answer = await ingress.OfferAsync(transaction, System.Net.IPAddress.Loopback, follower: null);
            if (answer.Result == AdmissionResult.Admitted)
                admitted.Add(transaction);
            else
                Assert.Equal((otherwise == Reason.None ? AdmissionResult.Busy : AdmissionResult.Refused, otherwise), (answer.Result, answer.Reason));
        }
        return admitted;
    }

    private void AssertAllExecuted(List<Transaction> admitted)
    {
        BlockResult result = Executor.Execute(state, new BlockContext(genesis.ChainId, 1, NowMs), default, admitted);
        Assert.DoesNotContain(result.Receipts, receipt => receipt.Skipped);
        state.Apply(result.Changes);
        tracker.OnFinalised(1, NowMs, result.Receipts);
        Assert.Equal(0, tracker.Count);
    }

    private Transaction Register(PrivateKey owner, PrivateKey device, ulong sequence, uint service = 1)
    {
        Attestation word = Attestation.Make(Maker, 1, device.Scheme, device.PublicKey.Span);
        return Sign([owner, device], sequence, new RegisterDevice(device.Scheme, device.PublicKey, service, word, 0, 0, 0));
    }

    private Transaction Sign(PrivateKey signer, ulong sequence, Message message) => Sign([signer], sequence, message);

    private Transaction Sign(PrivateKey[] signers, ulong sequence, Message message) =>
        Decode(TransactionBuilder.Sign(genesis.ChainId, new Body(signers[0].Address, sequence, NowMs + 60_000, message), signers));

    private Transaction Decode(byte[] encoded)
    {
        Assert.Equal(Reason.None, Transaction.TryDecode(encoded, genesis.ChainId, out Transaction? transaction));
        return transaction!;
    }

    private static PrivateKey Key(string name) => PrivateKey.FromSeed(KeyScheme.Secp256k1, "pool-tests/" + name);

    private static string GenesisJson()
    {
        string maker = AddressText.Format(Maker.Address, AddressKind.Account);
        string service = $$"""
            "kind": "sensor-telemetry", "manufacturers": ["{{maker}}"], "intervalMinMs": 10, "maxAgeMs": 1000, "driftMs": 1000, "constancyMax": 10,
            "metrics": [{ "id": 1, "name": "PM10", "unit": "µg/m³", "minimum": 0, "maximum": 1, "jumpBase": 1, "jumpPerMinute": 1 }]
            """;
        return $$"""
            {
              "chainId": "pool-tests", "timeMs": {{NowMs}},
              "validators": [{ "publicKey": "{{Convert.ToHexStringLower(Key("validator").PublicKey.Span)}}", "power": 1, "moniker": "v" }],
              "accounts": [
                { "address": "{{AddressText.Format(Rich.Address, AddressKind.Account)}}", "balance": 5000, "credits": 1000000 },
                { "address": "{{AddressText.Format(Poor.Address, AddressKind.Account)}}", "balance": 5000, "credits": 400 },
                { "address": "{{AddressText.Format(Burner.Address, AddressKind.Account)}}", "balance": 100000000000 }
              ],
              "manufacturers": [{ "name": "m", "scheme": "secp256k1", "publicKey": "{{Convert.ToHexStringLower(Maker.PublicKey.Span)}}" }],
              "services": [
                { "id": 1, "name": "sponsored", {{service}}, "sponsor": { "credits": 1000, "quotaPerEpoch": 150 } },
                { "id": 2, "name": "bonded", {{service}}, "deviceBond": 1000 }
              ],
              "parameters": { "feeBytesPerCredit": 0, "feeTokens": 10, "feeIdentity": 100, "blockTokens": 20, "priceFallback": 1000000 }
            }
            """;
    }

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds((long)NowMs);
    }

    private sealed class StateInMemory : ILedgerState
    {
        private readonly Dictionary<StateKey, ReadOnlyMemory<byte>> entries = [];

        public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value) => entries.TryGetValue(StateKey.From(key), out value);

        public void Apply(IEnumerable<LedgerChange> changes)
        {
            foreach (LedgerChange change in changes)
            {
                if (change.Value is { } value)
                    entries[StateKey.From(change.Key.Span)] = value;
                else
                    entries.Remove(StateKey.From(change.Key.Span));
            }
        }
    }
}
