using System;
using System.Buffers.Binary;
using AppChain.Ledger.Location;

namespace AppChain.Ledger;

/// <summary>
/// Energy: meters behind one transformer tell their registers at the end of each interval; each is judged by itself at once, and all of a feeder
/// together when the others have had time to tell (<see cref="FeederEvaluation"/>). docs/energy.md has the whole; here are the immediate checks.
/// </summary>
/// <remarks>
/// A reading that is refused for what it says (a gap, too much power, the dark) moves the register all the same: what it counted is never paid later.
/// One that is refused by time or form changes nothing. <see cref="Enrollment.KindState"/> = the end of the last interval in ms:8.
/// </remarks>
internal sealed class EnergyRules : IProofRules
{
    private const ulong MsPerSecond = 1_000;

    // By how much of an interval a clock may be ahead: who could read one that has not ended would have it judged before the others can.
    private const ulong AheadShare = 10;

    public ProofKind Kind => ProofKind.Energy;

    public string Name => "energy";

    public uint VersionMax => 1;

    public bool WantsEntropy => false;

    public byte[] ReadParameters(JsonNodeReader service) => EnergyTerms.Read(service.Object("energy")).Encode();

    public bool Allow(ServiceDefinition service) => service.Metrics.IsEmpty && EnergyTerms.TryDecode(service.KindParameters) is not null;

    public ulong LastObservedMs(ReadOnlyMemory<byte> kindState) => kindState.IsEmpty ? 0 : BinaryPrimitives.ReadUInt64BigEndian(kindState.Span);

    public Judgement Judge(in ProofCase proof)
    {
        if (MeterRecord.Find(proof.Session, proof.Service.Id, proof.Address) is not { } meter || !meter.IsConnected(proof.Device))
            return new Judgement(Reason.MeterNotConnected, 0, proof.KindState);
        return proof.Payload switch
        {
            MeterReport report => JudgeReport(proof, meter, report),
            GridCommitment commitment => new Judgement(GridEvents.Commit(proof, meter, commitment), 0, proof.KindState),
            _ => throw new LedgerInvariantException("A payload of energy is none of the kind's."),
        };
    }

    private static Judgement JudgeReport(in ProofCase proof, MeterRecord meter, MeterReport report)
    {
        EnergyTerms terms = EnergyTerms.Decode(proof.Service.Definition.KindParameters);
        FeederRecord feeder = FeederRecord.Find(proof.Session, proof.Service.Id, meter.Feeder)
            ?? throw new LedgerInvariantException("The feeder of a meter is not in the state.");
        ulong to = proof.ObservedMs / MsPerSecond;
        Reason reason = CheckTime(proof, terms, to);
        if (reason == Reason.None)
            reason = CheckForm(proof, meter, feeder, report, to - terms.IntervalSeconds);
        return reason == Reason.None ? JudgeRegister(proof, meter, feeder, report, terms) : new Judgement(reason, 0, proof.KindState);
    }

    private static Reason CheckTime(in ProofCase proof, EnergyTerms terms, ulong to)
    {
        ulong observed = proof.ObservedMs, enrolled = proof.Device.In(proof.Service.Id)!.NotBeforeMs;
        ulong aheadMs = ulong.Min(proof.Service.DriftMs, terms.IntervalSeconds * MsPerSecond / AheadShare);
        if (observed > proof.NowMs && observed - proof.NowMs > aheadMs)
            return Reason.FromTheFuture;
        if (observed < proof.NowMs && proof.NowMs - observed > proof.Service.MaxAgeMs)
            return Reason.TooOld;
        if (observed % (terms.IntervalSeconds * MsPerSecond) != 0 || to < terms.IntervalSeconds || to > Sun.UnixSecondsMax)
            return Reason.IntervalMisaligned;
        // An interval in which it was not enrolled yet was somebody else's, or counted before.
        return (to - terms.IntervalSeconds) * MsPerSecond < enrolled ? Reason.OutOfOrder : Reason.None;
    }

