using AppChain.Consensus;
using AppChain.Ledger;

namespace AppChain.Node.Driver;

/// <summary>
/// Whose turns a block's header accounts for: its leader's, and those of the views between its parent's and its own, which were nullified. All of it
/// follows from headers and the schedule of leaders, so every node that executes the block, now or later, says the same.
/// </summary>
/// <param name="leaderSeed">The seed of the schedules, as consensus has it.</param>
public sealed class TurnsTaken(Ledger.ChainId chainId, Digest leaderSeed)
{
    private (Epoch Epoch, Digest Validators, LeaderSchedule Leaders)? last;

    /// <summary>What execution is told of a block.</summary>
    /// <param name="parent">The state after its parent: the block's own set is in it.</param>
    public BlockContext ContextOf(ILedgerState parent, Header header)
    {
        LeaderSchedule leaders = LeadersOf(parent, header.Epoch);
        ulong missed = Math.Min(header.View.Value - header.ParentView.Value - 1, LedgerLimits.MissedTurnsMax);
        return new BlockContext(chainId, header.Height.Value, header.TimeMs)
        {
            Proposer = header.Leader,
            Missed = [.. Enumerable.Range(0, (int)missed).Select(i => leaders.LeaderOf(new View(header.View.Value - missed + (ulong)i)))],
        };
    }

    // A schedule takes a while to make, and holds for an epoch.
    private LeaderSchedule LeadersOf(ILedgerState parent, Epoch epoch)
    {
        ValidatorSet validators = ConsensusEpoch.SetOf(ValidatorsRecord.Get(parent));
        if (last is not { } known || known.Epoch != epoch || known.Validators != validators.Hash)
            last = known = (epoch, validators.Hash, new LeaderSchedule(validators, epoch, leaderSeed));
        return known.Leaders;
    }
}
