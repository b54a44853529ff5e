using System;

namespace AppChain.Ledger;

/// <content>What the session keeps apart while a candidate for a service's rules judges (<see cref="ShadowLane"/>).</content>
internal sealed partial class LedgerSession
{
    private Verdict? shadowVerdict;

    /// <summary>Set while a candidate judges.</summary>
    public ShadowLane? Lane { get; private set; }

    /// <summary>Has a candidate judge: nothing that it does reaches what is paid.</summary>
    public T InShadow<T>(ShadowLane lane, Func<T> judge)
    {
        Invariant.Check(Lane is null, "A candidate judges inside another one's judgement.");
        Lane = lane;
        try
        {
            return judge();
        }
        finally
        {
            Lane = null;
        }
    }

    /// <summary>What a candidate said of a proof: it goes into the next receipt.</summary>
    public void Publish(in Verdict shadow) => shadowVerdict = shadow;

    private Receipt WithShadow(Receipt receipt)
    {
        if (shadowVerdict is not { } verdict)
            return receipt;
        shadowVerdict = null;
        return receipt with { Shadow = verdict };
    }

    private T? FindInShadow<T>(ShadowLane lane, in StateKey key, Func<ReadOnlyMemory<byte>, T> decode)
        where T : StateRecord
    {
        if (lane.Keeps(key))
            return (T?)FindHere(StateKey.Shadowed(key), ShadowedRecord.Decode)?.Record;
        return lane.Forgotten.TryGetValue(key, out StateRecord? record) ? (T?)record : FindHere(key, decode);
    }

    private void PutInShadow(ShadowLane lane, in StateKey key, StateRecord? record)
    {
        if (!lane.Keeps(key))
            lane.Forgotten[key] = record;
        else
            entries[StateKey.Shadowed(key)] = new Entry(record is null ? null : new ShadowedRecord((StateKind)key.Bytes[0], record), Changed: true);
    }
}
