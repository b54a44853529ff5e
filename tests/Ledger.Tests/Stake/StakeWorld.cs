using System.Text.Json.Nodes;
using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger;

/// <summary>A chain with three validators of a million grains and more, short delays, and what tests of stake do with it.</summary>
internal static class StakeWorld
{
    public const ulong Token = Amount.GrainsPerToken;
    public const ulong UnbondingMs = 5_000;
    public const ulong JailMs = 2_000;
    public const ulong EpochBlocks = 10;

    /// <summary>Operators of genesis: the keys themselves.</summary>
    public static readonly PrivateKey V0 = Keys.Of("validator/0"), V1 = Keys.Of("validator/1"), V2 = Keys.Of("validator/2");

    public static readonly PrivateKey NewKey = Keys.Of("consensus/new");

    public static World Create(Action<JsonObject>? change = null)
    {
        JsonObject json = TestGenesis.Json();
        json["validators"] = new JsonArray(Validator(V0, 10), Validator(V1, 10), Validator(V2, 10));
        json["accounts"] = new JsonArray(
            [.. new[] { Keys.Alice, Keys.Bob, V0, V1, V2 }.Select(key => TestGenesis.Account(key, 20 * Token))]);
        JsonNode parameters = json["parameters"]!;
        parameters["supplyMax"] = 1_000 * Token;
        parameters["validatorEpochBlocks"] = EpochBlocks;
        parameters["unbondingMs"] = UnbondingMs;
        parameters["jailMs"] = JailMs;
        parameters["absenceWindow"] = 10;
        parameters["absenceMax"] = 300_000;
        change?.Invoke(json);
        return new World(json);
    }

    /// <summary>Two more of genesis, so that one can be jailed: four must stay.</summary>
    public static void AddTwoValidators(JsonObject json)
    {
        foreach (string name in new[] { "validator/3", "validator/4" })
            json["validators"]!.AsArray().Add(Validator(Keys.Of(name), 10));
    }

    public static ValidatorRecord Validator(this World world, PrivateKey key) => ValidatorRecord.Find(world.State, key.Address)!;

    public static Amount Power(this World world, PrivateKey account) => Stake.VotingPower(world.State, account.Address);

    public static Reason Do(this World world, AppChain.Ledger.Message message, params PrivateKey[] keys)
    {
        Reason reason = world.RunOne(world.Sign(message, keys)).Reason;
        world.NowMs += 10;
        world.AssertConserved();
        return reason;
    }

    /// <summary>Runs empty blocks until the height is divisible by the length of an epoch: the set has turned.</summary>
    public static void TurnEpoch(this World world)
    {
        do
        {
            world.NowMs += 10;
            world.Run();
        }
        while (world.Height % EpochBlocks != 0);
    }

    /// <summary>One block that says whose turns passed.</summary>
    public static BlockResult RunBlock(this World world, ushort proposer, params ushort[] missed)
    {
        ReadOnlyMemory<byte> mint = Executor.MintDue(world.State, world.NowMs)?.EncodeBody();
        BlockResult result = Executor.Execute(world.State, world.Context with { Proposer = proposer, Missed = [.. missed] }, mint, []);
        Assert.Equal(Reason.None, result.Reason);
        world.State.Apply(result.Changes);
        world.AssertConserved();
        return result;
    }

    /// <summary>Two contradicting votes in the encoding of consensus, by consensus's own code.</summary>
    public static SubmitEvidence Contradiction(this World world, PrivateKey key, ulong epoch = 0) =>
        new(key.PublicKey, new Evidence(
            Vote(world, key, VoteBody.Nullify(new Epoch(epoch), new View(7))),
            Vote(world, key, new VoteBody(VoteKind.Finalize, new Epoch(epoch), new View(7), new View(6), TaggedHash.Header.Of([1])))).Encode());

    public static Vote Vote(World world, PrivateKey key, VoteBody body) =>
        new(body, 1, key.Sign(new Hash256(Bytes(body.SigningDigest(AppChain.Consensus.ChainId.Parse(world.Genesis.ChainId.Text))))));

    private static byte[] Bytes(Digest digest)
    {
        byte[] bytes = new byte[Digest.Size];
        digest.CopyTo(bytes);
        return bytes;
    }

    /// <summary>A validator of the genesis file.</summary>
    public static JsonObject Validator(PrivateKey key, ulong power) => new()
    {
        ["publicKey"] = Convert.ToHexStringLower(key.PublicKey.Span),
        ["power"] = power,
        ["moniker"] = "v",
    };
}
