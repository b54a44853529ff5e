using System;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>The way of a dispute: open, perhaps answered, and closed by a ruling or, if none came, released at its deadline.</summary>
/// <remarks>
/// What an accused device earns, and what it has earned and still rests, is held back while a dispute about it is open, and only then can be taken: nobody
/// loses anything to a mere accusation.
/// </remarks>
internal static class Disputes
{
    /// <summary>Who answers for the subject, or null if there is no such thing.</summary>
    public static Address? AccusedOf(ILedgerState state, Subject subject) => subject.Kind switch
    {
        SubjectKind.Device => DeviceRecord.Find(state, subject.Address)?.Owner,
        SubjectKind.Manufacturer => ManufacturerRecord.Find(state, subject.Address)?.Admin,
        SubjectKind.Validator => ValidatorRecord.Find(state, subject.Address) is null ? null : subject.Address,
        _ => null,
    };

    /// <summary>Whether there is a dispute of this number that is open.</summary>
    public static Reason CheckOpen(ILedgerState state, ulong number) => DisputeRecord.Find(state, number) switch
    {
        null => Reason.UnknownDispute,
        { Status: DisputeStatus.Open } => Reason.None,
        _ => Reason.DisputeClosed,
    };

    public static void Open(LedgerSession session, Transaction accusation, Subject subject, Amount bond, ulong nowMs)
    {
        ulong number = DisputeCountRecord.Get(session) + 1;
        AccusedRecord accused = AccusedRecord.Find(session, subject) ?? AccusedRecord.Fresh;
        ulong deadlineMs = nowMs + session.Parameters[Parameter.DisputePeriodMs];
        session.Put(StateKey.DisputeCount, new DisputeCountRecord(number));
        session.Put(StateKey.Dispute(number), new DisputeRecord
        {
            Accuser = accusation.Body.Signer,
            Subject = subject,
            Bond = bond,
            OpenedMs = nowMs,
            OpenedEpoch = ConsensusEpochRecord.Get(session).Number,
            AnswerByMs = nowMs + session.Parameters[Parameter.AnswerPeriodMs],
            DeadlineMs = deadlineMs,
            Accusation = accusation.Id,
            Previous = accused.Last,
        });
        if (accused.Open == 0 && subject.Kind == SubjectKind.Device)
            Escrow.Freeze(session, subject.Address);
        session.Put(StateKey.Accused(subject), accused with { Open = accused.Open + 1, Last = number });
        DueWork.Enqueue(session, QueueKind.DisputeDeadlines, deadlineMs, number);
    }

    /// <summary>Carries out the ruling on an open dispute.</summary>
    public static void Rule(LedgerSession session, RuleDispute ruling)
    {
        DisputeRecord dispute = DisputeRecord.Get(session, ruling.Dispute);
        Address bondTo = dispute.Accuser;
        Amount slashed = Amount.Zero;
        switch (ruling.Ruling)
        {
            case Ruling.Guilty:
                slashed = Penalty.Take(session, dispute, ruling.SharePpm);
                break;
            case Ruling.Abuse:
                bondTo = AccusedOf(session, dispute.Subject) ?? dispute.Accuser;
                break;
        }
        DisputeStatus status = ruling.Ruling switch
        {
            Ruling.Guilty => DisputeStatus.Guilty,
            Ruling.NotGuilty => DisputeStatus.NotGuilty,
            _ => DisputeStatus.Abuse,
        };
        Close(session, ruling.Dispute, dispute with { Status = status, Slashed = slashed }, bondTo);
    }

    /// <summary>The deadline has come: without a ruling everybody gets back what is theirs.</summary>
    public static void Release(LedgerSession session, ulong number)
    {
        DisputeRecord dispute = DisputeRecord.Get(session, number);
        if (dispute.Status == DisputeStatus.Open)
            Close(session, number, dispute with { Status = DisputeStatus.Released }, dispute.Accuser);
    }

    private static void Close(LedgerSession session, ulong number, DisputeRecord closed, Address bondTo)
    {
        AccountRecord.Credit(session, bondTo, closed.Bond);
        session.Put(StateKey.Dispute(number), closed);
        Subject subject = closed.Subject;
        AccusedRecord accused = AccusedRecord.Find(session, subject)
            ?? throw new LedgerInvariantException($"The subject of the open dispute {number} is not accused.");
        AccusedRecord left = accused with { Open = accused.Open - 1 };
        if (left.Open > 0)
        {
            session.Put(StateKey.Accused(subject), left);
            return;
        }
        session.Delete(StateKey.Accused(subject));
        if (subject.Kind == SubjectKind.Device)
            Escrow.Thaw(session, subject.Address);
        if (left.Held > Amount.Zero)
            Payout.Pay(session, DeviceRecord.Get(session, subject.Address), left.Held);
    }
}
