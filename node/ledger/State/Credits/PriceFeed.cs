using System;
using System.Collections.Immutable;
using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>A reporter's last word.</summary>
/// <param name="Reporter">Who.</param>
/// <param name="Price">Micro-dollars for one token.</param>
/// <param name="ObservedMs">When the reporter observed it.</param>
public readonly record struct PriceReport(Address Reporter, ulong Price, ulong ObservedMs);

/// <summary>The median at one moment.</summary>
public readonly record struct PriceSample(ulong TimeMs, ulong Price);

/// <summary>
/// What reporters said: version:1 ‖ last:8 ‖ lastMs:8 ‖ count:1 × (reporter:20 ‖ price:8 ‖ observedMs:8) ‖ count:1 × (timeMs:8 ‖ price:8).
/// </summary>
public sealed record PriceFeed : StateRecord
{
    /// <summary>Before the first report.</summary>
    public static PriceFeed Empty { get; } = new();

    /// <summary>The conservative price after the last report that a quorum was fresh at, in micro-dollars per token; 0: there was none.</summary>
    public ulong Last { get; init; }

    /// <summary>The time of the block of that report.</summary>
    public ulong LastMs { get; init; }

    /// <summary>The last report of each reporter, ascending by reporter.</summary>
    public ImmutableArray<PriceReport> Reports { get; init; } = [];

    /// <summary>Medians of the window, ascending by time.</summary>
    public ImmutableArray<PriceSample> Samples { get; init; } = [];

    /// <summary>The feed; empty if nobody has reported.</summary>
    public static PriceFeed Get(ILedgerState state) =>
        state.Find(StateKey.PriceFeed, Decode) ?? Empty;

    public bool Equals(PriceFeed? other) => other is not null && Last == other.Last && LastMs == other.LastMs
        && Reports.SequenceEqual(other.Reports) && Samples.SequenceEqual(other.Samples);

    public override int GetHashCode() => HashCode.Combine(Last, LastMs, Reports.Length, Samples.Length);

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.UInt64(Last);
        writer.UInt64(LastMs);
        writer.UInt8((byte)Reports.Length);
        foreach (PriceReport report in Reports)
        {
            writer.Address(report.Reporter);
            writer.UInt64(report.Price);
            writer.UInt64(report.ObservedMs);
        }
        writer.UInt8((byte)Samples.Length);
        foreach (PriceSample sample in Samples)
        {
            writer.UInt64(sample.TimeMs);
            writer.UInt64(sample.Price);
        }
        return writer.ToArray();
    }

    public static PriceFeed Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        (ulong last, ulong lastMs) = (reader.UInt64(), reader.UInt64());
        PriceReport[] reports = new PriceReport[reader.UInt8()];
        for (int i = 0; i < reports.Length; i++)
            reports[i] = new PriceReport(reader.Address(), reader.UInt64(), reader.UInt64());
        PriceSample[] samples = new PriceSample[reader.UInt8()];
        for (int i = 0; i < samples.Length; i++)
            samples[i] = new PriceSample(reader.UInt64(), reader.UInt64());
        reader.End();
        return new PriceFeed { Last = last, LastMs = lastMs, Reports = [.. reports], Samples = [.. samples] };
    }
}