    private static Reason CheckForm(in ProofCase proof, MeterRecord meter, FeederRecord feeder, MeterReport report, ulong from)
    {
        if (report.ExportedWh != 0 && meter.Feeder != proof.Address)
            return Reason.ExportOfNoFeeder;
        if (feeder.Open.Contains(from))
            return meter.Waiting.Length < MeterRecord.WaitingMax ? Reason.None : Reason.TooManyOpen;
        if (from < feeder.JudgedSeconds)
            return Reason.IntervalClosed;
        return feeder.Open.Length < FeederRecord.OpenMax && meter.Waiting.Length < MeterRecord.WaitingMax ? Reason.None : Reason.TooManyOpen;
    }

    private static Judgement JudgeRegister(in ProofCase proof, MeterRecord meter, FeederRecord feeder, MeterReport report, EnergyTerms terms)
    {
        ulong to = proof.ObservedMs / MsPerSecond, from = to - terms.IntervalSeconds;
        MeterSite site = new(meter.Kind, new GeoPoint(proof.Device.LatitudeE7, proof.Device.LongitudeE7), meter.PeakWatts);
        EnergyScoreRules rules = EnergyParameters.RulesOf(proof.Session.Parameters);
        bool isFirst = meter.ReadSeconds == 0;
        EnergyVerdict counted = Check(meter.RegisterWh, report.RegisterWh);
        // Of a meter that is no feeder's own any more the second register waits where it was: what left a feeder counts once, whatever it
        // was in between.
        bool isFeeders = meter.Feeder == proof.Address;
        EnergyVerdict left = isFeeders ? Check(meter.ExportedWh, report.ExportedWh) : default;
        EnergyOutcome outcome = counted.Outcome != EnergyOutcome.Valid ? counted.Outcome : left.Outcome;
        if (outcome is EnergyOutcome.WrongInterval or EnergyOutcome.AlreadyUsed or EnergyOutcome.RegisterFell)
            return new Judgement(ReasonOf(outcome), 0, proof.KindState); // the register stays where it was

        ulong exported = isFeeders ? report.ExportedWh : meter.ExportedWh;
        MeterRecord read = meter with { ReadSeconds = to, RegisterWh = report.RegisterWh, ExportedWh = exported };
        bool waits = outcome == EnergyOutcome.Valid && !isFirst;
        if (waits)
        {
            read = read with { Waiting = read.Waiting.Add(new WaitingReading(from, counted.Wh, left.Wh, proof.Id, proof.NowMs)) };
            if (!feeder.Open.Contains(from))
                Feeders.Open(proof.Session, proof.Service.Id, meter.Feeder, feeder, from, proof.NowMs);
        }
        proof.Session.Put(StateKey.Meter(proof.Service.Id, proof.Address), read);
        byte[] remembered = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(remembered, proof.ObservedMs);
        return new Judgement(waits ? Reason.AwaitsGroup : ReasonOf(outcome), 0, remembered);

        EnergyVerdict Check(ulong before, ulong now) => MeterChecks.Judge(
            site, isFirst ? null : new MeterReading(0, meter.ReadSeconds, before), new MeterReading(from, to, now), rules);
    }

    private static Reason ReasonOf(EnergyOutcome outcome) => outcome switch
    {
        EnergyOutcome.Valid => Reason.None,
        EnergyOutcome.WrongInterval => Reason.IntervalMisaligned,
        EnergyOutcome.AlreadyUsed => Reason.IntervalUsed,
        EnergyOutcome.Gap => Reason.IntervalGap,
        EnergyOutcome.RegisterFell => Reason.RegisterFell,
        EnergyOutcome.TooMuchPower => Reason.TooMuchPower,
        EnergyOutcome.SunIsDown => Reason.SunIsDown,
        EnergyOutcome.BeyondClearSky => Reason.BeyondClearSky,
        _ => throw new LedgerInvariantException($"No meter is judged as {outcome} by itself."),
    };
}
