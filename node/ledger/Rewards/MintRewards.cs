using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What one service's pool of an epoch holds.</summary>
/// <param name="Service">The service.</param>
/// <param name="Amount">Tokens that its devices share.</param>
/// <param name="Units">Units that they share it by.</param>
public readonly record struct PoolMint(uint Service, Amount Amount, ulong Units)
{
    /// <summary>The service's reward weight, by which it shared with the others that worked.</summary>
    public uint Weight { get; init; }

    /// <summary>Credits that its users spent on it in the epoch.</summary>
    public Credits Burned { get; init; }

    /// <summary>Units that its devices would share it by under the service's candidate rules; 0: there are none.</summary>
    public ulong ShadowUnits { get; init; }

    /// <summary>What so many units earn: what their settlement pays.</summary>
    public Amount ShareOf(ulong units) => units == 0 || units > Units ? Amount.Zero : Amount.Share(units, Units);

    /// <summary>What so many units would earn under the candidate.</summary>
    public Amount ShadowShareOf(ulong units) => units == 0 || units > ShadowUnits ? Amount.Zero : Amount.Share(units, ShadowUnits);
}

/// <summary>What one validator and its delegators get of an epoch.</summary>
/// <param name="Validator">Its operator.</param>
/// <param name="Amount">Tokens, the commission included.</param>
public readonly record struct ValidatorMint(Address Validator, Amount Amount);

/// <summary>
/// Mints what a finished reward epoch earned. The first transaction of the first block past the epoch's end; made by no one, signed
/// by no one, recomputed by every validator.
/// </summary>
public sealed record MintRewards : Message
{
    internal const int Number = 19;

    /// <param name="epoch">The epoch that ended.</param>
    /// <param name="treasury">The treasury's share.</param>
    /// <param name="pools">Ascending by service.</param>
    public MintRewards(ulong epoch, Amount treasury, params IEnumerable<PoolMint> pools)
    {
        Epoch = epoch;
        Treasury = treasury;
        Pools = [.. pools];
    }

    /// <summary>The epoch that ended.</summary>
    public ulong Epoch { get; }

    /// <summary>The treasury's share.</summary>
    public Amount Treasury { get; }

    /// <summary>The pools of the services that worked, ascending by service.</summary>
    public ImmutableArray<PoolMint> Pools { get; }

    /// <summary>What the validators get, in the order of their seats.</summary>
    public ImmutableArray<ValidatorMint> Validators { get; init; } = [];

    /// <summary>Everything that is minted.</summary>
    public Amount Total =>
        Validators.Aggregate(Pools.Aggregate(Treasury, (sum, pool) => sum + pool.Amount), (sum, validator) => sum + validator.Amount);

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Proofs;

    internal override int SignatureCount => 0;

    /// <summary>The encoded body that a block's payload carries.</summary>
    public byte[] EncodeBody() => new Body(default, 0, 0, this).Encode();

    public bool Equals(MintRewards? other) =>
        other is not null && Epoch == other.Epoch && Treasury == other.Treasury && Pools.SequenceEqual(other.Pools)
        && Validators.SequenceEqual(other.Validators);

    public override int GetHashCode() => HashCode.Combine(Epoch, Treasury, Pools.Length);

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.UInt64(1, Epoch);
        writer.UInt64(2, Treasury.Grains);
        foreach (PoolMint pool in Pools)
        {
            WireWriter element = new();
            element.UInt64(1, pool.Service);
            element.UInt64(2, pool.Amount.Grains);
            element.UInt64(3, pool.Units);
            element.UInt64(4, pool.Weight);
            element.UInt64(5, pool.Burned.Units);
            element.UInt64(110, pool.ShadowUnits);
            writer.Element(3, element.ToArray());
        }
        foreach (ValidatorMint validator in Validators)
        {
            WireWriter element = new();
            element.Address(1, validator.Validator);
            element.UInt64(2, validator.Amount.Grains);
            writer.Element(4, element.ToArray());
        }
        return writer.ToArray();
    }

    internal static MintRewards Read(ref WireReader reader)
    {
        ulong epoch = reader.UInt64(1);
        Amount treasury = new(reader.UInt64(2));
        List<PoolMint> pools = [];
        while (reader.TryElement(3, out ReadOnlySpan<byte> element))
        {
            WireReader inner = new(element);
            pools.Add(new PoolMint(inner.UInt32(1), new Amount(inner.UInt64(2)), inner.UInt64(3))
            {
                Weight = inner.UInt32(4),
                Burned = new Credits(inner.UInt64(5)),
                ShadowUnits = inner.UInt64(110),
            });
            reader.Fail(inner.Finish());
        }
        List<ValidatorMint> validators = [];
        while (reader.TryElement(4, out ReadOnlySpan<byte> element))
        {
            WireReader inner = new(element);
            validators.Add(new ValidatorMint(inner.Address(1), new Amount(inner.UInt64(2))));
            reader.Fail(inner.Finish());
        }
        return new MintRewards(epoch, treasury, pools) { Validators = [.. validators] };
    }

    internal override Reason Admit(ILedgerState state, Address signer) => Reason.MintNotSubmittable;

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context) =>
        throw new LedgerInvariantException("MintRewards is applied by the executor itself, never as a transaction.");

    /// <summary>Creates the pools, pays the treasury and the validators, and opens the epoch that the block's time lies in.</summary>
    internal void Apply(LedgerSession session, BlockContext context)
    {
        SupplyRecord supply = SupplyRecord.Get(session);
        foreach (PoolMint pool in Pools)
            session.Put(StateKey.Pool(pool.Service, Epoch), new PoolRecord(pool.Amount, pool.Units, pool.Amount, pool.Units));
        session.Put(StateKey.Supply, supply with { Minted = supply.Minted + Total });
        TreasuryRecord.Credit(session, Treasury);
        ValidatorRewards.Pay(session, Validators);

        foreach (uint service in ServiceDirectory.Get(session).Services)
        {
            ServiceWork.Reset(session, service);
            ServiceRegistry.OnEpochEnd(session, service);
        }
        EpochRecord epochs = EpochRecord.Get(session);
        session.Put(StateKey.Epoch, epochs with
        {
            Open = RewardSchedule.EpochAt(epochs, ParametersRecord.Get(session), context.TimeMs),
            Minted = epochs.Minted + 1,
        });
    }
}
