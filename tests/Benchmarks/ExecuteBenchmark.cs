using System.Text;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Benchmarks;

/// <summary>What the ledger costs: executing proofs and transfers, without their signatures, on a state of many devices in memory.</summary>
internal static class ExecuteBenchmark
{
    private const ulong GenesisMs = 1_700_000_000_000;
    private const uint Service = 1;
    private const int WarmUpRounds = 4, WarmUpBlocks = 40, WarmUpTransactions = 200, WarmUpPauseMs = 200;

    private static readonly PrivateKey Owner = PrivateKey.FromSeed(KeyScheme.Secp256k1, "bench/owner");
    private static readonly PrivateKey Maker = PrivateKey.FromSeed(KeyScheme.Secp256k1, "bench/maker");

    public static void Run(BenchmarkOptions options, Report report)
    {
        Genesis genesis = ReadGenesis();
        MemoryState state = new(genesis.InitialState());
        PrivateKey[][] crews =
        [
            .. Enumerable.Range(0, Math.Max(options.Blocks, EpochEndBenchmark.Crews)).Select(block =>
                Enumerable.Range(0, options.Touched).Select(i => PrivateKey.FromSeed(KeyScheme.Secp256k1, $"bench/{block}/{i}")).ToArray()),
        ];
        foreach (PrivateKey key in crews.SelectMany(static crew => crew))
        {
            state.Put(StateKey.Device(key.Address), Device(key) with { Owner = key.Address });
            state.Put(StateKey.Account(key.Address), new AccountRecord(new Amount(1_000_000), default, new Credits(1_000_000)));
        }
        for (int i = options.Touched * crews.Length; i < options.Keys; i++)
            state.Put(StateKey.Device(new Address(Hashing.Sha256(BitConverter.GetBytes(i)).Bytes[..Address.Size])), Device(Maker));
        report.Number("records in the state", state.Count, "");

        // All of them have worked in the epoch.
        state.Put(StateKey.ServiceWork(Service), new ServiceWork((ulong)options.Keys * SensorReading.UnitsPerReading));

        Measure("proof", key => Sign(genesis, key, new SubmitProof(Service, GenesisMs + 500, new SensorReading(new Measurement(1, 12_000), new Measurement(2, 5_000)))));
        Measure("assertion of a location", key => Sign(genesis, key, new AssertLocation(key.Address, 571_100_000, -22_400_000, 0)));
        Measure("transfer", key => Sign(genesis, key, new Transfer(Owner.Address, new Amount(1))));

        EpochEndBenchmark.Run(
            state, genesis, crews[..EpochEndBenchmark.Crews],
            (key, timeMs, number) =>
            {
                // Each reading is another one: constancy would be refused in the end.
                SensorReading reading = new(new Measurement(1, 12_000 + (long)number), new Measurement(2, 5_000));
                return Sign(genesis, key, new SubmitProof(Service, timeMs - 500, reading), timeMs, number);
            },
            state.Apply, report);

        // Each block has devices of its own, so that the caches know none of them yet.
        void Measure(string name, Func<PrivateKey, Transaction> make)
        {
            List<Cost> costs = [];
            BlockContext context = new(genesis.ChainId, 1, GenesisMs + 1_000);
            WarmUp(context, Array.ConvertAll(crews[0][..Math.Min(WarmUpTransactions, crews[0].Length)], key => make(key)));
            foreach (PrivateKey[] crew in crews)
            {
                Transaction[] transactions = Array.ConvertAll(crew, key => make(key));
                BlockResult? result = null;
                costs.Add(Cost.Of(() => result = Executor.Execute(state, context, default, transactions)));
                if (result!.Receipts.Any(static receipt => receipt.EffectiveReason != Reason.None))
                    throw new InvalidOperationException($"a {name} of the benchmark is refused: {result.Receipts.First(static r => r.EffectiveReason != Reason.None)}");
            }
            report.PerOperation($"execution, per {name}", costs, options.Touched);
        }

        // The runtime compiles for speed what has run some thirty times, a tenth of a second later, and more than once. A node is past that in seconds.
        void WarmUp(BlockContext context, Transaction[] transactions)
        {
            for (int round = 0; round < WarmUpRounds; round++)
            {
                for (int block = 0; block < WarmUpBlocks; block++)
                    Executor.Execute(state, context, default, transactions);
                Thread.Sleep(WarmUpPauseMs);
            }
        }
    }

