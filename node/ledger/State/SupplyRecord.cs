using System;

namespace AppChain.Ledger;

/// <summary>All tokens that ever were: version:1 ‖ genesis:8 ‖ minted:8 ‖ burned:8.</summary>
/// <param name="Genesis">Allocated by genesis.</param>
/// <param name="Minted">Minted as rewards since.</param>
/// <param name="Burned">Burned since.</param>
public sealed record SupplyRecord(Amount Genesis, Amount Minted, Amount Burned) : StateRecord
{
    public static SupplyRecord Get(ILedgerState state)
    {
        Invariant.Check(state.TryGet(StateKey.Supply.Bytes, out ReadOnlyMemory<byte> value), "The state has no supply record.");
        return Decode(value);
    }

    /// <summary>What is in circulation: the sum of all balances, pools and the treasury.</summary>
    public Amount Circulating => Genesis + Minted - Burned;

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.Amount(Genesis);
        writer.Amount(Minted);
        writer.Amount(Burned);
        return writer.ToArray();
    }

    public static SupplyRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        SupplyRecord record = new(reader.Amount(), reader.Amount(), reader.Amount());
        reader.End();
        return record;
    }
}
