using System;
using System.Buffers.Binary;

namespace AppChain.Ledger;

/// <summary>What a service of kind energy says of its meters: its <see cref="ServiceDefinition.KindParameters"/>, <c>interval:4</c> in seconds.</summary>
/// <param name="IntervalSeconds">How long an interval is. Intervals begin at multiples of it, so that those of a feeder's meters are the same.</param>
public sealed record EnergyTerms(uint IntervalSeconds)
{
    /// <summary>The shortest interval: what a block's time says is not much finer.</summary>
    public const uint IntervalSecondsMin = 60;

    /// <summary>The longest: <see cref="EnergyScoreRules.IntervalMaxSeconds"/>.</summary>
    public const uint IntervalSecondsMax = 86_400;

    /// <summary>The bytes for a service's definition.</summary>
    public byte[] Encode()
    {
        byte[] bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, IntervalSeconds);
        return bytes;
    }

    /// <summary>Reads terms that anybody may have written; null: they are none.</summary>
    public static EnergyTerms? TryDecode(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length != sizeof(uint))
            return null;
        EnergyTerms terms = Decode(bytes);
        return terms.IntervalSeconds is >= IntervalSecondsMin and <= IntervalSecondsMax ? terms : null;
    }

    internal static EnergyTerms Decode(ReadOnlyMemory<byte> bytes) => new(BinaryPrimitives.ReadUInt32BigEndian(bytes.Span));

    /// <summary>The members <c>energy</c> of a service in a genesis file.</summary>
    internal static EnergyTerms Read(JsonNodeReader node)
    {
        EnergyTerms terms = new(node.UInt32("intervalSeconds", IntervalSecondsMin, IntervalSecondsMax));
        node.End();
        return terms;
    }
}
