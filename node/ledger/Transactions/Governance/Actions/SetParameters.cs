using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace AppChain.Ledger;

/// <summary>One parameter's new value.</summary>
/// <param name="Number">The parameter's number; whether there is one, the state's checks say.</param>
public readonly record struct ParameterChange(uint Number, ulong Value);

/// <summary>Sets parameters, all at once: what must fit together is changed together.</summary>
public sealed record SetParameters : ProposalAction
{
    internal const int Number = 16;

    /// <param name="changes">Ascending by number, 1 to <see cref="LedgerLimits.ParameterChangesMax"/>.</param>
    public SetParameters(params IEnumerable<ParameterChange> changes) => Changes = [.. changes];

    /// <summary>The new values, ascending by number.</summary>
    public ImmutableArray<ParameterChange> Changes { get; }

    internal override int Field => Number;

    public bool Equals(SetParameters? other) => other is not null && Changes.SequenceEqual(other.Changes);

    public override int GetHashCode() => Changes.Aggregate(0, HashCode.Combine);

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        foreach (ParameterChange change in Changes)
        {
            WireWriter element = new();
            element.UInt64(1, change.Number);
            element.UInt64(2, change.Value);
            writer.Element(1, element.ToArray());
        }
        return writer.ToArray();
    }

    internal static SetParameters Read(ref WireReader reader)
    {
        List<ParameterChange> changes = [];
        while (reader.TryElement(1, out ReadOnlySpan<byte> element))
        {
            WireReader inner = new(element);
            changes.Add(new ParameterChange(inner.UInt32(1), inner.UInt64(2)));
            reader.Fail(inner.Finish());
            if (changes.Count > LedgerLimits.ParameterChangesMax)
                reader.Fail(Reason.ParameterChangesInvalid);
        }
        return new SetParameters(changes);
    }

    internal override Reason CheckShape()
    {
        bool ascending = Changes.Zip(Changes.Skip(1)).All(pair => pair.First.Number < pair.Second.Number);
        return ascending && Changes.Length is > 0 and <= LedgerLimits.ParameterChangesMax ? Reason.None : Reason.ParameterChangesInvalid;
    }

    internal override Reason Check(ILedgerState state)
    {
        foreach (ParameterChange change in Changes)
        {
            ParameterEntry? entry = change.Number <= ushort.MaxValue ? Parameters.Find((Parameter)change.Number) : null;
            if (entry is null)
                return Reason.UnknownParameter;
            if (entry.Fixed)
                return Reason.ParameterFixed;
            if (!entry.Allows(change.Value))
                return Reason.ParameterOutOfBounds;
        }
        return ParameterRules.Check(Changed(state));
    }

    internal override Reason CheckMoment(ILedgerState state, BlockContext context) =>
        ParameterRules.CheckOpenVotes(state, Changed(state), context.TimeMs);

    internal override void Apply(LedgerSession session, BlockContext context) => session.Put(StateKey.Parameters, Changed(session));

    private ParametersRecord Changed(ILedgerState state) =>
        ParametersRecord.Get(state).With(Changes.Select(change => KeyValuePair.Create((Parameter)change.Number, change.Value)));
}
