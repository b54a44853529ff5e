using System;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>Moves tokens between an account and its position with a validator, and pays the position's rewards whenever it is touched.</summary>
/// <remarks>
/// Rewards are F1's: a validator keeps what one share has earned since the beginning, a position what that was at its last touch. Nothing
/// overflows: a position's shares were never more than all shares, so shares × difference ≤ 2⁶⁴ × all rewards in grains &lt; 2¹²⁸.
/// </remarks>
internal static class Bonding
{
    private const int RewardScaleBits = 64;

    /// <summary>Bonds an amount that the account has. The validator is not tombstoned: a share of it is a grain.</summary>
    public static void Bond(LedgerSession session, Address account, Address validator, Amount amount)
    {
        ValidatorRecord before = ValidatorRecord.Get(session, validator);
        Invariant.Check(before.Stake.Grains == before.Shares, "A validator that takes stake has been slashed.");
        (ValidatorRecord settled, StakePosition position) = Settle(session, account, validator, before);
        AccountRecord.Debit(session, account, amount);
        StakeRecord.Put(session, account, StakeRecord.Get(session, account).Set(position with { Shares = position.Shares + amount.Grains }));
        ValidatorBook.Put(session, validator, before, settled with { Stake = settled.Stake + amount, Shares = settled.Shares + amount.Grains });
    }

    /// <summary>A new validator with its first stake, which the account has.</summary>
    public static void Found(LedgerSession session, Address account, ValidatorRecord validator, Amount amount)
    {
        AccountRecord.Debit(session, account, amount);
        StakeRecord.Put(session, account, StakeRecord.Get(session, account).Set(new StakePosition(account, amount.Grains, 0)));
        ValidatorBook.Put(session, account, before: null, validator with { Stake = amount, Shares = amount.Grains });
    }

    /// <summary>Lets an amount of a position go, no more than its worth; it is paid out after the delay.</summary>
    public static void Unbond(LedgerSession session, Address account, Address validator, Amount amount, BlockContext context)
    {
        ValidatorRecord before = ValidatorRecord.Get(session, validator);
        (ValidatorRecord settled, StakePosition position) = Settle(session, account, validator, before);
        // The last grain takes all shares; else they are rounded up, so that those who stay never pay for who goes.
        ulong shares = amount == before.WorthOf(position.Shares)
            ? position.Shares
            : (ulong)((((UInt128)amount.Grains * before.Shares) + before.Stake.Grains - 1) / before.Stake.Grains);
        StakeRecord stake = StakeRecord.Get(session, account).Set(position with { Shares = position.Shares - shares });
        StakeRecord.Put(session, account, stake with { Unbonding = stake.Unbonding + amount });
        ValidatorBook.Put(session, validator, before, settled with
        {
            Stake = settled.Stake - amount,
            Shares = settled.Shares - shares,
            Unbonding = settled.Unbonding + amount,
        });
        if (amount == Amount.Zero)
            return;
        bool slashed = before.Standing == ValidatorStanding.Tombstoned;
        UnbondingQueue.Add(session, new Unbonding(validator, account, amount, ConsensusEpochRecord.Get(session).Number, slashed), context);
    }

    /// <summary>What the position's next touch would pay to its account.</summary>
    public static Amount RewardOf(ValidatorRecord validator, StakePosition position) =>
        new((ulong)((position.Shares * (validator.RewardPerShare - position.RewardPerShare)) >> RewardScaleBits));

    /// <summary>Adds rewards to a validator: its commission goes to the operator, the rest to whoever holds its shares.</summary>
    public static ValidatorRecord Reward(LedgerSession session, Address validator, ValidatorRecord record, Amount reward)
    {
        Amount commission = reward.Share(record.CommissionPpm, Parameters.Million);
        if (commission != Amount.Zero)
            AccountRecord.Credit(session, validator, commission);
        Amount shared = reward - commission;
        return record with
        {
            Rewards = record.Rewards + shared,
            RewardPerShare = record.RewardPerShare + (((UInt128)shared.Grains << RewardScaleBits) / record.Shares),
        };
    }

    private static (ValidatorRecord Validator, StakePosition Position) Settle(
        LedgerSession session, Address account, Address validator, ValidatorRecord record)
    {
        StakePosition position = StakeRecord.Get(session, account).With(validator) ?? new StakePosition(validator, 0, record.RewardPerShare);
        Amount reward = RewardOf(record, position);
        if (reward != Amount.Zero)
            AccountRecord.Credit(session, account, reward);
        return (record with { Rewards = record.Rewards - reward }, position with { RewardPerShare = record.RewardPerShare });
    }
}
