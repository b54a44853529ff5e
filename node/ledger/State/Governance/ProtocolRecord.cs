using System;

namespace AppChain.Ledger;

/// <summary>From <paramref name="Height"/> on, blocks follow the rules of <paramref name="Version"/>.</summary>
public readonly record struct UpgradePlan(ulong Height, uint Version);

/// <summary>
/// Which version of the ledger's rules the chain follows, and the upgrade that was voted: version:1 ‖ current:4 ‖ height:8 ‖ planned:4. Absent: version 1, no plan.
/// </summary>
/// <param name="Current">The rules of the present, from 1.</param>
/// <param name="Plan">Null: none; in the state, a height of 0.</param>
public sealed record ProtocolRecord(uint Current, UpgradePlan? Plan) : StateRecord
{
    private static readonly ProtocolRecord First = new(1, null);

    public static ProtocolRecord Get(ILedgerState state) =>
        state.Find(StateKey.Protocol, Decode) ?? First;

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.UInt32(Current);
        writer.UInt64(Plan?.Height ?? 0);
        writer.UInt32(Plan?.Version ?? 0);
        return writer.ToArray();
    }

    public static ProtocolRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        uint current = reader.UInt32();
        UpgradePlan plan = new(reader.UInt64(), reader.UInt32());
        reader.End();
        return new ProtocolRecord(current, plan.Height == 0 ? null : plan);
    }
}
