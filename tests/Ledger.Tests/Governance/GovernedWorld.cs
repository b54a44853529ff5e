using System.Text.Json.Nodes;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger;

/// <summary>A chain whose two validators have 100 and 200 tokens of stake, with short periods for votes and disputes.</summary>
internal static class GovernedWorld
{
    public const ulong VotingMs = 10_000;
    public const ulong DelayMs = 5_000;
    public const ulong UnbondingMs = 20_000;
    public const ulong AnswerMs = 5_000;
    public const ulong DisputeMs = 60_000;
    public const ulong NoticeBlocks = 5;

    public static readonly Amount Deposit = Amount.FromTokens(10);
    public static readonly Amount Bond = Amount.FromTokens(3);

    /// <summary>Votes with 100 tokens.</summary>
    public static PrivateKey Small { get; } = Keys.Of("validator/0");

    /// <summary>Votes with 200 tokens.</summary>
    public static PrivateKey Large { get; } = Keys.Of("validator/1");

    public static World Create(params PrivateKey[] others) => new(Json(others));

    public static JsonObject Json(params PrivateKey[] others)
    {
        JsonObject json = TestGenesis.Json();
        json["validators"]![0]!["power"] = 100;
        json["validators"]![1]!["power"] = 200;
        JsonArray accounts = json["accounts"]!.AsArray();
        accounts.Clear();
        foreach (PrivateKey key in (PrivateKey[])[Keys.Alice, Keys.Bob, .. others])
            accounts.Add(new JsonObject { ["address"] = AddressText.Format(key.Address, AddressKind.Account), ["balance"] = Amount.FromTokens(1_000).Grains });
        JsonNode parameters = json["parameters"]!;
        parameters["epochMs"] = 5_000;
        parameters["supplyMax"] = Amount.FromTokens(1_000_000).Grains;
        parameters["validatorsShare"] = 0;
        parameters["proposalDeposit"] = Deposit.Grains;
        parameters["votingPeriodMs"] = VotingMs;
        parameters["executionDelayMs"] = DelayMs;
        parameters["unbondingMs"] = UnbondingMs;
        parameters["upgradeNoticeBlocks"] = NoticeBlocks;
        parameters["disputeBond"] = Bond.Grains;
        parameters["answerPeriodMs"] = AnswerMs;
        parameters["disputePeriodMs"] = DisputeMs;
        return json;
    }

    /// <summary>Proposes, and returns the proposal's number.</summary>
    public static ulong Proposed(this World world, ProposalAction action, PrivateKey? by = null)
    {
        Assert.Equal(Reason.None, world.RunOne(world.Sign(new Propose("A proposal", action), by ?? Keys.Alice)).Reason);
        return GovernanceRecord.Get(world.State).Next - 1;
    }

    public static void Delegated(this World world, PrivateKey delegator, PrivateKey validator, ulong tokens) => Assert.Equal(
        Reason.None, world.RunOne(world.Sign(new DelegateStake(validator.Address, Amount.FromTokens(tokens)), delegator)).Reason);

    public static Reason Vote(this World world, PrivateKey voter, ulong proposal, VoteChoice choice) =>
        world.RunOne(world.Sign(new CastVote(proposal, choice), voter)).Reason;

    /// <summary>Lets time pass and runs an empty block.</summary>
    public static void Pass(this World world, ulong ms)
    {
        world.NowMs += ms;
        world.Run();
        world.AssertConserved();
    }

    /// <summary>Proposes, votes yes with most of the stake, and goes to the block that executes it.</summary>
    public static ProposalRecord Decided(this World world, ProposalAction action)
    {
        ulong number = world.Proposed(action);
        Assert.Equal(Reason.None, world.Vote(Large, number, VoteChoice.Yes));
        world.Pass(VotingMs);
        world.Pass(DelayMs);
        return world.Proposal(number);
    }

    public static ProposalRecord Proposal(this World world, ulong number) => ProposalRecord.Find(world.State, number)!;

    public static ParametersRecord Parameters(this World world) => ParametersRecord.Get(world.State);

    public static SetParameters Set(params (Parameter Parameter, ulong Value)[] changes) =>
        new(changes.OrderBy(change => change.Parameter).Select(change => new ParameterChange((uint)change.Parameter, change.Value)));
}
