using System.Globalization;
using System.Text;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Simulation.Execution;

/// <summary>
/// Real transactions, signed once for all runs: a device that is registered and proves readings, and two people who pay each other. Blocks
/// name them in any order and more than once, so many are skipped: that, too, must be the same everywhere.
/// </summary>
static class TransactionBook
{
    /// <summary>A byte of payload names a transaction.</summary>
    const int Count = 256;
    const ulong LifetimeMs = 600_000;

    static readonly PrivateKey Alice = Key("alice");
    static readonly PrivateKey Bob = Key("bob");
    static readonly PrivateKey Maker = Key("maker");
    static readonly PrivateKey Sensor = Key("sensor");

    public static Genesis Genesis { get; } = ReadGenesis();

    static readonly Transaction[] Transactions = [.. Enumerable.Range(0, Count).Select(Make)];

    /// <summary>The first byte says how many of the others count.</summary>
    public static IReadOnlyList<Transaction> Named(ReadOnlySpan<byte> payload)
    {
        var named = new List<Transaction>();
        for (var i = 1; i < payload.Length && i <= payload[0] % sizeof(ulong); i++)
        {
            named.Add(Transactions[payload[i]]);
        }

        return named;
    }

    static Transaction Make(int place)
    {
        // Registration first or never: each eighth tries it again. Sequence numbers lie within one window, so order does not matter much.
        var number = (ulong)(place / 8) + 1;
        Transfer Pay(PrivateKey to) => new(to.Address, new Amount(number * 1_000));
        return (place % 8) switch
        {
            0 => Sign(Registration(), number + 32, Alice, Sensor),
            1 or 2 => Sign(Pay(Bob), number, Alice),
            3 => Sign(Pay(Alice), number, Bob),
            var kind => Sign(Proof(number * 100, kind), (number + ((ulong)kind * 32)) % 64 + 1, Sensor),
        };
    }

    static SubmitProof Proof(ulong afterMs, int value) =>
        new(1, Scenario.GenesisTimeMs + afterMs, new SensorReading(new Measurement(1, value * 1_000)));

    static RegisterDevice Registration() => new(
        Sensor.Scheme, Sensor.PublicKey, 1, Attestation.Make(Maker, 1, Sensor.Scheme, Sensor.PublicKey.Span), 1, 2, 3);

    static Transaction Sign(AppChain.Ledger.Message message, ulong sequence, params PrivateKey[] keys)
    {
        var body = new Body(keys[0].Address, sequence, Scenario.GenesisTimeMs + LifetimeMs, message);
        var reason = Transaction.TryDecode(TransactionBuilder.Sign(Genesis.ChainId, body, keys), Genesis.ChainId, out var transaction);
        return transaction ?? throw new InvalidOperationException($"the book has a transaction that is {reason}");
    }

    static PrivateKey Key(string name) => PrivateKey.FromSeed(KeyScheme.Secp256k1, "simulation/" + name);

    static string Name(PrivateKey key) => AddressText.Format(key.Address, AddressKind.Account);

    static string Hex(PrivateKey key) => Convert.ToHexStringLower(key.PublicKey.Span);

    // Epochs of two seconds: every run mints.
    static Genesis ReadGenesis()
    {
        var json = string.Create(CultureInfo.InvariantCulture, $$"""
            {
              "chainId": "simulated", "timeMs": {{Scenario.GenesisTimeMs}},
              "validators": [{ "publicKey": "{{Hex(Key("validator"))}}", "power": 1, "moniker": "one" }],
              "accounts": [{ "address": "{{Name(Alice)}}", "balance": 1000000, "credits": 1000000 }, { "address": "{{Name(Bob)}}", "balance": 1000, "credits": 1000000 }],
              "manufacturers": [{ "name": "Maker", "scheme": "secp256k1", "publicKey": "{{Hex(Maker)}}" }],
              "services": [{
                "id": 1, "name": "air", "kind": "sensor-telemetry", "rewardWeight": 1, "manufacturers": ["{{Name(Maker)}}"],
                "metrics": [{
                  "id": 1, "name": "PM10", "unit": "µg/m³", "minimum": 0, "maximum": 100000, "jumpBase": 5000, "jumpPerMinute": 6000
                }],
                "intervalMinMs": 100, "maxAgeMs": 600000, "driftMs": 60000, "constancyMax": 3,
                "sponsor": { "credits": 1000000, "quotaPerEpoch": 100 }
              }],
              "parameters": {
                "epochMs": 2000, "rewardPerEpoch": 1000000007, "epochsPerHalving": 100, "supplyMax": 1000000000000,
                "treasuryShare": 100000, "transactionLifetimeMaxMs": {{LifetimeMs}}
              }
            }
            """);
        return Genesis.TryParse(Encoding.UTF8.GetBytes(json), out var genesis, out var error)
            ? genesis
            : throw new InvalidOperationException($"the book's genesis: {error}");
    }
}
