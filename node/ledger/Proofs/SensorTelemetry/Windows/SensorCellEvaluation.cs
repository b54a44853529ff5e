using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using AppChain.Crypto;
using AppChain.Ledger.Location;

namespace AppChain.Ledger;

/// <summary>The verdicts on the sensors of a cell for one window that has closed: <see cref="SensorScoring"/>, and what trust makes of it.</summary>
/// <remarks>
/// <list type="number">
/// <item>Of a cell's sensors <see cref="DrawnMax"/> are drawn by the beacon of the block that judges, which is later than all of their readings; of the
/// cells around it as many as the group still has room for. So a crowd costs no more than a group, and nobody can choose who bears witness.</item>
/// <item>Of several metrics the worst decides: the least score, and evidence against before evidence for.</item>
/// <item>A sensor without witnesses is paid by the stated confidence, whatever its trust: nobody can gain any there. Else it is paid from
/// <see cref="SensorTrust.Paid"/> on, by the trust that it had before the window.</item>
/// </list>
/// </remarks>
internal static class SensorCellEvaluation
{
    /// <summary>Sensors of a cell that are scored in a window: three times as many as may earn.</summary>
    public const int DrawnMax = 24;

    public static void Run(LedgerSession session, BlockContext context, ServiceRecord service, ulong cell, ulong startMs)
    {
        SensorRosterRecord roster = SensorRosterRecord.Find(session, service.Id, cell, startMs)
            ?? throw new LedgerInvariantException("A cell whose window has closed is not in the state.");
        session.Put(StateKey.SensorRoster(service.Id, cell, startMs), roster with { Judged = true });
        SensorWindows.EnqueueSweep(session, context, service.Id, cell, startMs);
        NeighbourTerms? terms = NeighbourTerms.TryDecode(service.Definition.KindParameters);
        Window window = new(session, service.Id, cell, startMs, roster);

        List<Sensor> own = [.. Draw(context, roster.Devices).Select(window.Find).OfType<Sensor>().Take(DrawnMax)];
        List<Sensor> around = [.. Draw(context, window.Around()).Select(window.Find).OfType<Sensor>().Take(SensorGroup.SeriesMax - own.Count)];
        Dictionary<Address, Combined> scores = terms is null ? [] : Score(context, window, terms, own, around);
        foreach (Address device in roster.Devices)
            Conclude(window, device, scores.TryGetValue(device, out Combined? score) ? score : null);
    }

    private static Dictionary<Address, Combined> Score(
        BlockContext context, Window window, NeighbourTerms terms, List<Sensor> own, List<Sensor> around)
    {
        Dictionary<Address, Combined> combined = [];
        foreach (NeighbourMetric metric in terms.Metrics)
        {
            SensorScoreRules rules = SensorParameters.RulesOf(window.Session.Parameters, metric);
            SensorPastRecord? past = SensorPastRecord.Find(window.Session, window.Service, window.Cell, metric.Metric);
            SensorGroup group = new(
                [.. own.Select(sensor => sensor.Series(metric.Metric, window.Slots, inCell: true)),
                 .. around.Select(sensor => sensor.Series(metric.Metric, window.Slots, inCell: false))],
                past?.EndMs == window.StartMs ? past.Medians : []);
            foreach (SensorScore score in SensorScoring.Score(group, rules))
                combined[score.Device] = combined.TryGetValue(score.Device, out Combined? other) ? other.With(score) : Combined.Of(score);
            // Where nobody could be compared nobody knows; the slots are there all the same, or those before them would seem later than
            // they were.
            ImmutableArray<long?> medians = group.Series.IsEmpty
                ? [.. new long?[window.Slots]]
                : SensorNeighbourhood.MediansOf(group, rules);
            SensorPastRecord after = SensorPastRecord.After(past, window.StartMs, window.EndMs, medians);
            SensorPasts.Keep(window.Session, context, (window.Service, window.Cell, metric.Metric), after, window.EndMs - window.StartMs);
        }
        return combined;
    }

