using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using AppChain.Ledger.Location;

namespace AppChain.Ledger;

/// <summary>What a service of kind wireless coverage says of its radios: its <see cref="ServiceDefinition.KindParameters"/>.</summary>
/// <remarks>
/// eirpMax:4 ‖ gainMax:4 (hundredths of a dBm and of a dB) ‖ frequencyMin:8 ‖ frequencyMax:8 (Hz) ‖ count:1 × (level:1 ‖ target:4 ‖ maximum:4 ‖ occupiedMin:4).
/// </remarks>
public sealed record CoverageTerms
{
    /// <summary>The levels of the grid at which the chain counts devices: cells of about 39, 10, 2.4 and 0.6 km.</summary>
    public static ImmutableArray<int> Levels { get; } = [8, 10, 12, 14];

    private const int PowerCentiMax = 10_000; // 100 dBm: no radio of a person
    private const ulong FrequencyHzMax = 300_000_000_000;

    /// <summary>The strongest that a device may send: transmitter and antenna together, in hundredths of a dBm.</summary>
    public required int EirpMaxCentiDbm { get; init; }

    /// <summary>The best receiving antenna that is believed, in hundredths of a dB.</summary>
    public required int GainMaxCentiDb { get; init; }

    /// <summary>The band.</summary>
    public required ulong FrequencyMinHz { get; init; }

    /// <summary>The band's end, which belongs to it.</summary>
    public required ulong FrequencyMaxHz { get; init; }

    /// <summary>How crowded a place may be, at some of <see cref="Levels"/>, ascending; empty: it does not matter.</summary>
    public ImmutableArray<DensityRule> Density { get; init; } = [];

    /// <summary>True if every value lies within its bounds.</summary>
    public bool AreWithinBounds =>
        EirpMaxCentiDbm is >= -PowerCentiMax and <= PowerCentiMax
        && GainMaxCentiDb is >= 0 and <= PowerCentiMax
        && FrequencyMinHz is >= 1 and <= FrequencyHzMax
        && FrequencyMaxHz >= FrequencyMinHz && FrequencyMaxHz <= FrequencyHzMax
        && Density.All(rule => Levels.Contains(rule.Level) && rule.Target >= 1 && rule.Maximum >= rule.Target && rule.OccupiedMin >= 1)
        && Density.Zip(Density.Skip(1)).All(pair => pair.First.Level < pair.Second.Level);

    /// <summary>The bytes for a service's definition.</summary>
    public byte[] Encode()
    {
        RecordWriter writer = new();
        writer.Int32(EirpMaxCentiDbm);
        writer.Int32(GainMaxCentiDb);
        writer.UInt64(FrequencyMinHz);
        writer.UInt64(FrequencyMaxHz);
        writer.UInt8((byte)Density.Length);
        foreach (DensityRule rule in Density)
        {
            writer.UInt8((byte)rule.Level);
            writer.UInt32(rule.Target);
            writer.UInt32(rule.Maximum);
            writer.UInt32(rule.OccupiedMin);
        }
        return writer.ToArray();
    }

    /// <summary>Reads terms that anybody may have written; null: they are none.</summary>
    public static CoverageTerms? TryDecode(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length < HeadSize || bytes.Length != HeadSize + (RuleSize * bytes.Span[HeadSize - 1]))
            return null;
        CoverageTerms terms = Decode(bytes);
        return terms.AreWithinBounds ? terms : null;
    }

    internal static CoverageTerms Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes);
        CoverageTerms terms = new()
        {
            EirpMaxCentiDbm = reader.Int32(),
            GainMaxCentiDb = reader.Int32(),
            FrequencyMinHz = reader.UInt64(),
            FrequencyMaxHz = reader.UInt64(),
            Density = ReadDensity(ref reader),
        };
        reader.End();
        return terms;
    }

    /// <summary>The members <c>coverage</c> of a service in a genesis file.</summary>
    internal static CoverageTerms Read(JsonNodeReader node)
    {
        CoverageTerms terms = new()
        {
            EirpMaxCentiDbm = (int)node.UInt32("eirpMaxCentiDbm", 0, PowerCentiMax),
            GainMaxCentiDb = (int)node.UInt32("gainMaxCentiDb", 0, PowerCentiMax),
            FrequencyMinHz = node.UInt64("frequencyMinHz", 1, FrequencyHzMax),
            FrequencyMaxHz = node.UInt64("frequencyMaxHz", 1, FrequencyHzMax),
            Density = node.Has("density") ? [.. node.Objects("density", 0, Levels.Length).Select(ReadRule)] : [],
        };
        node.End();
        return terms.AreWithinBounds
            ? terms
            : throw new GenesisFormatException(
                node.Path, $"the band ends before it begins, or density is not ascending by level, of levels {string.Join(", ", Levels)}, with a target of at most the maximum");
    }

    private const int HeadSize = 25;
    private const int RuleSize = 13;

    private static DensityRule ReadRule(JsonNodeReader node)
    {
        DensityRule rule = new(
            (int)node.UInt32("level", 0, Cell.LevelMax), node.UInt32("target", 1, uint.MaxValue), node.UInt32("maximum", 1, uint.MaxValue),
            node.UInt32("occupiedMin", 1, uint.MaxValue));
        node.End();
        return rule;
    }

    private static ImmutableArray<DensityRule> ReadDensity(ref RecordReader reader)
    {
        List<DensityRule> rules = [];
        for (int left = reader.UInt8(); left > 0; left--)
            rules.Add(new DensityRule(reader.UInt8(), reader.UInt32(), reader.UInt32(), reader.UInt32()));
        return [.. rules];
    }
}
