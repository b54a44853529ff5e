using System;

namespace AppChain.Ledger;

/// <summary>A record that a kind of proof keeps for its groups, under a candidate: version:1 ‖ kind:1 ‖ the record as the kind writes it.</summary>
/// <param name="Kind">What the record is under the paid rules.</param>
/// <param name="Record">The record.</param>
public sealed record ShadowedRecord(StateKind Kind, StateRecord Record) : StateRecord
{
    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.UInt8((byte)Kind);
        writer.Raw(Record.Encode());
        return writer.ToArray();
    }

    public static ShadowedRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        const int head = 2;
        Invariant.Check(bytes.Length > head && bytes.Span[0] == Version, "A record under a candidate has no head.");
        StateLayout layout = StateLayout.Of(bytes[1..]) ?? throw new LedgerInvariantException("A record under a candidate is of an unknown kind.");
        return new ShadowedRecord(layout.Kind, layout.Decode(bytes[head..]));
    }
}
