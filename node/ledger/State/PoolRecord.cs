using System;

namespace AppChain.Ledger;

/// <summary>
/// What a service's devices earned in one epoch: version:1 ‖ coverage:8 ‖ units:8 ‖ usage:8 ‖ used:8 ‖ remaining:8 ‖ remaining units:8 ‖
/// remaining used:8.
/// </summary>
/// <param name="Shares">What was minted into it, and by what it is shared.</param>
/// <param name="Remaining">What is not settled yet.</param>
/// <param name="RemainingUnits">The units that are not settled yet.</param>
/// <param name="RemainingUsed">The usage that is not settled yet; the record ends with both.</param>
public sealed record PoolRecord(PoolShares Shares, Amount Remaining, ulong RemainingUnits, Amount RemainingUsed) : StateRecord
{
    /// <summary>A pool of which nothing is settled yet.</summary>
    public PoolRecord(PoolShares shares)
        : this(shares, shares.Total, shares.Units, shares.Used)
    {
    }

    /// <summary>The pool, or null if it is settled, or nothing was minted.</summary>
    public static PoolRecord? Find(ILedgerState state, uint service, ulong epoch) =>
        state.Find(StateKey.Pool(service, epoch), Decode);

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.Amount(Shares.Coverage);
        writer.UInt64(Shares.Units);
        writer.Amount(Shares.Usage);
        writer.Amount(Shares.Used);
        writer.Amount(Remaining);
        writer.UInt64(RemainingUnits);
        writer.Amount(RemainingUsed);
        return writer.ToArray();
    }

    public static PoolRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        PoolShares shares = new(reader.Amount(), reader.UInt64(), reader.Amount(), reader.Amount());
        PoolRecord record = new(shares, reader.Amount(), reader.UInt64(), reader.Amount());
        reader.End();
        return record;
    }
}
