using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger.Model;

internal sealed class PlainAccount
{
    public UInt128 Balance { get; set; }

    public ulong Credits { get; set; }

    public PlainNumbers Numbers { get; } = new();
}

internal sealed class PlainSponsor
{
    public ulong Credits { get; set; }

    public ulong Quota { get; init; }
}

/// <summary>Sequence numbers as the rule says them: each once, at most 63 below and 1,024 above the highest.</summary>
internal sealed class PlainNumbers
{
    private readonly HashSet<ulong> used = [];

    public Reason Check(ulong number)
    {
        ulong highest = used.DefaultIfEmpty().Max();
        if (used.Contains(number))
            return number + 63 >= highest ? Reason.SequenceUsed : Reason.SequenceTooOld;
        if (number > highest + 1_024)
            return Reason.SequenceTooFarAhead;
        return number + 63 >= highest ? Reason.None : Reason.SequenceTooOld;
    }

    public void Use(ulong number) => used.Add(number);
}

internal sealed class PlainDevice
{
    private ulong last;
    private Measurement[] reading = [];
    private uint same;

    public required Address Owner { get; init; }

    public required uint Service { get; init; }

    public PlainNumbers Numbers { get; } = new();

    public Dictionary<ulong, ulong> UnitsIn { get; } = [];

    public Dictionary<ulong, ulong> SponsoredIn { get; } = [];

    /// <summary>What it has earned its owner in finished epochs, and its next proof moves there.</summary>
    public UInt128 Unsettled { get; set; }

    public UInt128 Settled { get; set; }

    public Reason Judge(ServiceRecord service, SubmitProof proof, ulong nowMs)
    {
        Int128 observed = proof.ObservedMs, now = nowMs, before = last;
        Measurement[] values = [.. ((SensorReading)proof.Payload).Measurements];
        if (observed <= before)
            return Reason.OutOfOrder;
        if (observed > now + service.DriftMs)
            return Reason.FromTheFuture;
        if (observed < now - service.MaxAgeMs)
            return Reason.TooOld;
        if (before > 0 && observed < before + service.IntervalMinMs)
            return Reason.TooSoon;
        if (!values.Select(value => value.Metric).SequenceEqual(service.Metrics.Select(metric => metric.Id)))
            return Reason.WrongMetrics;
        last = proof.ObservedMs;
        if (values.Zip(service.Metrics).Any(pair => pair.First.Value < pair.Second.Minimum || pair.First.Value > pair.Second.Maximum))
            return Reason.OutOfBounds;

        same = values.SequenceEqual(reading) ? same + 1 : 1;
        bool jumps = reading.Length > 0 && values.Zip(reading, service.Metrics).Any(triple =>
            Int128.Abs((Int128)triple.First.Value - triple.Second.Value)
            > (Int128)triple.Third.JumpBase + (Int128)triple.Third.JumpPerMinute * (observed - before) / 60_000);
        reading = values;
        if (jumps)
            return Reason.JumpTooLarge;
        return same > service.ConstancyMax ? Reason.ConstantTooLong : Reason.None;
    }
}
