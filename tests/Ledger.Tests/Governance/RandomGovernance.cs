using System.Collections.Immutable;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger;

/// <summary>Random proposals, votes, accusations and answers, good and bad.</summary>
internal static class RandomGovernance
{
    private static readonly Parameter[] Some = [Parameter.FeeServices, Parameter.BlockProofs, Parameter.VotingQuorum, Parameter.UnbondingMs, Parameter.EpochMs];

    private static readonly Address[] Reporters =
        [.. ((PrivateKey[])[Keys.Alice, Keys.Bob, Keys.Carol, Keys.Of("dave"), Keys.Of("erin")]).Select(key => key.Address)];

    public static Transaction Transaction(Random random, World world, PrivateKey person, PrivateKey[] sensors)
    {
        ulong proposals = GovernanceRecord.Get(world.State).Next;
        ulong dispute = (ulong)random.Next(1, 4 + (int)DisputeCountRecord.Get(world.State));
        PrivateKey voter = random.Next(2) == 0 ? person : random.Next(2) == 0 ? GovernedWorld.Small : GovernedWorld.Large;
        switch (random.Next(9))
        {
            case 0 or 1:
                return world.Sign(new Propose("Random", RandomAction(random, person, dispute)), person);
            case 2 or 3 or 4 or 8:
                // Mostly one that is open: else most votes would be about nothing.
                ImmutableArray<OpenProposal> open = GovernanceRecord.Get(world.State).Open;
                ulong proposal = open.IsEmpty || random.Next(4) == 0
                    ? proposals - Math.Min(proposals, (ulong)random.Next(4))
                    : open[random.Next(open.Length)].Number;
                bool isStakeless = random.Next(6) == 0;
                return world.Sign(new CastVote(proposal, (VoteChoice)random.Next(1, 4)), isStakeless ? Keys.Maker : voter);
            case 5 or 6:
                return world.Sign(new Accuse(RandomSubject(random, person, sensors), new Exhibit(Hashing.Sha256([1]), random.Next(2) == 0)), person);
            default:
                return world.Sign(new AnswerAccusation(dispute, null, "No."), voter);
        }
    }

    // Upgrades are far away or long past: where a block is cut must not matter.
    private static ProposalAction RandomAction(Random random, PrivateKey person, ulong dispute) => random.Next(12) switch
    {
        // Not of the services of genesis, which a test compares with and without candidates of its own.
        10 => new SetCandidateRules((uint)random.Next(3, 7), IdentityWorld.Definition(Keys.Maker) with { ConstancyMax = (uint)random.Next(1, 4) }, (uint)random.Next(1, 9)),
        11 => new SetCandidateRules((uint)random.Next(3, 7), null, 0),
        0 => new SetParameters(new ParameterChange((uint)Some[random.Next(Some.Length)], (ulong)random.Next(1, 1_000_000))),
        1 => new SpendTreasury(person.Address, new Amount((ulong)random.NextInt64(1, 1_000_000_000))),
        2 => new PlanUpgrade(random.Next(3) == 0 ? 1UL : 1_000_000, (uint)random.Next(1, 9)),
        3 => new CancelUpgrade(),
        4 => new SetPriceReporters(Reporters.Where(reporter => reporter != person.Address).Order()),
        5 => new RegisterManufacturer("Random", person.Address, Root($"maker {random.Next(4)}")),
        // Those of genesis keep their keys: else soon nobody could register a device.
        6 => new ReplaceManufacturer(new UpdateManufacturer(
            random.Next(2) == 0 ? Keys.UnknownMaker.Address : Keys.Of($"maker {random.Next(4)}").Address, person.Address, Root("another maker"))),
        7 => new SetRewardWeight((uint)random.Next(1, 7), (uint)random.Next(3)),
        8 => new SetServiceRules((uint)random.Next(1, 5), IdentityWorld.Definition(Keys.Maker) with { Price = new Credits((ulong)random.Next(5)) }),
        _ => random.Next(3) == 0
            ? new RuleDispute(dispute, Ruling.Guilty, (uint)random.Next(1, 1_000_001))
            : new RuleDispute(dispute, random.Next(2) == 0 ? Ruling.NotGuilty : Ruling.Abuse, 0),
    };

    private static ManufacturerRoot Root(string name) => new(Keys.Of(name).Scheme, Keys.Of(name).PublicKey);

    // Validators are left alone: one that is found guilty takes no more stake, and soon nobody could.
    private static Subject RandomSubject(Random random, PrivateKey person, PrivateKey[] sensors) => random.Next(4) == 0
        ? new Subject(SubjectKind.Manufacturer, random.Next(2) == 0 ? Keys.Maker.Address : person.Address)
        : new Subject(SubjectKind.Device, sensors[random.Next(sensors.Length)].Address);
}
