using System.Collections.Immutable;

namespace AppChain.Ledger;

/// <summary>The parameters of proposals, votes, upgrades and disputes.</summary>
internal static class GovernanceParameters
{
    private const ulong SecondMs = 1_000;
    private const ulong DayMs = 86_400 * SecondMs;
    private const uint Million = Parameters.Million;

    public static ImmutableArray<ParameterEntry> All { get; } =
    [
        new(Parameter.ProposalDeposit, 0, ulong.MaxValue, 100 * Amount.GrainsPerToken, "grains", "What a proposer deposits until the voting ends."),
        new(Parameter.VotingPeriodMs, SecondMs, 60 * DayMs, 7 * DayMs, "ms", "How long a proposal is voted on."),
        new(Parameter.ExecutionDelayMs, 0, 60 * DayMs, 2 * DayMs, "ms", "How long a proposal that passed waits for its execution."),
        new(Parameter.VotingQuorum, 1, Million, 334_000, "ppm", "The share of all bonded stake that must have voted, abstentions included."),
        // At least half: with less, two proposals that contradict each other could both pass.
        new(Parameter.VotingThreshold, Million / 2, Million - 1, Million / 2, "ppm", "A proposal passes with more than this share of yes among yes and no."),
        new(Parameter.DepositBurnThreshold, Million / 2, Million, 666_667, "ppm",
            "A proposal with more than this share of no among yes and no loses its deposit, as does one without quorum."),
        new(Parameter.UpgradeNoticeBlocks, 1, uint.MaxValue, 10_000, "blocks", "The least number of blocks between the execution of an upgrade plan and its height."),
        new(Parameter.DisputeBond, 1, ulong.MaxValue, 10 * Amount.GrainsPerToken, "grains", "What an accuser bonds until the dispute is closed."),
        new(Parameter.AnswerPeriodMs, SecondMs, 60 * DayMs, 3 * DayMs, "ms", "How long who is accused has for an answer."),
        new(Parameter.DisputePeriodMs, 2 * SecondMs, 365 * DayMs, 21 * DayMs, "ms", "How long a dispute stays open without a ruling, before all that it holds is released."),
    ];
}