    private static Transaction Sign(Genesis genesis, PrivateKey key, Message message, ulong nowMs = GenesisMs, ulong sequence = 1)
    {
        byte[] encoded = TransactionBuilder.Sign(genesis.ChainId, new Body(key.Address, sequence, nowMs + 60_000, message), key);
        return Transaction.TryDecode(encoded, genesis.ChainId, out Transaction? transaction) == Reason.None
            ? transaction!
            : throw new InvalidOperationException("a transaction of the benchmark is not well formed");
    }

    private static DeviceRecord Device(PrivateKey key) => new()
    {
        Owner = Owner.Address,
        Manufacturer = Maker.Address,
        Batch = 1,
        Scheme = key.Scheme,
        PublicKey = key.PublicKey,
        RegisteredMs = GenesisMs,
        Enrollments =
        [
            new Enrollment
            {
                Service = Service,
                Accepted = 1,
                Work = new EpochWork(0, 1, 0, SensorReading.UnitsPerReading, Hashing.Sha256([1])),
                KindState = new SensorState
                {
                    LastObservedMs = GenesisMs + 100,
                    LastReading = [new Measurement(1, 11_900), new Measurement(2, 5_100)],
                    SameInARow = 1,
                }.Encode(),
            },
        ],
    };

    private static Genesis ReadGenesis()
    {
        string maker = Convert.ToHexStringLower(Maker.PublicKey.Span), address = AddressText.Format(Maker.Address, AddressKind.Account);
        string json = $$"""
            {
              "chainId": "bench-1", "timeMs": {{GenesisMs}},
              "validators": [{ "publicKey": "{{maker}}", "power": 1, "moniker": "v" }],
              "accounts": [],
              "manufacturers": [{ "name": "Maker", "scheme": "secp256k1", "publicKey": "{{maker}}" }],
              "services": [{
                "id": {{Service}}, "name": "air", "kind": "sensor-telemetry", "manufacturers": ["{{address}}"],
                "metrics": [
                  { "id": 1, "name": "PM10", "unit": "µg/m³", "minimum": 0, "maximum": 999900, "jumpBase": 60000, "jumpPerMinute": 300000 },
                  { "id": 2, "name": "PM2.5", "unit": "µg/m³", "minimum": 0, "maximum": 999900, "jumpBase": 60000, "jumpPerMinute": 300000 }
                ],
                "intervalMinMs": 100, "maxAgeMs": 60000, "driftMs": 2000, "constancyMax": 9,
                "sponsor": { "credits": 1000000000000, "quotaPerEpoch": 1000000 }
              }],
              "parameters": { "rewardPerEpoch": 1000000000, "blockTokens": 1000000, "blockIdentity": 1000000, "blockProofs": 1000000 }
            }
            """;
        return Genesis.TryParse(Encoding.UTF8.GetBytes(json), out Genesis? genesis, out string? error) ? genesis : throw new InvalidOperationException(error);
    }

    /// <summary>A state as a table: what a lookup costs in the store is the store's benchmark.</summary>
    private sealed class MemoryState : ILedgerState
    {
        private readonly Dictionary<StateKey, ReadOnlyMemory<byte>> entries = [];

        public MemoryState(IEnumerable<LedgerChange> changes) => Apply(changes);

        public int Count => entries.Count;

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

        public void Put(StateKey key, StateRecord record) => entries[key] = record.Encode();

        public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value) => entries.TryGetValue(StateKey.From(key), out value);
    }
}
