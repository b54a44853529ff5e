using System;
using System.Collections.Immutable;
using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What an account has bonded with one validator.</summary>
/// <param name="Validator">The validator's operator.</param>
/// <param name="Shares">Of the validator's stake.</param>
/// <param name="RewardPerShare">The validator's as it was when the position was touched last.</param>
public sealed record StakePosition(Address Validator, ulong Shares, UInt128 RewardPerShare);

/// <summary>
/// An account's stake: version:1 ‖ unbonding:8 ‖ count:1 × (validator:20 ‖ shares:8 ‖ rewardPerShare:16), ascending by validator. Absent: none.
/// </summary>
/// <param name="Unbonding">What waits to be paid out to it, slashes apart.</param>
/// <param name="Positions">What it has with each validator.</param>
/// <remarks>
/// One record for all positions, bounded by <see cref="LedgerLimits.DelegationsMax"/>: what an account may vote with is read in so many touches, and is
/// right after a slash too, which changes what all shares of a validator are worth at once.
/// </remarks>
public sealed record StakeRecord(Amount Unbonding, ImmutableArray<StakePosition> Positions) : StateRecord
{
    private static readonly StakeRecord None = new(Amount.Zero, []);

    public static StakeRecord Get(ILedgerState state, Address account) =>
        state.Find(StateKey.Stake(account), Decode) ?? None;

    /// <summary>The position with this validator, or null.</summary>
    public StakePosition? With(Address validator) => Positions.FirstOrDefault(position => position.Validator == validator);

    /// <summary>The record with one position replaced, added, or, without shares, removed.</summary>
    internal StakeRecord Set(StakePosition position) => this with
    {
        Positions =
        [
            .. Positions.Where(other => other.Validator != position.Validator)
                .Concat(position.Shares == 0 ? [] : [position])
                .OrderBy(other => other.Validator),
        ],
    };

    internal static void Put(LedgerSession session, Address account, StakeRecord stake)
    {
        if (stake.Positions.IsEmpty && stake.Unbonding == Amount.Zero)
            session.Delete(StateKey.Stake(account));
        else
            session.Put(StateKey.Stake(account), stake);
    }

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.Amount(Unbonding);
        writer.UInt8((byte)Positions.Length);
        foreach (StakePosition position in Positions)
        {
            writer.Address(position.Validator);
            writer.UInt64(position.Shares);
            writer.UInt128(position.RewardPerShare);
        }
        return writer.ToArray();
    }

    public static StakeRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        Amount unbonding = reader.Amount();
        int count = reader.UInt8();
        Invariant.Check(count <= LedgerLimits.DelegationsMax, "An account has more positions of stake than its limit.");
        StakePosition[] positions = new StakePosition[count];
        for (int i = 0; i < positions.Length; i++)
            positions[i] = new StakePosition(reader.Address(), reader.UInt64(), reader.UInt128());
        reader.End();
        return new StakeRecord(unbonding, [.. positions]);
    }

    public bool Equals(StakeRecord? other) => other is not null && Unbonding == other.Unbonding && Positions.SequenceEqual(other.Positions);

    public override int GetHashCode() => Positions.Length;
}
