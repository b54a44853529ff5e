using AppChain.Crypto;
using AppChain.Ledger;
using Google.Protobuf;
using static AppChain.Tests.Ledger.ProtobufParityTests;
using Pb = AppChain.Protos.V1;

namespace AppChain.Tests.Ledger;

/// <summary>Random messages of governance and disputes, in Google's classes and in ours.</summary>
internal static class GovernanceMessages
{
    private static readonly string[] Texts = ["", "x", "Ünïcode ✓", "a longer text, with 日本語 in it"];

    public static Message Random(Random random, Pb.Body theirs)
    {
        switch (random.Next(4))
        {
            case 0:
                (theirs.Propose, Propose propose) = RandomProposal(random);
                return propose;
            case 1:
                (theirs.CastVote, CastVote vote) = RandomVote(random);
                return vote;
            case 2:
                (theirs.Accuse, Accuse accuse) = RandomAccusation(random);
                return accuse;
            default:
                (theirs.AnswerAccusation, AnswerAccusation answer) = RandomAnswer(random);
                return answer;
        }
    }

    private static (Pb.Propose Theirs, Propose Ours) RandomProposal(Random random)
    {
        Pb.Propose theirs = new() { Title = Text(random) };
        return (theirs, new Propose(theirs.Title, RandomAction(random, theirs)));
    }

    private static (Pb.CastVote Theirs, CastVote Ours) RandomVote(Random random)
    {
        CastVote ours = new(Any(random), (VoteChoice)random.Next(1, 4));
        return (new Pb.CastVote { Proposal = ours.Proposal, Choice = (Pb.VoteChoice)ours.Choice }, ours);
    }

    private static (Pb.Accuse Theirs, Accuse Ours) RandomAccusation(Random random)
    {
        Exhibit evidence = new(new Hash256(Bytes(random, 32)), random.Next(2) == 0);
        Accuse ours = new(new Subject((SubjectKind)random.Next(1, 4), RandomAddress(random)), evidence, Text(random));
        Pb.Accuse theirs = new()
        {
            Kind = (Pb.SubjectKind)ours.Subject.Kind,
            Subject = ByteString.CopyFrom(ours.Subject.Address.Bytes),
            Statement = ours.Statement,
        };
        if (evidence.IsTransaction)
            theirs.TransactionId = ByteString.CopyFrom(evidence.Hash.Bytes);
        else
            theirs.DocumentHash = ByteString.CopyFrom(evidence.Hash.Bytes);
        return (theirs, ours);
    }

    private static (Pb.AnswerAccusation Theirs, AnswerAccusation Ours) RandomAnswer(Random random)
    {
        AnswerAccusation ours = new(Any(random), random.Next(2) == 0 ? null : new Hash256(Bytes(random, 32)), Text(random));
        Pb.AnswerAccusation theirs = new() { Dispute = ours.Dispute, Statement = ours.Statement };
        if (ours.Document is { } document)
            theirs.DocumentHash = ByteString.CopyFrom(document.Bytes);
        return (theirs, ours);
    }

    private static ProposalAction RandomAction(Random random, Pb.Propose theirs)
    {
        switch (random.Next(10))
        {
            case 0:
                ParameterChange[] changes = [.. Enumerable.Range(0, random.Next(17)).Select(_ => new ParameterChange(Small(random), Any(random)))];
                theirs.SetParameters = new Pb.SetParameters();
                theirs.SetParameters.Changes.AddRange(changes.Select(change => new Pb.ParameterChange { Number = change.Number, Value = change.Value }));
                return new SetParameters(changes);
            case 1:
                SpendTreasury spend = new(RandomAddress(random), new Amount(Any(random)));
                theirs.SpendTreasury = new Pb.SpendTreasury { To = ByteString.CopyFrom(spend.To.Bytes), Amount = spend.Amount.Grains };
                return spend;
            case 2:
                PlanUpgrade plan = new(Any(random), Small(random));
                theirs.PlanUpgrade = new Pb.PlanUpgrade { Height = plan.Height, Version = plan.Version };
                return plan;
            case 3:
                theirs.CancelUpgrade = new Pb.CancelUpgrade();
                return new CancelUpgrade();
            case 4:
                SetPriceReporters reporters = new(Enumerable.Range(0, random.Next(18)).Select(_ => RandomAddress(random)));
                theirs.SetPriceReporters = new Pb.SetPriceReporters();
                theirs.SetPriceReporters.Reporters.AddRange(reporters.Reporters.Select(reporter => ByteString.CopyFrom(reporter.Bytes)));
                return reporters;
            case 5:
                RegisterManufacturer register = new(Text(random), RandomAddress(random), ProtobufParityIdentity.RandomRoots(random));
                theirs.RegisterManufacturer = new Pb.RegisterManufacturer
                {
                    Name = register.Manufacturer.Name,
                    Admin = ByteString.CopyFrom(register.Manufacturer.Admin.Bytes),
                };
                theirs.RegisterManufacturer.Roots.AddRange(register.Manufacturer.Roots.Select(ProtobufParityIdentity.Of));
                return register;
            case 6:
                (theirs.ReplaceManufacturer, UpdateManufacturer update) = ProtobufParityIdentity.RandomUpdate(random);
                return new ReplaceManufacturer(update);
            case 7:
                SetRewardWeight weight = new(Small(random), Small(random));
                theirs.SetRewardWeight = new Pb.SetRewardWeight { Service = weight.Service, Weight = weight.Weight };
                return weight;
            case 8:
                SetServiceRules rules = new(Small(random), ProtobufParityIdentity.RandomDefinition(random));
                theirs.SetServiceRules = new Pb.SetServiceRules { Service = rules.Service, Definition = ProtobufParityIdentity.Of(rules.Definition) };
                return rules;
            default:
                RuleDispute rule = new(Any(random), (Ruling)random.Next(1, 4), Small(random));
                theirs.RuleDispute = new Pb.RuleDispute { Dispute = rule.Dispute, Ruling = (Pb.Ruling)rule.Ruling, SharePpm = rule.SharePpm };
                return rule;
        }
    }

    private static string Text(Random random) => Texts[random.Next(Texts.Length)];
}
