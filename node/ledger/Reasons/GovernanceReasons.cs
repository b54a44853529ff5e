using System.Collections.Immutable;
using static AppChain.Ledger.ReasonEntry;

namespace AppChain.Ledger;

/// <summary>The reasons of proposals, votes and upgrades.</summary>
internal static class GovernanceReasons
{
    public static ImmutableArray<ReasonEntry> All { get; } =
    [
        AtDecode(Reason.TitleInvalid, "The proposal's title is empty or longer than 64 bytes in UTF-8. Say in a few words what it does."),
        AtDecode(Reason.UnknownAction,
            "The proposal holds no action that this version of the chain knows. Set exactly one of the actions of the schema."),
        AtDecode(Reason.ParameterChangesInvalid,
            "The list of parameters is empty, longer than 16, or not ascending by number with each once. Sort it, and make two proposals if it is long."),
        AtDecode(Reason.UnknownVoteChoice, "The vote is none that the chain knows. Use 1 (yes), 2 (no) or 3 (abstain)."),
        AtDecode(Reason.UpgradePlanInvalid, "An upgrade plan names a height and a version, both above zero."),
        AtDecode(Reason.RulingInvalid,
            "The ruling is none that the chain knows, or its share does not fit: a ruling of guilt names 1 to 1,000,000 parts per million, others none."),
        AtDecode(Reason.PriceReportersInvalid, "The reporters are more than 16, or not ascending by address with each once. Sort them, and name each once."),
        AtDecode(Reason.ManufacturerNameInvalid,
            "The manufacturer's name is empty, longer than 64 bytes in UTF-8, or has control characters. Choose another."),
        AtDecode(Reason.RewardWeightTooHigh, "A reward weight is at most 1,000,000: it counts relative to the weights of the other services."),

        AtAdmission(Reason.UnknownParameter, "There is no parameter of this number. docs/parameters.md lists them."),
        AtAdmission(Reason.ParameterFixed, "This parameter is set by genesis for good: no vote changes it."),
        AtAdmission(Reason.ParameterOutOfBounds, "The value lies outside the parameter's bounds. docs/parameters.md lists them."),
        AtAdmission(Reason.ParametersContradict,
            "The parameters would contradict each other: unbonding must take at least as long as voting and execution delay together, "
            + "and a dispute at least as long as answer, voting and execution delay. Change them together."),
        AtAdmission(Reason.TooManyProposals, "The chain has as many open proposals as it allows. Wait until one has ended."),
        AtAdmission(Reason.TooManyOwnProposals, "The account has as many open proposals as one may have. Wait until one of them has ended."),
        AtAdmission(Reason.UnknownProposal, "There is no proposal of this number. List the open ones."),
        AtAdmission(Reason.VotingClosed, "The voting on this proposal has ended."),
        AtAdmission(Reason.NoVotingPower, "The account has no stake of its own, bonded or delegated, to vote with. Bond or delegate first."),
        AtAdmission(Reason.UpgradeNotNewer, "The upgrade's version is not above the chain's present one."),
        AtAdmission(Reason.NoUpgradePlanned, "No upgrade is planned: there is nothing to cancel."),
        AtAdmission(Reason.ManufacturerAlreadyRegistered,
            "A manufacturer is registered at the address of the first key. Replace its keys, or begin with another key."),
        AtAdmission(Reason.ServiceHasOwner, "The service has an owner, who alone changes what it is about as long as it has no reward weight. A vote sets that."),

        AtExecution(Reason.VotingOver, "The proposal's voting time is over. The vote came too late."),
        AtExecution(Reason.UpgradeTooSoon,
            "The upgrade's height is not far enough ahead for operators to change their programs in time. Choose a later one."),
        AtExecution(Reason.TreasuryTooSmall, "The treasury holds less than the proposal spends. Propose a smaller amount, or wait."),
        AtExecution(Reason.UnbondingShorterThanVoting,
            "A vote is open that ends later than stake unbonded now would be free under the proposed delay: the same stake could vote twice. "
            + "Propose it again when that vote has ended."),
    ];
}
