using System;

namespace AppChain.Ledger;

/// <summary>What a service of kind compute says of its jobs: its <see cref="ServiceDefinition.KindParameters"/> = slashPpm:4.</summary>
/// <param name="SlashPpm">What a worker loses of the service's bond whose result is another than the job's, or who hides it.</param>
public sealed record ComputeTerms(uint SlashPpm)
{
    private const int Size = 4;

    /// <summary>The bytes for a service's definition.</summary>
    public byte[] Encode()
    {
        RecordWriter writer = new();
        writer.UInt32(SlashPpm);
        return writer.ToArray();
    }

    /// <summary>Reads terms that anybody may have written; null: they are none.</summary>
    public static ComputeTerms? TryDecode(ReadOnlyMemory<byte> bytes) =>
        bytes.Length == Size && Decode(bytes) is { SlashPpm: <= Parameters.Million } terms ? terms : null;

    internal static ComputeTerms Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes);
        ComputeTerms terms = new(reader.UInt32());
        reader.End();
        return terms;
    }

    /// <summary>The member <c>compute</c> of a service in a genesis file.</summary>
    internal static ComputeTerms Read(JsonNodeReader node)
    {
        ComputeTerms terms = new(node.UInt32("slashPpm", 0, Parameters.Million));
        node.End();
        return terms;
    }
}

/// <summary>What the kind compute remembers of a device: validInARow:4 ‖ lastMs:8. Empty: nothing yet.</summary>
/// <param name="ValidInARow">Jobs in a row in which its result was the job's: the more, the less often it is checked.</param>
/// <param name="LastMs">The block's time of its last commitment.</param>
internal readonly record struct ComputeState(uint ValidInARow, ulong LastMs)
{
    public byte[] Encode()
    {
        RecordWriter writer = new();
        writer.UInt32(ValidInARow);
        writer.UInt64(LastMs);
        return writer.ToArray();
    }

    public static ComputeState Decode(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty)
            return default;
        RecordReader reader = new(bytes);
        ComputeState state = new(reader.UInt32(), reader.UInt64());
        reader.End();
        return state;
    }
}
