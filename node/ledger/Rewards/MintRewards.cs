using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What one service's pool of an epoch holds.</summary>
/// <param name="Service">The service.</param>
/// <param name="Shares">What its devices share, and by what.</param>
public readonly record struct PoolMint(uint Service, PoolShares Shares)
{
    /// <summary>The service's reward weight, by which it shared the floor with the others that worked; 0: it has no part in it.</summary>
    public uint Weight { get; init; }

    /// <summary>Credits that its users spent on it in the epoch.</summary>
    public Credits Burned { get; init; }

    /// <summary>What was burned for these: at most what they are worth at <see cref="MintRewards.Price"/>.</summary>
    public Amount BurnedValue { get; init; }

    /// <summary>What is burned for it in an epoch, smoothed, by which it shared the rest.</summary>
    public Amount Demand { get; init; }

    /// <summary>Its part of the floor: what coverage could have earned at most.</summary>
    public Amount Floor { get; init; }

    /// <summary>What it could have earned at most: by weight and by demand together.</summary>
    public Amount Share { get; init; }

    /// <summary>Units that its devices would share it by under the service's candidate rules; 0: there are none.</summary>
    public ulong ShadowUnits { get; init; }

    /// <summary>What a device would earn under the candidate: coverage by its units there, usage as it is.</summary>
    /// <param name="paid">Its work under the rules that hold.</param>
    /// <param name="units">What it would have earned under the candidate.</param>
    public Amount UnderCandidate(in EpochWork paid, ulong units) =>
        (ShadowUnits == 0 || units > ShadowUnits ? Amount.Zero : Shares.Coverage.Share(units, ShadowUnits)) + Shares.UsageOf(paid);
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

    /// <summary>What the schedule allowed.</summary>
    public Amount Scheduled { get; init; }

    /// <summary>What the smoothed burn allowed on top.</summary>
    public Amount Net { get; init; }

    /// <summary>The part of the services' schedule that is shared by reward weight.</summary>
    public uint FloorPpm { get; init; }

    /// <summary>The conservative price in micro-dollars per token that spent credits are valued at; 0: there is none, and they are worth nothing.</summary>
    public ulong Price { get; init; }

    /// <summary>Everything that is minted.</summary>
    public Amount Total => new(checked((ulong)TotalGrains));

    /// <summary>The same, whatever nonsense a mint may hold.</summary>
    internal UInt128 TotalGrains =>
        Validators.Aggregate(
            Pools.Aggregate((UInt128)Treasury.Grains, static (sum, pool) => sum + pool.Shares.Coverage.Grains + pool.Shares.Usage.Grains),
            static (sum, validator) => sum + validator.Amount.Grains);

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Proofs;

    internal override int SignatureCount => 0;

    /// <summary>The same without what candidates for rules would have shared: all that is paid.</summary>
    public MintRewards WithoutCandidates() => new(Epoch, Treasury, Pools.Select(static pool => pool with { ShadowUnits = 0 }))
    {
        Validators = Validators,
        Scheduled = Scheduled,
        Net = Net,
        FloorPpm = FloorPpm,
        Price = Price,
    };

    /// <summary>The encoded body that a block's payload carries.</summary>
    public byte[] EncodeBody() => new Body(default, 0, 0, this).Encode();

    public bool Equals(MintRewards? other) =>
        other is not null && Epoch == other.Epoch && Treasury == other.Treasury && Pools.SequenceEqual(other.Pools)
        && Validators.SequenceEqual(other.Validators) && Scheduled == other.Scheduled && Net == other.Net && FloorPpm == other.FloorPpm && Price == other.Price;

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
            element.UInt64(2, pool.Shares.Coverage.Grains);
            element.UInt64(3, pool.Shares.Units);
            element.UInt64(4, pool.Weight);
            element.UInt64(5, pool.Burned.Units);
            element.UInt64(6, pool.Shares.Usage.Grains);
            element.UInt64(7, pool.Shares.Used.Grains);
            element.UInt64(8, pool.BurnedValue.Grains);
            element.UInt64(9, pool.Demand.Grains);
            element.UInt64(10, pool.Floor.Grains);
            element.UInt64(11, pool.Share.Grains);
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
        writer.UInt64(5, Scheduled.Grains);
        writer.UInt64(6, Net.Grains);
        writer.UInt64(7, FloorPpm);
        writer.UInt64(8, Price);
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
            pools.Add(ReadPool(ref inner));
            reader.Fail(inner.Finish());
        }
        List<ValidatorMint> validators = [];
        while (reader.TryElement(4, out ReadOnlySpan<byte> element))
        {
            WireReader inner = new(element);
            validators.Add(new ValidatorMint(inner.Address(1), new Amount(inner.UInt64(2))));
            reader.Fail(inner.Finish());
        }
        return new MintRewards(epoch, treasury, pools)
        {
            Validators = [.. validators],
            Scheduled = new Amount(reader.UInt64(5)),
            Net = new Amount(reader.UInt64(6)),
            FloorPpm = reader.UInt32(7),
            Price = reader.UInt64(8),
        };
    }

    private static PoolMint ReadPool(ref WireReader reader)
    {
        (uint service, Amount coverage, ulong units) = (reader.UInt32(1), new Amount(reader.UInt64(2)), reader.UInt64(3));
        (uint weight, Credits burned) = (reader.UInt32(4), new Credits(reader.UInt64(5)));
        return new PoolMint(service, new PoolShares(coverage, units, new Amount(reader.UInt64(6)), new Amount(reader.UInt64(7))))
        {
            Weight = weight,
            Burned = burned,
            BurnedValue = new Amount(reader.UInt64(8)),
            Demand = new Amount(reader.UInt64(9)),
            Floor = new Amount(reader.UInt64(10)),
            Share = new Amount(reader.UInt64(11)),
            ShadowUnits = reader.UInt64(110),
        };
    }

    internal override Reason Admit(ILedgerState state, Address signer) => Reason.MintNotSubmittable;

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context) =>
        throw new LedgerInvariantException("MintRewards is applied by the executor itself, never as a transaction.");

    /// <summary>Creates the pools, pays the treasury and the validators, and opens the epoch that the block's time lies in.</summary>
    internal void Apply(LedgerSession session, BlockContext context)
    {
        SupplyRecord supply = SupplyRecord.Get(session);
        foreach (PoolMint pool in Pools)
            session.Put(StateKey.Pool(pool.Service, Epoch), new PoolRecord(pool.Shares));
        session.Put(StateKey.Supply, supply with { Minted = supply.Minted + Total });
        session.Put(StateKey.Emission, Breaker.After(EmissionRecord.Get(session), this, context.TimeMs));
        TreasuryRecord.Credit(session, Treasury);
        ValidatorRewards.Pay(session, Validators);

        foreach (uint service in ServiceDirectory.Get(session).Services)
        {
            ServiceDemand.Advance(session, service);
            ServiceWork.Reset(session, service);
            ServiceRegistry.OnEpochEnd(session, service, context.TimeMs);
        }
        EpochRecord epochs = EpochRecord.Get(session);
        session.Put(StateKey.Epoch, epochs with
        {
            Open = RewardSchedule.EpochAt(epochs, ParametersRecord.Get(session), context.TimeMs),
            Minted = epochs.Minted + 1,
        });
    }
}
