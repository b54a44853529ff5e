using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>Says who may report the token's price, from now on and alone: the list that there was is replaced.</summary>
public sealed record SetPriceReporters : ProposalAction
{
    internal const int Number = 21;

    /// <param name="reporters">Ascending, at most <see cref="LedgerLimits.PriceReportersMax"/>; none: the price stays the last one, less the margin.</param>
    public SetPriceReporters(params IEnumerable<Address> reporters) => Reporters = [.. reporters];

    /// <summary>The reporters, ascending.</summary>
    public ImmutableArray<Address> Reporters { get; }

    internal override int Field => Number;

    public bool Equals(SetPriceReporters? other) => other is not null && Reporters.SequenceEqual(other.Reporters);

    public override int GetHashCode() => Reporters.Length;

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        foreach (Address reporter in Reporters)
            writer.Address(1, reporter);
        return writer.ToArray();
    }

    internal static SetPriceReporters Read(ref WireReader reader)
    {
        List<Address> reporters = [];
        while (reader.TryElement(1, out ReadOnlySpan<byte> element))
        {
            if (element.Length == Address.Size)
                reporters.Add(new Address(element));
            else
                reader.Fail(Reason.WrongFieldLength);
        }
        return new SetPriceReporters(reporters);
    }

    internal override Reason CheckShape()
    {
        bool ascending = Reporters.Zip(Reporters.Skip(1)).All(pair => pair.First.CompareTo(pair.Second) < 0);
        return ascending && Reporters.Length <= LedgerLimits.PriceReportersMax ? Reason.None : Reason.PriceReportersInvalid;
    }

    // Reports of those who leave count no more from now on, and go with the next report.
    internal override void Apply(LedgerSession session, BlockContext context)
    {
        if (!Reporters.IsEmpty)
            session.Put(StateKey.PriceReporters, new PriceReporters(Reporters));
        else if (!PriceReporters.Get(session).Accounts.IsEmpty)
            session.Delete(StateKey.PriceReporters);
    }
}
