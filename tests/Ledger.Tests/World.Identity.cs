using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger;

/// <summary>What tests of devices, manufacturers and services ask of the world.</summary>
internal static class IdentityWorld
{
    /// <summary>A definition that the test chain's manufacturers fit.</summary>
    public static ServiceDefinition Definition(params PrivateKey[] makers) => new()
    {
        Name = "noise",
        Kind = ProofKind.SensorTelemetry,
        IntervalMinMs = 100,
        MaxAgeMs = 60_000,
        DriftMs = 2_000,
        ConstancyMax = 3,
        AttestationRequired = makers.Length > 0,
        Manufacturers = [.. makers.Select(maker => maker.Address).Order()],
        Metrics = [new MetricRule(1, "level", "dB", 0, 150_000, 150_000, 0), new MetricRule(2, "peak", "dB", 0, 150_000, 150_000, 0)],
    };

    /// <summary>Signs a message, executes it in a block of its own and compares its reason; nothing changes but by one that applies.</summary>
    public static void Expect(this World world, Reason expected, Message message, params PrivateKey[] keys)
    {
        string before = world.State.Dump();
        Receipt receipt = world.RunOne(world.Sign(message, keys));
        Assert.Equal(expected, receipt.Reason);
        Assert.Equal(expected.Stage() == ReasonStage.Admission, receipt.Skipped);
        if (receipt.Skipped)
            Assert.Equal(before, world.State.Dump());
        world.AssertConserved();
    }

    /// <summary>What the bytes alone say of a message.</summary>
    public static void ExpectRefused(this World world, Reason expected, Message message, params PrivateKey[] keys)
    {
        byte[] encoded = TransactionBuilder.Sign(world.Genesis.ChainId, new Body(keys[0].Address, 1, world.NowMs + 1_000, message), keys);
        Assert.Equal(expected, Transaction.TryDecode(encoded, world.Genesis.ChainId, out Transaction? transaction));
        Assert.Null(transaction);
    }

    /// <summary>Sends a proof and returns its verdict, or why it was not executed.</summary>
    public static Reason Judge(this World world, PrivateKey device, uint service = 1, ulong? observedMs = null) =>
        world.RunOne(world.Proof(device, 10_000, observedMs: observedMs, service: service)).EffectiveReason;

    /// <summary>Creates a service of Alice's and returns its number.</summary>
    public static uint Created(this World world, ServiceDefinition definition)
    {
        world.Expect(Reason.None, new CreateService(definition, Credits.Zero), Keys.Alice);
        return ServiceDirectory.Get(world.State).Services[^1];
    }
}
