using System.Linq;

namespace AppChain.Ledger;

/// <summary>What parameters must satisfy together, beyond the bounds of each.</summary>
public static class ParameterRules
{
    /// <summary><see cref="Reason.None"/>, or <see cref="Reason.ParametersContradict"/>. Genesis and proposals are both held to it.</summary>
    /// <remarks>
    /// Stake votes once: it cannot be unbonded, moved and bonded by somebody else before a vote that it took part in has ended and been executed.
    /// And a dispute can be answered, ruled on and its ruling executed before it is released.
    /// And of a burned token at most one comes back, to all who earn by its burning together.
    /// </remarks>
    public static Reason Check(ParametersRecord parameters)
    {
        ulong voting = parameters[Parameter.VotingPeriodMs] + parameters[Parameter.ExecutionDelayMs];
        bool stakeVotesOnce = parameters[Parameter.UnbondingMs] >= voting;
        bool disputesCanEnd = parameters[Parameter.DisputePeriodMs] >= parameters[Parameter.AnswerPeriodMs] + voting;
        ulong comesBack = parameters[Parameter.UsageRate] + parameters[Parameter.ValidatorsBurnShare];
        return stakeVotesOnce && disputesCanEnd && comesBack <= Parameters.Million ? Reason.None : Reason.ParametersContradict;
    }

    /// <summary>
    /// Votes that are open now keep the end that they were opened with: under a shorter delay, stake that is unbonded now must not be free before.
    /// </summary>
    internal static Reason CheckOpenVotes(ILedgerState state, ParametersRecord next, ulong nowMs) =>
        GovernanceRecord.Get(state).Open.All(open => nowMs + next[Parameter.UnbondingMs] >= open.EndMs)
            ? Reason.None
            : Reason.UnbondingShorterThanVoting;
}
