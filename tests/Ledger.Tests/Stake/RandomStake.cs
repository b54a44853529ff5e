using System.Text.Json.Nodes;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger;

/// <summary>Random transactions of stake, good and bad, for the property tests.</summary>
internal static class RandomStake
{
    private static readonly PrivateKey[] GenesisValidators = [Keys.Of("validator/0"), Keys.Of("validator/1")];
    private static readonly PrivateKey[] ConsensusKeys = [.. Enumerable.Range(0, 8).Select(i => Keys.Of($"random consensus {i}"))];

    /// <summary>The tests' genesis with people who can afford a validator, delays that pass, and a share for validators.</summary>
    public static JsonObject Genesis()
    {
        JsonObject json = TestGenesis.Json();
        json["accounts"]![1]!["balance"] = 20_000_000_000;
        json["parameters"]!["unbondingMs"] = 5_000;
        json["parameters"]!["validatorsShare"] = 300_000;
        json["parameters"]!["validatorEpochBlocks"] = 10;
        return json;
    }

    /// <summary>What people and genesis's operators vote with is all that is bonded, but for what flooring leaves of slashed stake.</summary>
    public static void AssertStakeAddsUp(World world, PrivateKey[] people)
    {
        ulong voting = people.Concat(GenesisValidators).Aggregate(0UL, (sum, key) => sum + Stake.VotingPower(world.State, key.Address).Grains);
        ulong bonded = Stake.TotalBonded(world.State).Grains;
        Assert.InRange(voting, bonded - Math.Min(bonded, 100), bonded);
        Assert.NotEmpty(ValidatorsRecord.Get(world.State).Seats);
    }

    public static Transaction Transaction(Random random, World world, PrivateKey person, PrivateKey[] people)
    {
        PrivateKey consensus = ConsensusKeys[random.Next(ConsensusKeys.Length)];
        PrivateKey validator = random.Next(3) == 0 ? people[random.Next(people.Length)] : GenesisValidators[random.Next(GenesisValidators.Length)];
        PrivateKey actor = random.Next(6) == 0 ? validator : person;
        ValidatorProfile profile = new("v", "192.0.2.1:1", (uint)random.Next(40_000));
        Amount amount = new((ulong)random.NextInt64(1, random.Next(3) == 0 ? 2_000_000_000 : 5_000));
        return random.Next(8) switch
        {
            0 => world.Sign(new BondStake(amount, consensus.PublicKey, profile), actor, consensus),
            1 => world.Sign(new BondStake(amount), actor),
            2 or 3 => world.Sign(new DelegateStake(validator.Address, amount), actor),
            4 or 5 => world.Sign(new UnbondStake(validator.Address, random.Next(4) == 0 ? Amount.Zero : amount), actor),
            6 => random.Next(2) == 0
                ? world.Sign(new UpdateValidator(profile), actor)
                : world.Sign(new UpdateValidator(profile, consensus.PublicKey), actor, consensus),
            _ => random.Next(4) == 0
                ? world.Sign(world.Contradiction(random.Next(8) == 0 ? validator : consensus), actor)
                : world.Sign(new Unjail(), actor),
        };
    }
}
