using System;
using System.Buffers.Binary;

namespace AppChain.Ledger;

/// <summary>
/// What a block does because its time has come, before its transactions. From each queue at most as many items as a block has room for transactions
/// that put one into it: no block is large because many deadlines fall together, and the rest waits for the next block.
/// </summary>
/// <remarks>
/// What fills a queue is bounded by the same room, and who waits once more takes the room of a transaction. So a queue is emptied as fast as it
/// can be filled, in blocks: of those who wait nobody is passed, and nobody can hold them up by filling the queue. Where an item costs
/// more than a
/// transaction, services take turns (<see cref="ServiceTurns"/>).
/// </remarks>
internal static class DueWork
{
    private static readonly QueueKind[] Queues = Enum.GetValues<QueueKind>();

    /// <summary>Puts something at the end of a queue.</summary>
    public static void Enqueue(LedgerSession session, QueueKind queue, ulong dueMs, ReadOnlyMemory<byte> about)
    {
        if (session.Lane is { } lane)
        {
            lane.PutOff(queue, dueMs, about);
            return;
        }
        QueueRecord ends = QueueRecord.Get(session, queue);
        session.Put(StateKey.QueueItem(queue, ends.Next), new QueueItemRecord(dueMs, about));
        session.Put(StateKey.Queue(queue), ends with { Next = ends.Next + 1 });
    }

    /// <summary>Puts something that has a number at the end of a queue.</summary>
    public static void Enqueue(LedgerSession session, QueueKind queue, ulong dueMs, ulong number)
    {
        byte[] about = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(about, number);
        Enqueue(session, queue, dueMs, about);
    }

    /// <summary>Does what is due; true if something that is due must wait for the next block.</summary>
    public static bool Run(LedgerSession session, BlockContext context, BlockRoom room)
    {
        bool moreIsDue = false;
        foreach (QueueKind queue in Queues)
            moreIsDue |= Run(session, context, room, queue);
        return moreIsDue;
    }

    /// <summary>The class of the messages that put items into the queue, each at most one.</summary>
    private static TransactionClass FilledBy(QueueKind queue) => queue switch
    {
        QueueKind.Withdrawals => TransactionClass.Identity,
        QueueKind.ChannelExpiry or QueueKind.ChannelChallenge => TransactionClass.Demand,
        QueueKind.Unbonding or QueueKind.EvidenceAge => TransactionClass.Validators,
        QueueKind.VotingEnds or QueueKind.Executions => TransactionClass.Governance,
        QueueKind.DisputeDeadlines => TransactionClass.Disputes,
        QueueKind.ProofGroups or QueueKind.LostDraws => TransactionClass.Proofs,
        QueueKind.GridEvents => TransactionClass.Demand,
        QueueKind.FeederIntervals or QueueKind.SensorCells or QueueKind.SensorSweeps or QueueKind.SensorPasts => TransactionClass.Proofs,
        QueueKind.ReviewTurns or QueueKind.ReviewDeadlines => TransactionClass.Proofs,
        QueueKind.DealStarts or QueueKind.DealWindows => TransactionClass.Demand,
        QueueKind.JobOffers or QueueKind.JobTurns or QueueKind.JobWork or QueueKind.JobReveals => TransactionClass.Demand, // as many as jobs are posted
        QueueKind.BatchDraws or QueueKind.BatchDeadlines => TransactionClass.Proofs,
        _ when ShadowFrame.Fills(queue) => TransactionClass.Proofs,
        _ => throw Unknown(queue),
    };

    // To judge a group touches many devices, and few of the proofs that a block has room for open one: these have a bound of their own.
    private static ulong MostOf(QueueKind queue, BlockRoom room) => queue switch
    {
        QueueKind.SensorSweeps => ulong.Min(room.Of(FilledBy(queue)), SensorWindows.PerBlock),
        QueueKind.ReviewTurns or QueueKind.ReviewDeadlines => ulong.Min(room.Of(FilledBy(queue)), ImageReviews.PerBlock),
        _ => room.Of(FilledBy(queue)),
    };

    private static bool Run(LedgerSession session, BlockContext context, BlockRoom room, QueueKind queue)
    {
        ulong most = MostOf(queue, room);
        if (ServiceTurns.AreTakenIn(queue))
            return RunInTurns(session, context, queue, most);
        return TakeDue(session, context, queue, most, (number, about) =>
        {
            Due became = Perform(session, context, queue, about);
            session.EndDueItem(Receipt.DueIdOf(queue, number));
            if (became == Due.WaitsOnceMore)
                room.TryTake(FilledBy(queue)); // there is some: no more were due than there is room
        });
    }

