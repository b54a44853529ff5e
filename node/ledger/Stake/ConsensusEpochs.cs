namespace AppChain.Ledger;

/// <summary>Counts the epochs of consensus, and how long each one's evidence is taken: as long as the stake that answers for it may still be there.</summary>
internal static class ConsensusEpochs
{
    /// <summary>A boundary block ends the epoch.</summary>
    public static void Turn(LedgerSession session, BlockContext context)
    {
        ConsensusEpochRecord epochs = ConsensusEpochRecord.Get(session);
        DueWork.Enqueue(session, QueueKind.EvidenceAge, context.TimeMs + session.Parameters[Parameter.UnbondingMs], epochs.Number);
        session.Put(StateKey.ConsensusEpoch, epochs with { Number = epochs.Number + 1 });
    }

    /// <summary>The unbonding delay has passed since an epoch ended.</summary>
    public static void Age(LedgerSession session, ulong ended) =>
        session.Put(StateKey.ConsensusEpoch, ConsensusEpochRecord.Get(session) with { EvidenceFrom = ended + 1 });
}
