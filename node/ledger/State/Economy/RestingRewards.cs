using System.Collections.Immutable;
using System.Linq;

namespace AppChain.Ledger;

/// <summary>A reward that cannot be spent yet.</summary>
/// <param name="SpendableEpoch">The reward epoch from which on it can.</param>
/// <param name="Amount">How much.</param>
public readonly record struct RestingReward(ulong SpendableEpoch, Amount Amount);

/// <summary>
/// An account's rewards that rest: count:1 × (spendable epoch:8 ‖ amount:8), ascending, one for each epoch: at most
/// <see cref="LedgerLimits.RestEpochsMax"/>.
/// </summary>
/// <param name="Entries">Ascending by epoch, none of nothing.</param>
public sealed record RestingRewards(ImmutableArray<RestingReward> Entries)
{
    /// <summary>None.</summary>
    public static RestingRewards None { get; } = new(ImmutableArray<RestingReward>.Empty);

    /// <summary>All of them.</summary>
    public Amount Total => Entries.Aggregate(Amount.Zero, static (sum, entry) => sum + entry.Amount);

    /// <summary>With one more reward.</summary>
    public RestingRewards With(ulong spendableEpoch, Amount amount)
    {
        int at = Entries.TakeWhile(entry => entry.SpendableEpoch < spendableEpoch).Count();
        bool isThere = at < Entries.Length && Entries[at].SpendableEpoch == spendableEpoch;
        return new RestingRewards(isThere
            ? Entries.SetItem(at, new RestingReward(spendableEpoch, Entries[at].Amount + amount))
            : Entries.Insert(at, new RestingReward(spendableEpoch, amount)));
    }

    /// <summary>Without a part of one, which is there.</summary>
    public RestingRewards Without(ulong spendableEpoch, Amount amount)
    {
        int at = Entries.TakeWhile(entry => entry.SpendableEpoch < spendableEpoch).Count();
        Invariant.Check(at < Entries.Length && Entries[at].SpendableEpoch == spendableEpoch, "A reward is taken that does not rest.");
        Amount left = Entries[at].Amount - amount;
        return new RestingRewards(left == Amount.Zero ? Entries.RemoveAt(at) : Entries.SetItem(at, new RestingReward(spendableEpoch, left)));
    }

    /// <summary>Those that rest in an epoch.</summary>
    /// <param name="matured">The sum of the others, which can be spent.</param>
    public RestingRewards At(ulong epoch, out Amount matured)
    {
        matured = Amount.Zero;
        int over = 0;
        while (over < Entries.Length && Entries[over].SpendableEpoch <= epoch)
            matured += Entries[over++].Amount;
        return over == 0 ? this : new RestingRewards(Entries.RemoveRange(0, over));
    }

    public bool Equals(RestingRewards? other) => other is not null && Entries.SequenceEqual(other.Entries);

    public override int GetHashCode() => Entries.Length;

    internal void Write(RecordWriter writer)
    {
        writer.UInt8(checked((byte)Entries.Length));
        foreach (RestingReward entry in Entries)
        {
            writer.UInt64(entry.SpendableEpoch);
            writer.Amount(entry.Amount);
        }
    }

    internal static RestingRewards Read(ref RecordReader reader)
    {
        int count = reader.UInt8();
        if (count == 0)
            return None;
        ImmutableArray<RestingReward>.Builder entries = ImmutableArray.CreateBuilder<RestingReward>(count);
        for (int i = 0; i < count; i++)
            entries.Add(new RestingReward(reader.UInt64(), reader.Amount()));
        return new RestingRewards(entries.MoveToImmutable());
    }
}
