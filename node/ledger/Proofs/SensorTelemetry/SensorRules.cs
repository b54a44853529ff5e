using System;
using System.Collections.Immutable;
using System.Linq;

namespace AppChain.Ledger;

/// <summary>The immediate checks on a sensor's reading, in order; the first that fails is the verdict.</summary>
/// <remarks>
/// <para>What a rejected reading leaves behind is chosen so that lying never pays and one honest glitch never locks a sensor out:</para>
/// <list type="number">
/// <item>Rejected by <b>time or form</b> (order, future, age, interval, metrics): nothing is kept. A wrong clock could otherwise move
/// the device's time so far ahead that no later reading would be in order.</item>
/// <item>Rejected by <b>bounds</b>: the time is kept, so that a moment has one reading and nobody tries values until some pass; the
/// values are not, for they are no reference.</item>
/// <item>Rejected by <b>jump or constancy</b>: time and values are kept. A real step in the air costs one reading and the next one is
/// measured against the new level; a glitch costs two (there and back). A liar gains nothing: each jump costs a paid reading.</item>
/// </list>
/// </remarks>
internal sealed class SensorRules : IBatchRules
{
    private const ulong MsPerMinute = 60_000;

    public ProofKind Kind => ProofKind.SensorTelemetry;

    public string Name => "sensor-telemetry";

    public uint VersionMax => 1;

    public bool WantsEntropy => false;

    public ImmutableArray<StateKind>? OwnRecords => [StateKind.SensorSlots, StateKind.SensorRoster, StateKind.SensorPast];

    public bool TakesBatches(ServiceDefinition service) => NeighbourTerms.TryDecode(service.KindParameters) is null;

    public byte[] ReadParameters(JsonNodeReader service) =>
        service.Has("neighbours") ? NeighbourTerms.Read(service.Object("neighbours")).Encode() : [];

    public bool Allow(ServiceDefinition service)
    {
        if (service.Metrics.Length is 0 or > LedgerLimits.ServiceMetricsMax)
            return false;
        uint previous = 0;
        foreach (MetricRule metric in service.Metrics)
        {
            if (metric.Id <= previous || !ServiceBounds.IsName(metric.Name) || !ServiceBounds.IsName(metric.Unit) || metric.Minimum > metric.Maximum)
                return false;
            previous = metric.Id;
        }
        return service.KindParameters.IsEmpty
            || (NeighbourTerms.TryDecode(service.KindParameters) is { } terms && terms.Metrics.All(compared => service.Metrics.Any(metric => metric.Id == compared.Metric)));
    }

    public ulong LastObservedMs(ReadOnlyMemory<byte> kindState) => SensorState.Decode(kindState).LastObservedMs;

    // What comes later is measured from nothing: the readings in between are not in the state.
    public byte[] Passed(ReadOnlyMemory<byte> kindState, ulong lastMs) => (SensorState.Fresh with { LastObservedMs = lastMs }).Encode();

    // A sensor may well read nonsense, jump or stand still. It does not keep a reading of another form, or two of one moment.
    public bool IsFalse(Reason verdict) => verdict is Reason.OutOfOrder or Reason.FromTheFuture or Reason.TooOld or Reason.TooSoon or Reason.WrongMetrics;

    public Judgement Judge(in ProofCase proof)
    {
        SensorState state = SensorState.Decode(proof.KindState);
        ImmutableArray<Measurement> reading = ((SensorReading)proof.Payload).Measurements;
        (Reason reason, SensorState judged) = Judge(proof.Service, state, proof.ObservedMs, reading, proof.NowMs);
        if (reason == Reason.None && NeighbourTerms.TryDecode(proof.Service.Definition.KindParameters) is { } terms)
            return new Judgement(SensorWindows.Take(proof, terms, reading), 0, judged.Encode()); // its window pays
        ulong units = reason == Reason.None ? SensorReading.UnitsPerReading : 0;
        return new Judgement(reason, units, ReferenceEquals(judged, state) ? proof.KindState : judged.Encode());
    }

    // The verdict, and what is remembered of the sensor after the reading; the same object if nothing changed.
    private static (Reason Reason, SensorState Sensor) Judge(
        ServiceRecord service, SensorState sensor, ulong observedMs, ImmutableArray<Measurement> reading, ulong nowMs)
    {
        Reason reason = CheckTime(service, sensor, observedMs, nowMs);
        if (reason == Reason.None && !HoldsEveryMetric(service, reading))
            reason = Reason.WrongMetrics;
        if (reason != Reason.None)
            return (reason, sensor);

        SensorState timed = sensor with { LastObservedMs = observedMs };
        if (!IsWithinBounds(service, reading))
            return (Reason.OutOfBounds, timed);

        bool same = reading.AsSpan().SequenceEqual(sensor.LastReading.AsSpan());
        uint run = !same ? 1 : sensor.SameInARow < uint.MaxValue ? sensor.SameInARow + 1 : uint.MaxValue;
        SensorState read = timed with { LastReading = reading, SameInARow = run };
        if (Jumps(service, sensor, reading, observedMs - sensor.LastObservedMs))
            return (Reason.JumpTooLarge, read);
        return (run > service.ConstancyMax ? Reason.ConstantTooLong : Reason.None, read);
    }

    private static Reason CheckTime(ServiceRecord service, SensorState sensor, ulong observedMs, ulong nowMs)
    {
        if (observedMs <= sensor.LastObservedMs)
            return Reason.OutOfOrder;
        if (observedMs > nowMs && observedMs - nowMs > service.DriftMs)
            return Reason.FromTheFuture;
        if (observedMs < nowMs && nowMs - observedMs > service.MaxAgeMs)
            return Reason.TooOld;
        bool first = sensor.LastObservedMs == 0;
        return !first && observedMs - sensor.LastObservedMs < service.IntervalMinMs ? Reason.TooSoon : Reason.None;
    }

    private static bool HoldsEveryMetric(ServiceRecord service, ImmutableArray<Measurement> reading)
    {
        if (reading.Length != service.Metrics.Length)
            return false;
        for (int i = 0; i < reading.Length; i++)
        {
            if (reading[i].Metric != service.Metrics[i].Id)
                return false;
        }
        return true;
    }

    private static bool IsWithinBounds(ServiceRecord service, ImmutableArray<Measurement> reading)
    {
        for (int i = 0; i < reading.Length; i++)
        {
            if (reading[i].Value < service.Metrics[i].Minimum || reading[i].Value > service.Metrics[i].Maximum)
                return false;
        }
        return true;
    }

    // |x − last| ≤ jumpBase + floor(jumpPerMinute × Δt / 1 min). A first reading has nothing to jump from.
    private static bool Jumps(ServiceRecord service, SensorState sensor, ImmutableArray<Measurement> reading, ulong elapsedMs)
    {
        for (int i = 0; i < sensor.LastReading.Length && i < reading.Length; i++)
        {
            MetricRule metric = service.Metrics[i];
            if (sensor.LastReading[i].Metric != metric.Id)
                continue; // the service's metrics have changed since
            UInt128 allowed = metric.JumpBase + ((UInt128)metric.JumpPerMinute * elapsedMs / MsPerMinute);
            Int128 change = Int128.Abs((Int128)reading[i].Value - sensor.LastReading[i].Value);
            if ((UInt128)change > allowed)
                return true;
        }
        return false;
    }
}
