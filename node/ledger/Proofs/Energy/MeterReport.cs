namespace AppChain.Ledger;

/// <summary>
/// Payload of kind energy: what a meter's register says. It was read at the end of an interval, which is the moment of the proof's observation.
/// </summary>
/// <param name="RegisterWh">The register in watt hours; of a feeder's meter that of what came in.</param>
/// <param name="ExportedWh">Of a feeder's meter the register of what left it; else 0.</param>
public sealed record MeterReport(ulong RegisterWh, ulong ExportedWh = 0) : ProofPayload
{
    internal const int Number = 20;

    /// <inheritdoc/>
    public override ProofKind Kind => ProofKind.Energy;

    internal override int Field => Number;

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.UInt64(1, RegisterWh);
        writer.UInt64(2, ExportedWh);
        return writer.ToArray();
    }

    internal static MeterReport Read(ref WireReader reader) => new(reader.UInt64(1), reader.UInt64(2));
}
