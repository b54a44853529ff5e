using System;

namespace AppChain.Ledger;

/// <summary>
/// All tokens and credits that ever were: version:1 ‖ genesis:8 ‖ minted:8 ‖ burned:8 ‖ creditsIssued:8 ‖ creditsSpent:8.
/// </summary>
/// <param name="Genesis">Allocated by genesis.</param>
/// <param name="Minted">Minted as rewards since.</param>
/// <param name="Burned">Burned since.</param>
/// <param name="CreditsIssued">Allocated by genesis, or made by burning tokens.</param>
/// <param name="CreditsSpent">Spent on fees and services.</param>
public sealed record SupplyRecord(
    Amount Genesis, Amount Minted, Amount Burned, Credits CreditsIssued = default, Credits CreditsSpent = default) : StateRecord
{
    public static SupplyRecord Get(ILedgerState state) =>
        state.Find(StateKey.Supply, Decode) ?? throw new LedgerInvariantException("The state has no supply record.");

    /// <summary>What is in circulation: the sum of all balances, pools and the treasury.</summary>
    public Amount Circulating => Genesis + Minted - Burned;

    /// <summary>Notes that tokens are gone for good, and the credits, if any, that were made of them.</summary>
    internal static void Burn(LedgerSession session, Amount amount, Credits made = default)
    {
        SupplyRecord supply = Get(session);
        session.Put(StateKey.Supply, supply with { Burned = supply.Burned + amount, CreditsIssued = supply.CreditsIssued + made });
    }

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.Amount(Genesis);
        writer.Amount(Minted);
        writer.Amount(Burned);
        writer.Credits(CreditsIssued);
        writer.Credits(CreditsSpent);
        return writer.ToArray();
    }

    public static SupplyRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        SupplyRecord record = new(reader.Amount(), reader.Amount(), reader.Amount(), reader.Credits(), reader.Credits());
        reader.End();
        return record;
    }
}
