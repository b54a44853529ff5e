using System;

namespace AppChain.Ledger;

/// <summary>
/// A service's sponsor pool, which pays the fees of its devices: version:1 ‖ credits:8 ‖ quotaPerEpoch:8 ‖ spent:8.
/// </summary>
/// <param name="Credits">What is left in it.</param>
/// <param name="QuotaPerEpoch">What it pays for one device in one reward epoch, and for one registration.</param>
/// <param name="Spent">What it has paid so far.</param>
public sealed record SponsorRecord(Credits Credits, Credits QuotaPerEpoch, Credits Spent) : StateRecord
{
    /// <summary>The service's sponsor pool, or null if it has none.</summary>
    public static SponsorRecord? Find(ILedgerState state, uint service) =>
        state.Find(StateKey.Sponsor(service), Decode);

    /// <summary>Puts credits into the pool of a service, which it gets if it has none.</summary>
    internal static void Fund(LedgerSession session, uint service, Credits credits)
    {
        SponsorRecord sponsor = Find(session, service)
            ?? new SponsorRecord(Credits.Zero, new Credits(session.Parameters[Parameter.SponsorQuota]), Credits.Zero);
        session.Put(StateKey.Sponsor(service), sponsor with { Credits = sponsor.Credits + credits });
    }

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.Credits(Credits);
        writer.Credits(QuotaPerEpoch);
        writer.Credits(Spent);
        return writer.ToArray();
    }

    public static SponsorRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        SponsorRecord record = new(reader.Credits(), reader.Credits(), reader.Credits());
        reader.End();
        return record;
    }
}
