using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// What a device did for one service in one reward epoch and what it was paid for it. Made when that is settled, and part of the receipt of
/// whatever settled it; so the receipts root of the next header proves it for good.
/// </summary>
/// <param name="Device">The device.</param>
/// <param name="Service">The service.</param>
/// <param name="Work">Its verdicts there, added up; the chain in it holds every single one.</param>
public sealed record Statement(Address Device, uint Service, EpochWork Work)
{
    private const int ShadowField = 110;

    /// <summary>What was minted into the service's pool of that epoch, and by what it is shared; all zero: nothing was, or the device has no part in it.</summary>
    public PoolShares Pool { get; init; }

    /// <summary>What the device earned: <c>floor(coverage × units / all units) + floor(usage × used / all used)</c>.</summary>
    public Amount Earned { get; init; }

    /// <summary>Who got how much of it. Nobody though something was earned: it is held back while the device is accused.</summary>
    public ImmutableArray<Payment> Payments { get; init; } = [];

    /// <summary>The reward epoch from which on the payments can be spent; 0: at once. Held back, they can be when that is over and the disputes are closed.</summary>
    public ulong SpendableEpoch { get; init; }

    /// <summary>Its verdicts of the same epoch under the service's candidate rules, which are never paid; null: there were none.</summary>
    public EpochWork? Shadow { get; init; }

    /// <summary>True if the earnings wait for the end of the disputes about the device.</summary>
    public bool IsHeldBack => Earned != Amount.Zero && Payments.IsEmpty;

    /// <summary>What does not add up, in words; null: every number follows from the others.</summary>
    public string? Problem()
    {
        // In 128 bits: it may come from anywhere.
        UInt128 share = (UInt128)Pool.CoverageOf(Work).Grains + Pool.UsageOf(Work).Grains;
        if (Earned.Grains != share)
            return $"{Work.Units} units of {Pool.Units} and a usage of {Work.Usage} of {Pool.Used} earn {share} grains of {Pool.Coverage} and {Pool.Usage}, not {Earned}";
        UInt128 paid = Payments.Aggregate(UInt128.Zero, (sum, payment) => sum + payment.Amount.Grains);
        return paid == Earned.Grains || IsHeldBack ? null : $"the payments add up to {paid} grains, not to {Earned}";
    }

    public bool Equals(Statement? other) =>
        other is not null && Device == other.Device && Service == other.Service && Work == other.Work && Pool == other.Pool
        && Earned == other.Earned && SpendableEpoch == other.SpendableEpoch && Payments.SequenceEqual(other.Payments) && Shadow == other.Shadow;

    public override int GetHashCode() => HashCode.Combine(Device, Service, Work.Epoch, Earned);

    internal byte[] Encode()
    {
        WireWriter writer = new();
        writer.Address(1, Device);
        writer.UInt64(2, Service);
        writer.UInt64(3, Work.Epoch);
        writer.UInt64(4, Work.Accepted);
        writer.UInt64(5, Work.Rejected);
        writer.UInt64(6, Work.Units);
        writer.Bytes(7, Work.Chain.Bytes);
        writer.UInt64(8, Pool.Coverage.Grains);
        writer.UInt64(9, Pool.Units);
        writer.UInt64(10, Earned.Grains);
        foreach (Payment payment in Payments)
        {
            WireWriter element = new();
            element.Address(1, payment.Account);
            element.UInt64(2, payment.Amount.Grains);
            writer.Element(11, element.ToArray());
        }
        writer.UInt64(12, Work.Usage.Grains);
        writer.UInt64(13, Pool.Usage.Grains);
        writer.UInt64(14, Pool.Used.Grains);
        writer.UInt64(15, SpendableEpoch);
        if (Shadow is { } shadow)
        {
            WireWriter element = new();
            element.UInt64(1, shadow.Accepted);
            element.UInt64(2, shadow.Rejected);
            element.UInt64(3, shadow.Units);
            element.Bytes(4, shadow.Chain.Bytes);
            writer.Element(ShadowField, element.ToArray());
        }
        return writer.ToArray();
    }

    internal static Statement Read(ref WireReader reader)
    {
        Address device = reader.Address(1);
        uint service = reader.UInt32(2);
        EpochWork work = new(reader.UInt64(3), reader.UInt32(4), reader.UInt32(5), reader.UInt64(6), reader.Hash(7));
        PoolShares pool = new(new Amount(reader.UInt64(8)), reader.UInt64(9), default, default);
        Amount earned = new(reader.UInt64(10));
        ImmutableArray<Payment> payments = ReadPayments(ref reader);
        return new Statement(device, service, work with { Usage = new Amount(reader.UInt64(12)) })
        {
            Pool = pool with { Usage = new Amount(reader.UInt64(13)), Used = new Amount(reader.UInt64(14)) },
            Earned = earned,
            Payments = payments,
            SpendableEpoch = reader.UInt64(15),
            Shadow = ReadShadow(ref reader, work.Epoch),
        };
    }

    private static EpochWork? ReadShadow(ref WireReader reader, ulong epoch)
    {
        if (!reader.TryElement(ShadowField, out ReadOnlySpan<byte> element))
            return null;
        WireReader inner = new(element);
        EpochWork shadow = new(epoch, inner.UInt32(1), inner.UInt32(2), inner.UInt64(3), inner.Hash(4));
        reader.Fail(inner.Finish());
        return shadow;
    }

    private static ImmutableArray<Payment> ReadPayments(ref WireReader reader)
    {
        List<Payment> payments = [];
        while (reader.TryElement(11, out ReadOnlySpan<byte> element))
        {
            WireReader inner = new(element);
            payments.Add(new Payment(inner.Address(1), new Amount(inner.UInt64(2))));
            reader.Fail(inner.Finish());
        }
        return [.. payments];
    }
}