    // Whoever fills the queue fills his own line: to put an item into it is little work, as much in each block as may have come in one.
    private static bool RunInTurns(LedgerSession session, BlockContext context, QueueKind queue, ulong most)
    {
        ServiceTurns turns = new(session, queue);
        bool moreIsDue = TakeDue(session, context, queue, most, turns.Add);
        ulong taken = 0;
        while (taken < ServiceTurns.RoomPerBlock && turns.TryTake(out TurnItemRecord? item))
        {
            taken += ServiceTurns.RoomOf(queue, item.About);
            Perform(session, context, queue, item.About);
            session.EndDueItem(Receipt.DueIdOf(queue, item.Number));
        }
        turns.Save();
        return moreIsDue || !turns.IsEmpty;
    }

    // Takes what is due out of the queue, in order; true if there is more of it than may be taken.
    private static bool TakeDue(
        LedgerSession session, BlockContext context, QueueKind queue, ulong most, Action<ulong, ReadOnlyMemory<byte>> take)
    {
        for (ulong taken = 0; ; taken++)
        {
            QueueRecord ends = QueueRecord.Get(session, queue);
            if (ends.First == ends.Next)
                return false;
            QueueItemRecord item = QueueItemRecord.Get(session, queue, ends.First);
            if (item.DueMs > context.TimeMs)
                return false;
            if (taken == most)
                return true;
            session.Delete(StateKey.QueueItem(queue, ends.First));
            session.Put(StateKey.Queue(queue), ends with { First = ends.First + 1 });
            take(ends.First, item.About);
        }
    }

    private static Due Perform(LedgerSession session, BlockContext context, QueueKind queue, ReadOnlyMemory<byte> about)
    {
        switch (queue)
        {
            case QueueKind.Withdrawals:
                return Withdrawals.Finish(session, context, about.Span);
            case QueueKind.ChannelExpiry or QueueKind.ChannelChallenge:
                Channels.OnDue(session, context, about.Span);
                break;
            case QueueKind.Unbonding:
                UnbondingQueue.PayOut(session, about);
                break;
            case QueueKind.EvidenceAge:
                ConsensusEpochs.Age(session, NumberOf(about));
                break;
            case QueueKind.VotingEnds:
                Proposals.EndVoting(session, context, NumberOf(about));
                break;
            case QueueKind.Executions:
                Proposals.Execute(session, context, NumberOf(about));
                break;
            case QueueKind.DisputeDeadlines:
                Disputes.Release(session, NumberOf(about));
                break;
            case QueueKind.ProofGroups:
                ProofGroups.Evaluate(session, context, about.Span);
                break;
            case QueueKind.LostDraws:
                LostDraws.Conclude(session, about.Span);
                break;
            case QueueKind.FeederIntervals:
                Feeders.Evaluate(session, about.Span);
                break;
            case QueueKind.SensorCells:
                SensorWindows.Evaluate(session, context, about.Span);
                break;
            case QueueKind.GridEvents:
                GridEvents.OnDue(session, about.Span);
                break;
            case QueueKind.SensorSweeps:
                SensorWindows.Sweep(session, about.Span);
                break;
            case QueueKind.SensorPasts:
                return SensorPasts.OnDue(session, context, about.Span);
            case QueueKind.ReviewTurns or QueueKind.ReviewDeadlines:
                return ImageReviews.OnDue(session, context, about.Span);
            case QueueKind.DealStarts:
                Deals.Begin(session, context, about.Span);
                break;
            case QueueKind.DealWindows:
                return Deals.CloseWindow(session, context, about.Span);
            case QueueKind.JobOffers or QueueKind.JobTurns or QueueKind.JobWork or QueueKind.JobReveals:
                Jobs.OnDue(session, context, about.Span);
                break;
            case QueueKind.BatchDraws:
                BatchFrame.Draw(session, context, about.Span);
                break;
            case QueueKind.BatchDeadlines:
                BatchFrame.OnDeadline(session, about.Span);
                break;
            case var _ when ShadowFrame.Fills(queue):
                ShadowFrame.Perform(session, about, (put, what) => Perform(session, context, put, what));
                break;
            default:
                throw Unknown(queue);
        }
        return Due.Done;
    }

    private static ulong NumberOf(ReadOnlyMemory<byte> about) => BinaryPrimitives.ReadUInt64BigEndian(about.Span);

    private static LedgerInvariantException Unknown(QueueKind queue) => new($"Queue {queue} of the state is unknown to this version.");
}

/// <summary>What became of an item whose time had come.</summary>
internal enum Due
{
    Done,

    /// <summary>It is at the end of its queue again.</summary>
    WaitsOnceMore,
}
