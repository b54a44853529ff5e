namespace AppChain.Ledger;

/// <summary>One metric of a service and what its readings must satisfy. Values are in the metric's unit × 1000.</summary>
/// <param name="Id">Its number, from 1.</param>
/// <param name="Name">For people: <c>PM10</c>.</param>
/// <param name="Unit">For people: <c>µg/m³</c>.</param>
/// <param name="Minimum">The lowest possible value.</param>
/// <param name="Maximum">The highest possible value.</param>
/// <param name="JumpBase">Allowed change between two readings, however close.</param>
/// <param name="JumpPerMinute">Allowed change for every minute between them, on top.</param>
public sealed record MetricRule(uint Id, string Name, string Unit, long Minimum, long Maximum, ulong JumpBase, ulong JumpPerMinute)
{
    internal byte[] Encode()
    {
        WireWriter writer = new();
        writer.UInt64(1, Id);
        writer.Text(2, Name);
        writer.Text(3, Unit);
        writer.SInt64(4, Minimum);
        writer.SInt64(5, Maximum);
        writer.UInt64(6, JumpBase);
        writer.UInt64(7, JumpPerMinute);
        return writer.ToArray();
    }

    internal static MetricRule Read(ref WireReader reader) => new(
        reader.UInt32(1), reader.Text(2), reader.Text(3), reader.SInt64(4), reader.SInt64(5), reader.UInt64(6), reader.UInt64(7));

    internal void Write(RecordWriter writer)
    {
        writer.UInt32(Id);
        writer.Text(Name);
        writer.Text(Unit);
        writer.Int64(Minimum);
        writer.Int64(Maximum);
        writer.UInt64(JumpBase);
        writer.UInt64(JumpPerMinute);
    }

    internal static MetricRule Read(ref RecordReader reader) => new(
        reader.UInt32(), reader.Text(), reader.Text(), reader.Int64(), reader.Int64(), reader.UInt64(), reader.UInt64());
}
