using System;

namespace AppChain.Ledger;

/// <summary>What waits for a time that comes by itself. The numbers are the state's; each has one delay, so that who comes first is due first.</summary>
public enum QueueKind : byte
{
    /// <summary>Enrolments that were withdrawn: <see cref="Ledger.Withdrawals"/>.</summary>
    Withdrawals = 1,

    /// <summary>Channels whose longest life is over: a channel's id.</summary>
    ChannelExpiry = 4,

    /// <summary>Channels whose challenge window is over: a channel's id.</summary>
    ChannelChallenge = 5,
    /// <summary>Stake on its way out: <see cref="Ledger.Unbonding"/>.</summary>
    Unbonding = 7,

    /// <summary>An epoch of consensus, 8 bytes, whose evidence grows too old.</summary>
    EvidenceAge = 8,

    /// <summary>The end of the voting on a proposal; about its number.</summary>
    VotingEnds = 10,

    /// <summary>The execution of a proposal that passed; about its number.</summary>
    Executions = 11,

    /// <summary>The deadline of a dispute; about its number.</summary>
    DisputeDeadlines = 12,

    /// <summary>Groups of proofs whose windows close: <see cref="Ledger.ProofGroups"/>.</summary>
    ProofGroups = 30,

    /// <summary>Proofs that lost the draw of their group to a later one: <see cref="Ledger.LostDraws"/>.</summary>
    LostDraws = 31,

    /// <summary>Intervals of feeders whose meters have told: <see cref="Ledger.Feeders"/>.</summary>
    FeederIntervals = 50,

    /// <summary>Cells of sensors whose windows close: <see cref="Ledger.SensorWindows"/>.</summary>
    SensorCells = 51,

    /// <summary>The same when they are judged, until their neighbours are.</summary>
    SensorSweeps = 52,

    /// <summary>Grid events that are given back if nobody has judged them: <see cref="Ledger.GridEvents"/>.</summary>
    GridEvents = 53,

    /// <summary>Images that go on with the next block: they draw reviewers, or all who were asked have answered. Both queues of images: an image's id and its round.</summary>
    ReviewTurns = 54,

    /// <summary>Images whose reviewers' time to commit, or to reveal, is over.</summary>
    ReviewDeadlines = 55,

    /// <summary>Storage deals that were made and begin with the next block: a deal's id.</summary>
    DealStarts = 60,

    /// <summary>Windows of storage deals that close: a deal's id.</summary>
    DealWindows = 61,

    /// <summary>Jobs whose time for offers is over. All queues of jobs: a job's id and its round.</summary>
    JobOffers = 62,

    /// <summary>Jobs that go on with the next block, since all who were asked have committed.</summary>
    JobTurns = 63,

    /// <summary>Jobs whose time to compute is over.</summary>
    JobWork = 64,

    /// <summary>Jobs whose time to reveal is over.</summary>
    JobReveals = 65,

    /// <summary>Batches of proofs that the next block's beacon draws from: <see cref="Ledger.BatchFrame"/>.</summary>
    BatchDraws = 70,

    /// <summary>Batches of proofs whose time to be opened is over: <see cref="Ledger.BatchFrame"/>.</summary>
    BatchDeadlines = 71,

    /// <summary>What the candidates for services' rules have put off: <see cref="Ledger.ShadowFrame"/>.</summary>
    ShadowWork = 72,

    /// <summary>What cells said together, which nobody needs if they fell silent: <see cref="Ledger.SensorPasts"/>.</summary>
    SensorPasts = 80,

    /// <summary>
    /// Like <see cref="ShadowWork"/>, what would be in <see cref="ProofGroups"/>: one queue for each delay, so that no candidate's long
    /// windows hold up another's short ones.
    /// </summary>
    ShadowGroups = 81,

    /// <summary>The same of <see cref="LostDraws"/>.</summary>
    ShadowDraws = 82,

    /// <summary>The same of <see cref="SensorCells"/>.</summary>
    ShadowCells = 83,

    /// <summary>The same of <see cref="SensorSweeps"/>.</summary>
    ShadowSweeps = 84,

    /// <summary>The same of <see cref="SensorPasts"/>.</summary>
    ShadowPasts = 85,
}

/// <summary>A queue's ends: version:1 ‖ first:8 ‖ next:8. Absent: nothing has ever waited in it.</summary>
/// <param name="First">The number of the item that waits longest.</param>
/// <param name="Next">The number that the next item gets; equal to <paramref name="First"/>: nothing waits.</param>
public sealed record QueueRecord(ulong First, ulong Next) : StateRecord
{
    private static readonly QueueRecord Fresh = new(0, 0);

    public static QueueRecord Get(ILedgerState state, QueueKind queue) =>
        state.Find(StateKey.Queue(queue), Decode) ?? Fresh;

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.UInt64(First);
        writer.UInt64(Next);
        return writer.ToArray();
    }

    public static QueueRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        QueueRecord record = new(reader.UInt64(), reader.UInt64());
        reader.End();
        return record;
    }
}

/// <summary>One item that waits: version:1 ‖ dueMs:8 ‖ length:1 about.</summary>
/// <param name="DueMs">The first block of this time or later deals with it.</param>
/// <param name="About">What it is about; its form is the queue's.</param>
public sealed record QueueItemRecord(ulong DueMs, ReadOnlyMemory<byte> About) : StateRecord
{
    public static QueueItemRecord Get(ILedgerState state, QueueKind queue, ulong number) =>
        state.Find(StateKey.QueueItem(queue, number), Decode) ?? throw new LedgerInvariantException("An item that waits in a queue is not in the state.");

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.UInt64(DueMs);
        writer.Short(About.Span);
        return writer.ToArray();
    }

    public static QueueItemRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        QueueItemRecord record = new(reader.UInt64(), reader.Short());
        reader.End();
        return record;
    }

    public bool Equals(QueueItemRecord? other) => other is not null && DueMs == other.DueMs && About.Span.SequenceEqual(other.About.Span);

    public override int GetHashCode() => HashCode.Combine(DueMs, About.Length);
}
