using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What stake weighs, for whoever counts by it.</summary>
/// <remarks>
/// The powers of all accounts together never exceed <see cref="TotalBonded"/>. Stake that waits to be paid out weighs nothing; a vote that ends before the
/// unbonding delay therefore counts no token twice. Stake with a jailed validator weighs as much as any other: it is its owner who votes.
/// </remarks>
public static class Stake
{
    /// <summary>What an account has bonded, its own validator and delegations, at its present worth. Reads at most <see cref="LedgerLimits.DelegationsMax"/> + 1 records.</summary>
    public static Amount VotingPower(ILedgerState state, Address account)
    {
        Amount power = Amount.Zero;
        foreach (StakePosition position in StakeRecord.Get(state, account).Positions)
            power += ValidatorRecord.Get(state, position.Validator).WorthOf(position.Shares);
        return power;
    }

    /// <summary>What all accounts have bonded with all validators.</summary>
    public static Amount TotalBonded(ILedgerState state) => ValidatorDirectory.Get(state).Bonded;
}
