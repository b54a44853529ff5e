using System.Text;
using System.Text.Json.Nodes;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger;

/// <summary>The genesis of the tests, as JSON that a test may change before it is read.</summary>
internal static class TestGenesis
{
    public const string ChainName = "test-1";
    public const ulong TimeMs = 1_700_000_000_000;
    public const ulong EpochMs = 10_000;
    public const ulong RewardPerEpoch = 1_000_000_007; // not divisible by what tests divide it by
    public const ulong LifetimeMs = 600_000;
    public const ulong WithdrawalDelayMs = 30_000;

    public static JsonObject Json() => new()
    {
        ["chainId"] = ChainName,
        ["timeMs"] = TimeMs,
        ["validators"] = new JsonArray(
            new JsonObject { ["publicKey"] = Hex(Keys.Of("validator/0")), ["power"] = 1, ["moniker"] = "v0" },
            new JsonObject { ["publicKey"] = Hex(Keys.Of("validator/1")), ["power"] = 2, ["moniker"] = "v1" }),
        ["accounts"] = new JsonArray(
            new JsonObject { ["address"] = App(Keys.Alice), ["balance"] = 1_000_000 },
            new JsonObject { ["address"] = App(Keys.Bob), ["balance"] = "500" }),
        ["manufacturers"] = new JsonArray(
            new JsonObject { ["name"] = "Maker", ["scheme"] = "secp256k1", ["publicKey"] = Hex(Keys.Maker) },
            new JsonObject { ["name"] = "Secure Maker", ["scheme"] = "p256", ["publicKey"] = Hex(Keys.P256Maker) }),
        ["services"] = new JsonArray(
            Service(1, "air", weight: 1, Keys.Maker),
            Service(2, "water", weight: 2, Keys.Maker, Keys.P256Maker)),
        ["parameters"] = new JsonObject
        {
            ["epochMs"] = EpochMs,
            ["rewardPerEpoch"] = RewardPerEpoch,
            ["epochsPerHalving"] = 100,
            ["supplyMax"] = 1_000_000_000_000,
            ["treasuryShare"] = 100_000,
            ["validatorsShare"] = 0, // most tests are about the services' share
            ["floorHalvingEpochs"] = 0, // and by reward weight
            ["restEpochs"] = 0,
            ["transactionLifetimeMaxMs"] = LifetimeMs,
            // Short, so that tests may choose a short unbonding: no stake may be free before a vote has ended.
            ["votingPeriodMs"] = 2_000,
            ["executionDelayMs"] = 1_000,
            ["proposalDeposit"] = 1_000,
            ["disputeBond"] = 500,
            ["upgradeNoticeBlocks"] = 2,
            // Most tests are about something else than fees.
            ["feeBytesPerCredit"] = 0,
            ["feeTokens"] = 0,
            ["feeIdentity"] = 0,
            ["feeServices"] = 0,
            ["feeProofs"] = 0,
            ["feeDemand"] = 0,
            ["feeValidators"] = 0,
            ["feeGovernance"] = 0,
            ["feeDisputes"] = 0,
            ["serviceBond"] = 1_000,
            ["withdrawalDelayMs"] = WithdrawalDelayMs,
        },
    };

    public static Genesis Read(JsonObject json)
    {
        Assert.True(Genesis.TryParse(Bytes(json), out Genesis? genesis, out string? error), error);
        return genesis;
    }

    public static byte[] Bytes(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString());

    /// <summary>An account of the genesis file.</summary>
    public static JsonObject Account(PrivateKey key, ulong balance) => new() { ["address"] = App(key), ["balance"] = balance };

    private static JsonObject Service(uint id, string name, uint weight, params PrivateKey[] makers) => new()
    {
        ["id"] = id,
        ["name"] = name,
        ["kind"] = "sensor-telemetry",
        ["rewardWeight"] = weight,
        ["manufacturers"] = new JsonArray([.. makers.Select(maker => JsonValue.Create(App(maker)))]),
        ["metrics"] = new JsonArray(
            new JsonObject
            {
                ["id"] = 1,
                ["name"] = "PM10",
                ["unit"] = "µg/m³",
                ["minimum"] = -1_000,
                ["maximum"] = 100_000,
                ["jumpBase"] = 5_000,
                ["jumpPerMinute"] = 6_000,
            },
            new JsonObject
            {
                ["id"] = 2,
                ["name"] = "PM2.5",
                ["unit"] = "µg/m³",
                ["minimum"] = 0,
                ["maximum"] = 50_000,
                ["jumpBase"] = 50_000,
                ["jumpPerMinute"] = 0,
            }),
        ["intervalMinMs"] = 100,
        ["maxAgeMs"] = 60_000,
        ["driftMs"] = 2_000,
        ["constancyMax"] = 3,
    };

    private static string Hex(PrivateKey key) => Convert.ToHexStringLower(key.PublicKey.Span);

    private static string App(PrivateKey key) => AddressText.Format(key.Address, AddressKind.Account);
}
