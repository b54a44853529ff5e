using System;
using System.Collections.Generic;

namespace AppChain.Ledger;

/// <summary>
/// The sum of a whole state against what was allocated, minted and burned. Sums are of 128 bits: a broken state may hold anything.
/// </summary>
/// <param name="Balances">Of all accounts, with what rests there.</param>
/// <param name="Pools">What is not settled yet.</param>
/// <param name="Treasury">The treasury's balance.</param>
/// <param name="Staked">With all validators: bonded, waiting to be paid out, and rewards not settled yet.</param>
/// <param name="Deposits">Of proposals and accusers, and what is held back of accused devices.</param>
/// <param name="Genesis">Allocated by genesis.</param>
/// <param name="Minted">Minted since.</param>
/// <param name="Burned">Burned since.</param>
/// <param name="Credits">Of all accounts, sponsors and channels.</param>
/// <param name="CreditsIssued">All credits that ever were.</param>
/// <param name="CreditsSpent">Those that are gone.</param>
/// <param name="Bonds">What is pledged for devices and services.</param>
public sealed record SupplyAudit(
    UInt128 Balances,
    UInt128 Pools,
    UInt128 Treasury,
    UInt128 Staked,
    UInt128 Deposits,
    UInt128 Genesis,
    UInt128 Minted,
    UInt128 Burned,
    UInt128 Credits,
    UInt128 CreditsIssued,
    UInt128 CreditsSpent,
    UInt128 Bonds)
{
    /// <summary><c>balances + pools + treasury + staked + deposits + bonds = genesis + minted − burned</c>, and <c>credits = issued − spent</c>.</summary>
    public bool Conserved =>
        Balances + Pools + Treasury + Staked + Deposits + Bonds + Burned == Genesis + Minted && Credits + CreditsSpent == CreditsIssued;

    /// <summary>Adds up a state.</summary>
    /// <param name="state">Every key and value of one state, in any order.</param>
    public static SupplyAudit Of(IEnumerable<KeyValuePair<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>> state)
    {
        UInt128 balances = 0, pools = 0, treasury = 0, staked = 0, deposits = 0, credits = 0, bonds = 0;
        SupplyRecord? supply = null;
        foreach ((ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value) in state)
        {
            switch ((StateKind)key.Span[0])
            {
                case StateKind.Account:
                    AccountRecord account = AccountRecord.Decode(value);
                    balances += (UInt128)account.Balance.Grains + account.Resting.Total.Grains;
                    credits += account.Credits.Units;
                    break;
                case StateKind.Device:
                    foreach (Enrollment enrollment in DeviceRecord.Decode(value).Enrollments)
                        bonds += enrollment.Bond.Grains;
                    break;
                case StateKind.Service:
                    bonds += ServiceRecord.Decode(value).Bond.Grains;
                    break;
                case StateKind.Sponsor:
                    credits += SponsorRecord.Decode(value).Credits.Units;
                    break;
                case StateKind.Channel:
                    credits += ChannelRecord.Decode(value).Left.Units;
                    break;
                case StateKind.Pool:
                    pools += PoolRecord.Decode(value).Remaining.Grains;
                    break;
                case StateKind.Treasury:
                    treasury += TreasuryRecord.Decode(value).Balance.Grains;
                    break;
                case StateKind.Validator:
                    ValidatorRecord validator = ValidatorRecord.Decode(value);
                    staked += (UInt128)validator.Stake.Grains + validator.Unbonding.Grains + validator.Rewards.Grains;
                    break;
                case StateKind.Proposal:
                    deposits += ProposalRecord.Decode(value).Held.Grains;
                    break;
                case StateKind.Dispute:
                    deposits += DisputeRecord.Decode(value).Held.Grains;
                    break;
                case StateKind.AccusedDevice or StateKind.AccusedManufacturer or StateKind.AccusedValidator:
                    deposits += AccusedRecord.Decode(value).Held.Grains;
                    break;
                case StateKind.DeviceRests:
                    deposits += DeviceRests.Decode(value).Held.Grains;
                    break;
                case StateKind.Supply:
                    supply = SupplyRecord.Decode(value);
                    break;
            }
        }
        Invariant.Check(supply is not null, "The state has no supply record.");
        return new SupplyAudit(
            balances, pools, treasury, staked, deposits, supply.Genesis.Grains, supply.Minted.Grains, supply.Burned.Grains,
            credits, supply.CreditsIssued.Units, supply.CreditsSpent.Units, bonds);
    }
}
