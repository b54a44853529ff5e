using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;

namespace AppChain.Ledger;

/// <summary>
/// Lets services take turns in a queue whose items cost much to do. What is due leaves the queue for the line of its service, which costs
/// little; then the services that
/// have a line are served in turn, one item each, as long as a block's room for such work lasts. So a service with very much to do delays
/// itself and nobody else.
/// </summary>
/// <remarks>
/// Of such queues every item begins with its service's number, 4 bytes. An item that is done in the block in which it was due never
/// reaches the state's lines.
/// </remarks>
internal sealed class ServiceTurns
{
    /// <summary>The room of a block for the items of one queue, in what a group of proofs costs.</summary>
    public const ulong RoomPerBlock = LedgerLimits.ProofGroupsPerBlock;

    private readonly LedgerSession session;
    private readonly QueueKind queue;
    private readonly List<ServiceLine> lines;
    private bool changed;

    /// <summary>The lines as the state has them; <see cref="Save"/> writes them back.</summary>
    public ServiceTurns(LedgerSession session, QueueKind queue)
    {
        (this.session, this.queue) = (session, queue);
        lines = [.. TurnsRecord.Find(session, queue)?.Lines ?? []];
    }

    /// <summary>True if nothing stands in a line.</summary>
    public bool IsEmpty => lines.Count == 0;

    /// <summary>True of the queues in which services take turns.</summary>
    public static bool AreTakenIn(QueueKind queue) =>
        queue is QueueKind.ProofGroups or QueueKind.FeederIntervals or QueueKind.SensorCells || ShadowFrame.Fills(queue);

    /// <summary>
    /// What of a block's room an item takes: a feeder or a cell has many devices. What a candidate has put off costs what it costs the
    /// paid rules.
    /// </summary>
    public static ulong RoomOf(QueueKind queue, ReadOnlyMemory<byte> about) => queue switch
    {
        _ when ShadowFrame.Fills(queue) => RoomOf(ShadowFrame.QueueOf(about), about),
        QueueKind.FeederIntervals => RoomPerBlock / Feeders.PerBlock,
        QueueKind.SensorCells or QueueKind.SensorSweeps => RoomPerBlock / SensorWindows.PerBlock,
        _ => 1,
    };

    /// <summary>
    /// Something whose time has come goes to the end of its service's line; of a service without one, to the end of the round.
    /// </summary>
    /// <param name="number">The number that it had in its queue.</param>
    public void Add(ulong number, ReadOnlyMemory<byte> about)
    {
        uint service = BinaryPrimitives.ReadUInt32BigEndian(about.Span);
        int at = lines.FindIndex(line => line.Service == service);
        ServiceLine line = at < 0 ? new ServiceLine(service, 0, 0) : lines[at];
        session.Put(StateKey.TurnItem(queue, service, line.Next), new TurnItemRecord(number, about));
        line = line with { Next = line.Next + 1 };
        if (at < 0)
            lines.Add(line);
        else
            lines[at] = line;
        changed = true;
    }

    /// <summary>The next item of the service whose turn it is; then it is the next service's.</summary>
    public bool TryTake([NotNullWhen(true)] out TurnItemRecord? item)
    {
        item = null;
        if (lines.Count == 0)
            return false;
        ServiceLine line = lines[0];
        item = TurnItemRecord.Get(session, queue, line.Service, line.First);
        session.Delete(StateKey.TurnItem(queue, line.Service, line.First));
        lines.RemoveAt(0);
        if (line.First + 1 < line.Next)
            lines.Add(line with { First = line.First + 1 });
        changed = true;
        return true;
    }

    /// <summary>Writes down who stands where, and whose turn comes next.</summary>
    public void Save()
    {
        if (!changed)
            return;
        if (lines.Count == 0)
            session.Delete(StateKey.Turns(queue));
        else
            session.Put(StateKey.Turns(queue), new TurnsRecord([.. lines]));
    }
}