    private static void Conclude(Window window, Address address, Combined? score)
    {
        LedgerSession session = window.Session;
        SensorSlotsRecord slots = SensorSlotsRecord.Find(session, window.Service, address, window.StartMs)
            ?? throw new LedgerInvariantException("A sensor of a window has no readings.");
        DeviceRecord device = DeviceRecord.Get(session, address);
        uint trust = SensorState.TrustOf(session, device, window.Service);
        Reason reason =
            DeviceOwnership.IsRevoked(session, device) ? Reason.RevokedSince
            : SensorWindows.SinceMs(device, window.Service) >= window.StartMs ? Reason.CameInWindow
            : score is null ? Reason.NotDrawnInCell
            : ReasonOf(score, trust);
        ulong units = reason == Reason.None ? (ulong)((UInt128)slots.Readings * SensorReading.UnitsPerReading * score!.Ppm / (ulong)Robust.Whole) : 0;
        uint after = score is null ? trust : SensorTrust.After(trust, score.Evidence);
        ProofFrame.Conclude(
            session, window.Service, new WaitingProof(address, slots.Proof, slots.SentMs), reason, units,
            remembered => SensorState.Decode(remembered).WithTrust(after, device.MovedMs).Encode());
    }

    private static Reason ReasonOf(Combined score, uint trust) => score.Ppm == 0
        ? score.Outcome switch
        {
            SensorOutcome.TooFewReadings => Reason.TooFewReadings,
            SensorOutcome.Constant => Reason.SensorStuck,
            SensorOutcome.Copied => Reason.SensorCopied,
            SensorOutcome.FarFromNeighbours => Reason.FarFromNeighbours,
            SensorOutcome.Biased => Reason.SensorBiased,
            SensorOutcome.OverCap => Reason.CellFull,
            _ => Reason.FarFromNeighbours, // it agrees in no slot
        }
        : score.Outcome == SensorOutcome.Unwitnessed || SensorTrust.IsPaid(trust) ? Reason.None : Reason.NotTrustedYet;

    // The order of the draw. Who is looked up afterwards is few: it goes on only until there are enough.
    private static IEnumerable<Address> Draw(BlockContext context, IEnumerable<Address> devices) =>
        devices.OrderBy(device => Lot.Below(context.Beacon, device.Bytes, 0, ulong.MaxValue)).ThenBy(device => device);

    /// <summary>A window of a cell that is judged.</summary>
    private sealed record Window(LedgerSession Session, uint Service, ulong Cell, ulong StartMs, SensorRosterRecord Roster)
    {
        public int Slots => Roster.Slots;

        public ulong EndMs => StartMs + (Roster.SlotMs * Roster.Slots);

        /// <summary>The sensor, if it has served where it stands since before the window; else null.</summary>
        public Sensor? Find(Address address)
        {
            DeviceRecord device = DeviceRecord.Get(Session, address);
            if (device.In(Service) is not { Leaving: false } || SensorWindows.SinceMs(device, Service) >= StartMs || DeviceOwnership.IsRevoked(Session, device))
                return null;
            return SensorSlotsRecord.Find(Session, Service, address, StartMs) is { } slots
                ? new Sensor(address, device, SensorState.TrustOf(Session, device, Service), SensorWindows.SinceMs(device, Service), slots)
                : null;
        }

        /// <summary>The sensors of the cells around, of windows that are divided alike.</summary>
        public IEnumerable<Address> Around()
        {
            Invariant.Check(Location.Cell.TryFromId(Cell, out Cell own), "A window is of a cell of the grid.");
            foreach (Cell near in CellRings.NeighboursOf(own))
            {
                if (SensorRosterRecord.Find(Session, Service, near.Id, StartMs) is not { } roster || (roster.SlotMs, roster.Slots) != (Roster.SlotMs, Roster.Slots))
                    continue;
                foreach (Address device in roster.Devices)
                    yield return device;
            }
        }
    }

    private sealed record Sensor(Address Address, DeviceRecord Device, uint Trust, ulong SinceMs, SensorSlotsRecord Slots)
    {
        public SensorSeries Series(uint metric, int slots, bool inCell) =>
            new(Address, Device.Owner, Trust, SinceMs, inCell, Slots.ValuesOf(metric, slots));
    }

    /// <summary>What all compared metrics say of a sensor.</summary>
    private sealed record Combined(uint Ppm, SensorOutcome Outcome, SensorEvidence Evidence)
    {
        public static Combined Of(in SensorScore score) => new(score.Ppm, score.Outcome, score.Evidence);

        public Combined With(in SensorScore other)
        {
            SensorEvidence evidence =
                Evidence == SensorEvidence.Against || other.Evidence == SensorEvidence.Against ? SensorEvidence.Against
                : Evidence == SensorEvidence.For || other.Evidence == SensorEvidence.For ? SensorEvidence.For
                : SensorEvidence.None;
            // Not witnessed in one metric is as good as the other one says, but no better than its confidence.
            bool mine = Ppm < other.Ppm || (Ppm == other.Ppm && Outcome != SensorOutcome.Unwitnessed);
            return new Combined(uint.Min(Ppm, other.Ppm), mine ? Outcome : other.Outcome, evidence);
        }
    }
}
