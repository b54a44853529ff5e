using System;
using System.Buffers.Binary;
using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// Grid events: a feeder's owner wants energy in an interval to come, sources commit to some of it, and each is paid for what it delivered, at most what it
/// committed to, when the interval is judged. An event whose interval is never judged waits in <see cref="QueueKind.GridEvents"/>, items
/// <c>service:4 ‖ feeder:20 ‖ from:8</c>, and is given back. Of one that is judged without the feeder's own meter the caller loses what
/// was delivered.
/// </summary>
internal static class GridEvents
{
    /// <summary>How far ahead an event may be called.</summary>
    public const ulong AheadMs = Parameters.DayMs;

    /// <summary>How long after the call it is given back at the latest.</summary>
    public const ulong GivenBackMs = 3 * Parameters.DayMs;

    private const int FeederAt = sizeof(uint), FromAt = FeederAt + Address.Size, ItemSize = FromAt + sizeof(ulong);

    public static void Open(LedgerSession session, uint service, Address feeder, ulong fromSeconds, GridEventRecord called, ulong nowMs)
    {
        session.Put(StateKey.GridEvent(service, feeder, fromSeconds), called);
        byte[] about = new byte[ItemSize];
        BinaryPrimitives.WriteUInt32BigEndian(about, service);
        feeder.Bytes.CopyTo(about.AsSpan(FeederAt));
        BinaryPrimitives.WriteUInt64BigEndian(about.AsSpan(FromAt), fromSeconds);
        DueWork.Enqueue(session, QueueKind.GridEvents, nowMs + GivenBackMs, about);
    }

    /// <summary>A source commits.</summary>
    public static Reason Commit(in ProofCase proof, MeterRecord meter, GridCommitment commitment)
    {
        if (meter.Kind == MeterKind.Load || commitment.FromSeconds <= proof.NowMs / Parameters.SecondMs
            || GridEventRecord.Find(proof.Session, proof.Service.Id, meter.Feeder, commitment.FromSeconds) is not { } called)
            return Reason.NoGridEvent;
        Address device = proof.Address;
        if (commitment.Wh == 0 || commitment.Wh > called.Wh || called.Commitments.Length == GridEventRecord.CommitmentsMax
            || called.Commitments.Any(share => share.Meter == device))
            return Reason.GridEventTaken;
        proof.Session.Put(StateKey.GridEvent(proof.Service.Id, meter.Feeder, commitment.FromSeconds), called with
        {
            Wh = called.Wh - commitment.Wh,
            Commitments = called.Commitments.Add(new GridShare(device, commitment.Wh)),
        });
        return Reason.None;
    }

    /// <summary>The interval is judged: what was delivered is paid, and can be traded no more.</summary>
    public static void Settle(LedgerSession session, uint service, Address feeder, ulong fromSeconds)
    {
        if (GridEventRecord.Find(session, service, feeder, fromSeconds) is not { } called)
            return;
        Amount left = called.Held;
        foreach (GridShare share in called.Commitments)
        {
            MeterRecord meter = MeterRecord.Find(session, service, share.Meter) ?? throw new LedgerInvariantException("A meter that committed is not in the state.");
            ulong delivered = meter.Feeder == feeder ? ulong.Min(meter.LeftIn(fromSeconds), share.Wh) : 0;
            if (delivered == 0)
                continue;
            session.Put(StateKey.Meter(service, share.Meter), meter.Without(new EnergyLot(fromSeconds, delivered)));
            Amount paid = new(delivered * called.Price); // no more than was held
            Payout.Pay(session, DeviceRecord.Get(session, share.Meter), paid);
            left -= paid;
        }
        GiveBack(session, StateKey.GridEvent(service, feeder, fromSeconds), called, left);
    }

    /// <summary>
    /// The interval is judged without the feeder's own meter, which was the caller's when it called. Nobody confirms what the sources
    /// delivered, so they are not paid; and
    /// what they would have been paid burns, or keeping that meter silent would be energy for nothing. What nobody claims to have
    /// delivered goes back.
    /// </summary>
    /// <param name="claimed">What a meter's reading of the interval says.</param>
    public static void Forfeit(LedgerSession session, uint service, Address feeder, ulong fromSeconds, Func<Address, ulong> claimed)
    {
        if (GridEventRecord.Find(session, service, feeder, fromSeconds) is not { } called)
            return;
        Amount forfeited = Amount.Zero;
        foreach (GridShare share in called.Commitments)
            forfeited += new Amount(ulong.Min(claimed(share.Meter), share.Wh) * called.Price); // no more than was held
        if (forfeited != Amount.Zero)
            SupplyRecord.Burn(session, forfeited);
        GiveBack(session, StateKey.GridEvent(service, feeder, fromSeconds), called, called.Held - forfeited);
    }

    /// <summary>
    /// Nobody has judged the interval. If one of its readings waits, somebody will: the longest intervals are judged later than this.
    /// </summary>
    public static void OnDue(LedgerSession session, ReadOnlySpan<byte> about)
    {
        uint service = BinaryPrimitives.ReadUInt32BigEndian(about);
        (Address feeder, ulong from) = (new Address(about.Slice(FeederAt, Address.Size)), BinaryPrimitives.ReadUInt64BigEndian(about[FromAt..]));
        if (FeederRecord.Find(session, service, feeder) is { } waits && waits.Open.Contains(from))
            return;
        if (GridEventRecord.Find(session, service, feeder, from) is { } called)
            GiveBack(session, StateKey.GridEvent(service, feeder, from), called, called.Held);
    }

    private static void GiveBack(LedgerSession session, StateKey key, GridEventRecord called, Amount left)
    {
        session.Delete(key);
        if (left != Amount.Zero)
            AccountRecord.Credit(session, called.Caller, left);
    }
}
