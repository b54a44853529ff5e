using System;
using System.Collections.Immutable;
using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>Who may report the token's price: version:1 ‖ count:1 × account:20, ascending, at most <see cref="LedgerLimits.PriceReportersMax"/>. Absent: nobody.</summary>
/// <remarks>Reports of those who leave the list count no more, and go with the next report.</remarks>
public sealed record PriceReporters(ImmutableArray<Address> Accounts) : StateRecord
{
    /// <summary>The reporters; empty if the state names none.</summary>
    public static PriceReporters Get(ILedgerState state) =>
        state.Find(StateKey.PriceReporters, Decode) ?? new PriceReporters([]);

    public bool Equals(PriceReporters? other) => other is not null && Accounts.SequenceEqual(other.Accounts);

    public override int GetHashCode() => Accounts.Length;

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.UInt8((byte)Accounts.Length);
        foreach (Address account in Accounts)
            writer.Address(account);
        return writer.ToArray();
    }

    public static PriceReporters Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        Address[] accounts = new Address[reader.UInt8()];
        for (int i = 0; i < accounts.Length; i++)
            accounts[i] = reader.Address();
        reader.End();
        return new PriceReporters([.. accounts]);
    }
}
