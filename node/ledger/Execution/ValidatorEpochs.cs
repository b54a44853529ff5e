namespace AppChain.Ledger;

/// <summary>
/// Epochs of consensus: spans of <see cref="ParametersRecord.ValidatorEpochBlocks"/> blocks with one validator set. The last block of one is its
/// boundary block; the set that follows is fixed by the state after that block's <b>parent</b>, so that everybody who votes on it knows it.
/// </summary>
public static class ValidatorEpochs
{
    /// <summary>Whether the block of this height on this parent ends an epoch, and with it whose set is next.</summary>
    /// <returns>The next epoch's set, or null if the epoch goes on.</returns>
    public static ValidatorsRecord? EndingWith(ILedgerState parent, ulong height) =>
        height % ParametersRecord.Get(parent).ValidatorEpochBlocks == 0
            ? ValidatorsRecord.FindNext(parent) ?? ValidatorsRecord.Get(parent)
            : null;

    /// <summary>The first thing that a boundary block does: the next set becomes the current one.</summary>
    internal static void Turn(LedgerSession session, BlockContext context)
    {
        if (EndingWith(session, context.Height) is not { } next)
            return;
        ConsensusEpochs.Turn(session, context);
        if (ValidatorsRecord.FindNext(session) is null)
            return;
        ValidatorRewards.Forget(session, ValidatorsRecord.Get(session).Seats, next.Seats);
        session.Put(StateKey.Validators, next);
        session.Delete(StateKey.NextValidators);
    }
}
