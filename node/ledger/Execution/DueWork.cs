using System;

namespace AppChain.Ledger;

/// <summary>
/// What a block does because its time has come, before its transactions: from each queue at most
/// <see cref="LedgerLimits.DueItemsPerBlock"/> items, so that no block is large because many deadlines fall together. The rest waits for the next block.
/// </summary>
internal static class DueWork
{
    private static readonly QueueKind[] Queues = Enum.GetValues<QueueKind>();

    /// <summary>Puts something at the end of a queue.</summary>
    public static void Enqueue(LedgerSession session, QueueKind queue, ulong dueMs, ReadOnlyMemory<byte> about)
    {
        QueueRecord ends = QueueRecord.Get(session, queue);
        session.Put(StateKey.QueueItem(queue, ends.Next), new QueueItemRecord(dueMs, about));
        session.Put(StateKey.Queue(queue), ends with { Next = ends.Next + 1 });
    }

    public static void Run(LedgerSession session, BlockContext context)
    {
        foreach (QueueKind queue in Queues)
            Run(session, context, queue);
    }

    private static void Run(LedgerSession session, BlockContext context, QueueKind queue)
    {
        for (int done = 0; done < LedgerLimits.DueItemsPerBlock; done++)
        {
            QueueRecord ends = QueueRecord.Get(session, queue);
            if (ends.First == ends.Next)
                return;
            QueueItemRecord item = QueueItemRecord.Get(session, queue, ends.First);
            if (item.DueMs > context.TimeMs)
                return;
            session.Delete(StateKey.QueueItem(queue, ends.First));
            session.Put(StateKey.Queue(queue), ends with { First = ends.First + 1 });
            Perform(session, context, queue, item.About);
            session.EndDueItem(Receipt.DueIdOf(queue, ends.First));
        }
    }

    private static void Perform(LedgerSession session, BlockContext context, QueueKind queue, ReadOnlyMemory<byte> about)
    {
        switch (queue)
        {
            case QueueKind.Withdrawals:
                Withdrawals.Finish(session, context, about.Span);
                break;
            case QueueKind.ChannelExpiry or QueueKind.ChannelChallenge:
                Channels.OnDue(session, context, about.Span);
                break;
            case QueueKind.Unbonding:
                UnbondingQueue.PayOut(session, about);
                break;
            case QueueKind.EvidenceAge:
                ConsensusEpochs.Age(session, about);
                break;
            case QueueKind.VotingEnds:
                Proposals.EndVoting(session, context, Proposals.NumberOf(about));
                break;
            case QueueKind.Executions:
                Proposals.Execute(session, context, Proposals.NumberOf(about));
                break;
            case QueueKind.DisputeDeadlines:
                Disputes.Release(session, Proposals.NumberOf(about));
                break;
            case QueueKind.ProofGroups:
                ProofGroups.Evaluate(session, context, about.Span);
                break;
            case QueueKind.LostDraws:
                LostDraws.Conclude(session, about.Span);
                break;
            default:
                throw new LedgerInvariantException($"Queue {queue} of the state is unknown to this version.");
        }
    }
}
