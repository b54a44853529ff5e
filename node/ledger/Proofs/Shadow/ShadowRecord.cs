using System;

namespace AppChain.Ledger;

/// <summary>
/// The candidate for a service's rules: a definition by which its proofs are judged beside the paid one, for some reward epochs. What it says is published and
/// never paid. Absent: there never was one. docs/rules.md.
/// </summary>
/// <remarks>
/// version:1 ‖ number:4 ‖ adopted:4 ‖ first:8 ‖ end:8 ‖ unitsEpoch:8 ‖ units:8 ‖ candidate follows:1 ‖ <see cref="ServiceDefinition"/>. The units have their epoch beside them,
/// so that an epoch's end need not touch the record.
/// </remarks>
/// <param name="Number">Of the candidates of this service, from 1: what devices keep under an earlier one counts no more.</param>
/// <param name="Adopted">The last candidate that a vote has switched on; 0: none.</param>
/// <param name="First">The first reward epoch in which it judges.</param>
/// <param name="End">The reward epoch in which it judges no more.</param>
/// <param name="UnitsEpoch">The reward epoch of <paramref name="Units"/>.</param>
/// <param name="Units">What all devices of the service would have earned in that epoch.</param>
/// <param name="Candidate">Null: it was switched on.</param>
public sealed record ShadowRecord(uint Number, uint Adopted, ulong First, ulong End, ulong UnitsEpoch, ulong Units, ServiceDefinition? Candidate) : StateRecord
{
    /// <summary>The service's candidate, of now or before, or null if there never was one.</summary>
    public static ShadowRecord? Find(ILedgerState state, uint service) => state.Find(StateKey.Shadow(service), Decode);

    /// <summary>True if it judges in this epoch.</summary>
    public bool RunsIn(ulong epoch) => Candidate is not null && epoch >= First && epoch < End;

    /// <summary>What devices would have earned in an epoch; of one that is not the last judged one nothing is known.</summary>
    public ulong UnitsOf(ulong epoch) => UnitsEpoch == epoch ? Units : 0;

    /// <summary>With more units in an epoch.</summary>
    internal ShadowRecord With(ulong epoch, ulong units) => this with { UnitsEpoch = epoch, Units = UnitsOf(epoch) + Math.Min(units, ulong.MaxValue - UnitsOf(epoch)) };

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.UInt32(Number);
        writer.UInt32(Adopted);
        writer.UInt64(First);
        writer.UInt64(End);
        writer.UInt64(UnitsEpoch);
        writer.UInt64(Units);
        writer.Flag(Candidate is not null);
        Candidate?.Write(writer);
        return writer.ToArray();
    }

    public static ShadowRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        ShadowRecord record = new(
            reader.UInt32(), reader.UInt32(), reader.UInt64(), reader.UInt64(), reader.UInt64(), reader.UInt64(), reader.Flag() ? ServiceDefinition.Read(ref reader) : null);
        reader.End();
        return record;
    }
}
