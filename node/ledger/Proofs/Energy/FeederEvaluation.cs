using System.Collections.Generic;
using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>The final verdicts on the readings of a feeder for one interval: what was made must have gone somewhere (<see cref="EnergyScoring"/>).</summary>
internal static class FeederEvaluation
{
    /// <summary>Units of a Wh that panels made, so that a kWh is a million.</summary>
    public const ulong UnitsPerWh = 1_000;

    public static void Run(LedgerSession session, ServiceRecord service, Address device, ulong fromSeconds)
    {
        FeederRecord feeder = FeederRecord.Find(session, service.Id, device) ?? throw Missing();
        List<Reading> readings = [];
        foreach (Address meter in feeder.Meters)
        {
            if (Take(session, service.Id, meter, fromSeconds) is { } reading)
                readings.Add(reading);
        }
        if (Take(session, service.Id, device, fromSeconds) is { } own)
        {
            Score(session, service.Id, readings, own);
        }
        else
        {
            foreach (Reading reading in readings)
                Conclude(session, service.Id, reading, Reason.FeederSilent, 0);
            Dictionary<Address, ulong> claimed = readings.ToDictionary(reading => reading.Device, reading => reading.Waiting.Wh);
            GridEvents.Forfeit(session, service.Id, device, fromSeconds, meter => claimed.GetValueOrDefault(meter));
        }
        GridEvents.Settle(session, service.Id, device, fromSeconds);

        ulong ends = fromSeconds + EnergyTerms.Decode(service.Definition.KindParameters).IntervalSeconds;
        session.Put(StateKey.Feeder(service.Id, device), new FeederRecord(
            ulong.Max(feeder.JudgedSeconds, ends),
            feeder.Open.Remove(fromSeconds),
            [.. feeder.Meters.Where(meter => !Leaves(session, service.Id, meter))]));
    }

    private static void Score(LedgerSession session, uint service, List<Reading> readings, in Reading own)
    {
        EnergyScoreRules rules = EnergyParameters.RulesOf(session.Parameters);
        ulong unitsOfReading = session.Parameters[Parameter.EnergyReadingUnits];
        FeederGroup group = new(
            [.. Meters(readings)], own.Waiting.Wh, own.Waiting.ExportedWh);
        FeederScores scores = EnergyScoring.Score(group, rules);
        bool confirms = false;
        for (int i = 0; i < readings.Count; i++)
        {
            (Reading reading, EnergyScore score) = (readings[i], scores.Scores[i]);
            bool revoked = DeviceOwnership.IsRevoked(session, DeviceRecord.Get(session, reading.Device));
            Reason reason = revoked ? Reason.RevokedSince : ReasonOf(score);
            MeterRecord meter = reading.Meter with { UsualPpm = EnergyScoring.UsualAfter(reading.Meter.UsualPpm, group.Meters[i], group, rules) };
            ulong made = meter.Kind == MeterKind.Solar ? score.Wh * UnitsPerWh : 0;
            if (reason == Reason.None)
                meter = meter.WithLot(new EnergyLot(reading.Waiting.FromSeconds, score.Wh));
            session.Put(StateKey.Meter(service, reading.Device), meter);
            confirms |= reason == Reason.None;
            Conclude(session, service, reading, reason, reason == Reason.None ? made + unitsOfReading : 0);
        }
        Conclude(session, service, own, Reason.None, confirms ? unitsOfReading : 0); // alone it balances nobody
    }

    private static IEnumerable<FeederMeter> Meters(List<Reading> readings)
    {
        foreach ((Address device, MeterRecord meter, WaitingReading waiting) in readings)
            yield return new FeederMeter(device, meter.Kind, waiting.Wh, meter.PeakWatts, meter.UsualPpm);
    }

    // Panels of an unbalanced feeder are paid what is usual, if anybody knows it.
    private static Reason ReasonOf(in EnergyScore score) => score.Outcome switch
    {
        EnergyOutcome.Valid => Reason.None,
        EnergyOutcome.Inflated => Reason.MeterInflated,
        EnergyOutcome.Unbalanced => score.Wh == 0 ? Reason.FeederUnbalanced : Reason.None,
        _ => throw new LedgerInvariantException($"No meter is judged as {score.Outcome} by its feeder."),
    };

    // The meter's reading of the interval, which waits no more; null: it sent none.
    private static Reading? Take(LedgerSession session, uint service, Address device, ulong fromSeconds)
    {
        MeterRecord meter = MeterRecord.Find(session, service, device) ?? throw Missing();
        foreach (WaitingReading waiting in meter.Waiting)
        {
            if (waiting.FromSeconds != fromSeconds)
                continue;
            MeterRecord taken = meter with { Waiting = meter.Waiting.Remove(waiting) };
            session.Put(StateKey.Meter(service, device), taken);
            return new Reading(device, taken, waiting);
        }
        return null;
    }

    // Who has left the service, and waits for nothing, makes room for another.
    private static bool Leaves(LedgerSession session, uint service, Address device)
    {
        MeterRecord meter = MeterRecord.Find(session, service, device) ?? throw Missing();
        if (DeviceRecord.Get(session, device).In(service) is not null || !meter.Waiting.IsEmpty)
            return false;
        session.Put(StateKey.Meter(service, device), meter with { ConnectedMs = 0 });
        return true;
    }

    private static void Conclude(LedgerSession session, uint service, in Reading reading, Reason reason, ulong units) =>
        ProofFrame.Conclude(session, service, new WaitingProof(reading.Device, reading.Waiting.Proof, reading.Waiting.SentMs), reason, units);

    private static LedgerInvariantException Missing() => new("A feeder or one of its meters is not in the state.");

    private readonly record struct Reading(Address Device, MeterRecord Meter, WaitingReading Waiting);
}
