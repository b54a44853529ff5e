using System;

namespace AppChain.Ledger;

/// <summary>The treasury, which also gets every remainder of a division: version:1 ‖ balance:8.</summary>
public sealed record TreasuryRecord(Amount Balance) : StateRecord
{
    public static TreasuryRecord Get(ILedgerState state) =>
        state.Find(StateKey.Treasury, Decode) ?? throw new LedgerInvariantException("The state has no treasury.");

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.Amount(Balance);
        return writer.ToArray();
    }

    public static TreasuryRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        TreasuryRecord record = new(reader.Amount());
        reader.End();
        return record;
    }

    internal static void Credit(LedgerSession session, Amount amount)
    {
        if (amount != Amount.Zero)
            session.Put(StateKey.Treasury, new TreasuryRecord(Get(session).Balance + amount));
    }
}
