using System;

namespace AppChain.Ledger;

/// <summary>
/// What a service's devices earned in one epoch: version:1 ‖ amount:8 ‖ units:8 ‖ remaining amount:8 ‖ remaining units:8.
/// </summary>
/// <param name="Amount">What was minted into it.</param>
/// <param name="Units">The units that share it.</param>
/// <param name="RemainingAmount">What is not settled yet.</param>
/// <param name="RemainingUnits">The units that are not settled yet; the record ends with them.</param>
public sealed record PoolRecord(Amount Amount, ulong Units, Amount RemainingAmount, ulong RemainingUnits) : StateRecord
{
    /// <summary>The pool, or null if it is settled, or nothing was minted.</summary>
    public static PoolRecord? Find(ILedgerState state, uint service, ulong epoch) =>
        state.Find(StateKey.Pool(service, epoch), Decode);

    /// <summary>What that many units earn: <c>floor(amount × units / total)</c>.</summary>
    public Amount ShareOf(ulong units) => Amount.Share(units, Units);

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.Amount(Amount);
        writer.UInt64(Units);
        writer.Amount(RemainingAmount);
        writer.UInt64(RemainingUnits);
        return writer.ToArray();
    }

    public static PoolRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        PoolRecord record = new(reader.Amount(), reader.UInt64(), reader.Amount(), reader.UInt64());
        reader.End();
        return record;
    }
}
