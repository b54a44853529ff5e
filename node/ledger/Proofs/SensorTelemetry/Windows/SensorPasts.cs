using System;
using System.Buffers.Binary;

namespace AppChain.Ledger;

/// <summary>
/// Forgets what a cell's sensors said together when no later window can need it any more: a cell that fell silent leaves nothing behind.
/// <see cref="QueueKind.SensorPasts"/>, items <c>service:4 ‖ cell:8 ‖ metric:4 ‖ endMs:8</c>.
/// </summary>
internal static class SensorPasts
{
    private const int CellAt = sizeof(uint), MetricAt = CellAt + sizeof(ulong);
    private const int EndAt = MetricAt + sizeof(uint), ItemSize = EndAt + sizeof(ulong);

    /// <summary>Keeps the past of a cell until the next window has been judged, or would have been.</summary>
    /// <param name="windowMs">How long a window is.</param>
    public static void Keep(
        LedgerSession session, BlockContext context, (uint Service, ulong Cell, uint Metric) of, SensorPastRecord past, ulong windowMs)
    {
        session.Put(StateKey.SensorPast(of.Service, of.Cell, of.Metric), past);
        byte[] about = new byte[ItemSize];
        BinaryPrimitives.WriteUInt32BigEndian(about, of.Service);
        BinaryPrimitives.WriteUInt64BigEndian(about.AsSpan(CellAt), of.Cell);
        BinaryPrimitives.WriteUInt32BigEndian(about.AsSpan(MetricAt), of.Metric);
        BinaryPrimitives.WriteUInt64BigEndian(about.AsSpan(EndAt), past.EndMs);
        DueWork.Enqueue(session, QueueKind.SensorPasts, context.TimeMs + windowMs + session.Parameters[Parameter.SensorCloseMs], about);
    }

    /// <summary>The next window has had its time. If it waits for its service's turn, its past waits with it.</summary>
    public static Due OnDue(LedgerSession session, BlockContext context, ReadOnlySpan<byte> about)
    {
        (uint service, ulong cell) = (BinaryPrimitives.ReadUInt32BigEndian(about), BinaryPrimitives.ReadUInt64BigEndian(about[CellAt..]));
        uint metric = BinaryPrimitives.ReadUInt32BigEndian(about[MetricAt..]);
        ulong end = BinaryPrimitives.ReadUInt64BigEndian(about[EndAt..]);
        if (SensorPastRecord.Find(session, service, cell, metric) is not { } past || past.EndMs != end)
            return Due.Done; // a later window is in it, and has an item of its own
        if (SensorRosterRecord.Find(session, service, cell, end) is { Judged: false })
        {
            DueWork.Enqueue(session, QueueKind.SensorPasts, context.TimeMs + session.Parameters[Parameter.SensorCloseMs], about.ToArray());
            return Due.WaitsOnceMore;
        }
        session.Delete(StateKey.SensorPast(service, cell, metric));
        return Due.Done;
    }
}
