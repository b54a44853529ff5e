using System;
using System.Collections.Immutable;
using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>A part of what an account has resting that one device has earned.</summary>
/// <param name="SpendableEpoch">The reward epoch from which on it can be spent.</param>
/// <param name="Account">Whose it is.</param>
/// <param name="Amount">How much.</param>
public readonly record struct DeviceRest(ulong SpendableEpoch, Address Account, Amount Amount);

/// <summary>
/// Whom a device has earned what still rests, so that a ruling on it finds it: version:1 ‖ frozen:1 ‖ count:2 × (spendable epoch:8 ‖ account:20 ‖ amount:8).
/// Absent: nothing. Entries whose time is over go with the next change of the record.
/// </summary>
/// <param name="Frozen">The device is accused: the amounts were taken out of the accounts, and are held here until the disputes are closed.</param>
/// <param name="Entries">
/// In the order in which they were earned, one for each epoch and account, whatever the number of services: at most as many as accounts were payees while
/// (<see cref="LedgerLimits.RestEpochsMax"/> + 1) epochs were settled.
/// </param>
public sealed record DeviceRests(bool Frozen, ImmutableArray<DeviceRest> Entries) : StateRecord
{
    private static readonly DeviceRests Nothing = new(false, ImmutableArray<DeviceRest>.Empty);

    /// <summary>The record; nothing if the state has none.</summary>
    public static DeviceRests Get(ILedgerState state, Address device) => state.Find(StateKey.DeviceRests(device), Decode) ?? Nothing;

    /// <summary>What is held here, and not in the accounts.</summary>
    public Amount Held => Frozen ? Entries.Aggregate(Amount.Zero, static (sum, entry) => sum + entry.Amount) : Amount.Zero;

    public bool Equals(DeviceRests? other) => other is not null && Frozen == other.Frozen && Entries.SequenceEqual(other.Entries);

    public override int GetHashCode() => HashCode.Combine(Frozen, Entries.Length);

    /// <summary>The record with more of what an account has resting.</summary>
    public DeviceRests With(DeviceRest more)
    {
        for (int i = 0; i < Entries.Length; i++)
        {
            if (Entries[i].SpendableEpoch == more.SpendableEpoch && Entries[i].Account == more.Account)
                return this with { Entries = Entries.SetItem(i, more with { Amount = Entries[i].Amount + more.Amount }) };
        }
        return this with { Entries = Entries.Add(more) };
    }

    internal static void Put(LedgerSession session, Address device, DeviceRests rests)
    {
        StateKey key = StateKey.DeviceRests(device);
        if (!rests.Entries.IsEmpty)
            session.Put(key, rests);
        else if (Get(session, device) != Nothing)
            session.Delete(key);
    }

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.Flag(Frozen);
        writer.UInt16(checked((ushort)Entries.Length));
        foreach (DeviceRest entry in Entries)
        {
            writer.UInt64(entry.SpendableEpoch);
            writer.Address(entry.Account);
            writer.Amount(entry.Amount);
        }
        return writer.ToArray();
    }

    public static DeviceRests Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        bool frozen = reader.Flag();
        DeviceRest[] entries = new DeviceRest[reader.UInt16()];
        for (int i = 0; i < entries.Length; i++)
            entries[i] = new DeviceRest(reader.UInt64(), reader.Address(), reader.Amount());
        reader.End();
        return new DeviceRests(frozen, [.. entries]);
    }
}
