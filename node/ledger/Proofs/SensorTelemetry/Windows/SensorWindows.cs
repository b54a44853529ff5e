using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using AppChain.Crypto;
using AppChain.Ledger.Location;

namespace AppChain.Ledger;

/// <summary>
/// Takes readings that have passed the immediate checks into the window of their cell, for services that compare neighbours. The first reading of a window
/// waits for the window's verdict, which pays for all of them; the others add to it.
/// </summary>
/// <remarks>
/// Cells wait in <see cref="QueueKind.SensorCells"/> until the window has closed, and, judged, in <see cref="QueueKind.SensorSweeps"/> until their neighbours
/// are judged too; items <c>service:4 ‖ cell:8 ‖ startMs:8</c>.
/// </remarks>
internal static class SensorWindows
{
    /// <summary>Cells that a block judges: scoring one costs up to some milliseconds.</summary>
    public const ulong PerBlock = 4;

    private const int CellAt = sizeof(uint), StartAt = CellAt + sizeof(ulong), ItemSize = StartAt + sizeof(ulong);

    /// <summary>Takes a reading.</summary>
    /// <returns><see cref="Reason.AwaitsGroup"/> for the first of a window, <see cref="Reason.None"/> for the others, or why it does not count.</returns>
    public static Reason Take(in ProofCase proof, NeighbourTerms terms, ImmutableArray<Measurement> reading)
    {
        ParametersRecord parameters = proof.Session.Parameters;
        (ulong slotMs, byte slots) = (parameters[Parameter.SensorSlotMs], (byte)parameters[Parameter.SensorWindowSlots]);
        ulong windowMs = slotMs * slots, start = proof.ObservedMs / windowMs * windowMs;
        if (proof.NowMs >= start + windowMs + parameters[Parameter.SensorCloseMs])
            return Reason.WindowClosed;
        if (start > proof.NowMs)
            return Reason.FromTheFuture; // its cell would wait before all others in the queue
        StateKey key = StateKey.SensorSlots(proof.Service.Id, proof.Address, start);
        SensorSlotsRecord? before = SensorSlotsRecord.Find(proof.Session, proof.Service.Id, proof.Address, start);
        SensorSlotsRecord? record = before;
        if (record is null)
        {
            if (SinceMs(proof.Device, proof.Service.Id) >= start)
                return Reason.CameInWindow;
            ulong cell = Grid.CellOf(new GeoPoint(proof.Device.LatitudeE7, proof.Device.LongitudeE7), terms.Level).Id;
            Reason reason = Join(proof, cell, start, slotMs, slots);
            if (reason != Reason.None)
                return reason;
            record = new SensorSlotsRecord { Cell = cell, Proof = proof.Id, SentMs = proof.NowMs };
        }
        else if (SensorRosterRecord.Find(proof.Session, proof.Service.Id, record.Cell, start) is not { } roster
            || !roster.Takes(slotMs, slots))
        {
            return Reason.WindowClosed;
        }
        ImmutableArray<Measurement> compared = Compared(terms, reading);
        if (record.Readings > 0 && !record.Sums.Select(sum => sum.Metric).SequenceEqual(compared.Select(value => value.Metric)))
            return Reason.WindowClosed; // the service compares something else since
        proof.Session.Put(key, record.With((byte)((proof.ObservedMs - start) / slotMs), compared));
        return before is null ? Reason.AwaitsGroup : Reason.None;
    }

    /// <summary>Since when a device serves where it stands: who came first is believed first.</summary>
    public static ulong SinceMs(DeviceRecord device, uint service) =>
        ulong.Max(ulong.Max(device.RegisteredMs, device.MovedMs), device.In(service)?.NotBeforeMs ?? 0);

    /// <summary>A cell was judged: it stays as long again for its neighbours.</summary>
    public static void EnqueueSweep(LedgerSession session, BlockContext context, uint service, ulong cell, ulong startMs) =>
        DueWork.Enqueue(session, QueueKind.SensorSweeps, context.TimeMs + session.Parameters[Parameter.SensorCloseMs], About(service, cell, startMs));

    public static void Evaluate(LedgerSession session, BlockContext context, ReadOnlySpan<byte> about) =>
        SensorCellEvaluation.Run(session, context, session.Service(ServiceOf(about)), CellOf(about), StartOf(about));

    /// <summary>Nobody needs the window any more.</summary>
    public static void Sweep(LedgerSession session, ReadOnlySpan<byte> about)
    {
        (uint service, ulong cell, ulong start) = (ServiceOf(about), CellOf(about), StartOf(about));
        SensorRosterRecord roster = SensorRosterRecord.Find(session, service, cell, start)
            ?? throw new LedgerInvariantException("A window that is to be swept is not in the state.");
        foreach (Address device in roster.Devices)
            session.Delete(StateKey.SensorSlots(service, device, start));
        session.Delete(StateKey.SensorRoster(service, cell, start));
    }

    private static Reason Join(in ProofCase proof, ulong cell, ulong start, ulong slotMs, byte slots)
    {
        SensorRosterRecord? roster = SensorRosterRecord.Find(proof.Session, proof.Service.Id, cell, start);
        if (roster is null)
        {
            roster = new SensorRosterRecord(slotMs, slots, Judged: false, []);
            ulong due = start + (slotMs * slots) + proof.Session.Parameters[Parameter.SensorCloseMs];
            DueWork.Enqueue(proof.Session, QueueKind.SensorCells, due, About(proof.Service.Id, cell, start));
        }
        if (!roster.Takes(slotMs, slots))
            return Reason.WindowClosed;
        if (roster.Devices.Length == SensorRosterRecord.DevicesMax)
            return Reason.CellFull;
        proof.Session.Put(StateKey.SensorRoster(proof.Service.Id, cell, start), roster with { Devices = roster.Devices.Add(proof.Address) });
        return Reason.None;
    }

    // A value beyond what sums have room for is none: then the reading counts, and is compared by its bound.
    private static ImmutableArray<Measurement> Compared(NeighbourTerms terms, ImmutableArray<Measurement> reading)
    {
        List<Measurement> compared = [];
        foreach (NeighbourMetric metric in terms.Metrics)
        {
            foreach (Measurement measurement in reading)
            {
                if (measurement.Metric == metric.Metric)
                    compared.Add(measurement with { Value = long.Clamp(measurement.Value, -Robust.ValueMax, Robust.ValueMax) });
            }
        }
        return [.. compared];
    }

    private static byte[] About(uint service, ulong cell, ulong startMs)
    {
        byte[] about = new byte[ItemSize];
        BinaryPrimitives.WriteUInt32BigEndian(about, service);
        BinaryPrimitives.WriteUInt64BigEndian(about.AsSpan(CellAt), cell);
        BinaryPrimitives.WriteUInt64BigEndian(about.AsSpan(StartAt), startMs);
        return about;
    }

    private static uint ServiceOf(ReadOnlySpan<byte> about) => BinaryPrimitives.ReadUInt32BigEndian(about);

    private static ulong CellOf(ReadOnlySpan<byte> about) => BinaryPrimitives.ReadUInt64BigEndian(about[CellAt..]);

    private static ulong StartOf(ReadOnlySpan<byte> about) => BinaryPrimitives.ReadUInt64BigEndian(about[StartAt..]);
}
