using System;
using System.Collections.Immutable;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// Has every proof of a service judged by its candidate rules too, while there are some: beside the paid verdict, with what the kind remembers kept apart. What comes of it is
/// published in receipts and statements and never paid. Without a candidate a proof costs one look for it in each block.
/// </summary>
internal static class ShadowFrame
{
    /// <summary>What the candidate says of a proof, before the paid rules judge it. The verdict is published with the next receipt.</summary>
    /// <param name="proof">As the paid rules will see it.</param>
    /// <returns>The enrolment with what it has now under the candidate.</returns>
    public static Enrollment Judge(in ProofCase proof, Enrollment enrollment)
    {
        ulong epoch = EpochRecord.Get(proof.Session).Open;
        return LaneOf(proof.Session, proof.Service, epoch) is { } lane ? Judge(proof, enrollment, lane, epoch) : enrollment;
    }

    private static Enrollment Judge(in ProofCase proof, Enrollment enrollment, ShadowLane lane, ulong epoch)
    {
        LedgerSession session = proof.Session;
        EnrollmentShadow shadow = Of(enrollment, lane.Number);
        ProofCase seen = proof with { Service = lane.Service, KindState = shadow.KindState };
        Judgement judgement = session.InShadow(lane, () => ProofFrame.Judge(seen, enrollment.NotBeforeMs));
        Invariant.Check(lane.Concluded.Count == 0, "A candidate's rules conclude a proof inside another one's transaction.");
        PutOff(session, lane);
        Verdict verdict = new(judgement.Reason, judgement.Units, epoch, proof.Service.Id);
        session.Publish(verdict);
        return enrollment with { Shadow = Count(session, shadow with { KindState = judgement.KindState }, proof.Id, verdict) };
    }

    /// <summary>
    /// An enrolment without what it has under a candidate that judges no more. If a vote has switched that one on, the paid rules go on with what the kind has remembered
    /// under it. What was judged must be settled.
    /// </summary>
    public static Enrollment WithoutEnded(LedgerSession session, Enrollment enrollment)
    {
        if (enrollment.Shadow is not { } shadow)
            return enrollment;
        ShadowRecord record = ShadowRecord.Find(session, enrollment.Service) ?? throw new LedgerInvariantException("A device has worked under a candidate that never was.");
        if (shadow.Number == record.Number && record.RunsIn(EpochRecord.Get(session).Open))
            return enrollment;
        return enrollment with { Shadow = null, KindState = shadow.Number == record.Adopted ? shadow.KindState : enrollment.KindState };
    }

    /// <summary>Does what a candidate's rules have put off, and gives its final verdicts. Nothing, if it judges no more: only its groups are cleared away.</summary>
    /// <param name="about">An item of one of the queues of candidates: service:4 ‖ number:4 ‖ queue:1 ‖ what it is about.</param>
    /// <param name="perform">Does the work of a queue.</param>
    public static void Perform(LedgerSession session, ReadOnlyMemory<byte> about, Action<QueueKind, ReadOnlyMemory<byte>> perform)
    {
        RecordReader reader = new(about);
        (uint id, uint number, QueueKind queue) = (reader.UInt32(), reader.UInt32(), (QueueKind)reader.UInt8());
        ServiceRecord service = session.Service(id);
        ShadowRecord record = ShadowRecord.Find(session, id)!;
        // The rules that open a group close it, and know how; so even of a candidate that has gone its own kind does, by the definition that holds now.
        ShadowLane lane = new(service, record with { Candidate = record.Candidate ?? service.Definition }, OwnRecords(service));
        session.InShadow(lane, () =>
        {
            perform(queue, about[HeadSize..]);
            return true;
        });
        PutOff(session, lane);
        if (number != record.Number || !record.RunsIn(EpochRecord.Get(session).Open))
            return;
        foreach (ShadowLane.Verdicted concluded in lane.Concluded)
            Conclude(session, lane, concluded);
    }

    /// <summary>True of the queues in which what candidates have put off waits.</summary>
    public static bool Fills(QueueKind queue) => queue is QueueKind.ShadowWork or (>= QueueKind.ShadowGroups and <= QueueKind.ShadowPasts);

    /// <summary>The queue in which the paid rules would have put off what an item of one of them is about.</summary>
    public static QueueKind QueueOf(ReadOnlyMemory<byte> about) => (QueueKind)about.Span[HeadSize - 1];

    /// <summary>The service as its candidate sees it, and the candidate's number; null: none judges now.</summary>
    public static (ServiceRecord Service, uint Number)? CandidateOf(LedgerSession session, ServiceRecord service) =>
        ShadowRecord.Find(session, service.Id) is { } record && record.RunsIn(EpochRecord.Get(session).Open)
            ? (service with { Definition = record.Candidate! }, record.Number)
            : null;

    /// <summary>Counts what a candidate has said of something else than one proof, and publishes it. Nothing, if that candidate judges no more.</summary>
    /// <param name="receipt">The id of the receipt that will say so.</param>
    public static Enrollment Credit(LedgerSession session, Enrollment enrollment, uint number, Hash256 receipt, Reason reason, ulong units)
    {
        ulong epoch = EpochRecord.Get(session).Open;
        if (ShadowRecord.Find(session, enrollment.Service) is not { } record || record.Number != number || !record.RunsIn(epoch))
            return enrollment;
        Verdict verdict = new(reason, units, epoch, enrollment.Service);
        session.Publish(verdict);
        return enrollment with { Shadow = Count(session, Of(enrollment, number), receipt, verdict) };
    }

    /// <summary>What a device has under a candidate; at first what it has under the paid rules.</summary>
    public static EnrollmentShadow Of(Enrollment enrollment, uint number) =>
        enrollment.Shadow is { } shadow && shadow.Number == number ? shadow : new EnrollmentShadow(number, default, enrollment.KindState);

    /// <summary>What the kind remembers of a device under the rules that judge now: the paid ones, or the candidate's.</summary>
    public static ReadOnlyMemory<byte> RememberedOf(LedgerSession session, Enrollment enrollment) =>
        session.Lane is { } lane && lane.Service.Id == enrollment.Service ? Of(enrollment, lane.Number).KindState : enrollment.KindState;

    private static QueueKind QueueFor(QueueKind paid) => paid switch
    {
        QueueKind.ProofGroups => QueueKind.ShadowGroups,
        QueueKind.LostDraws => QueueKind.ShadowDraws,
        QueueKind.SensorCells => QueueKind.ShadowCells,
        QueueKind.SensorSweeps => QueueKind.ShadowSweeps,
        QueueKind.SensorPasts => QueueKind.ShadowPasts,
        _ => QueueKind.ShadowWork,
    };

    private const int HeadSize = sizeof(uint) + sizeof(uint) + 1;

    private static ShadowLane? LaneOf(LedgerSession session, ServiceRecord service, ulong epoch) =>
        ShadowRecord.Find(session, service.Id) is { } record && record.RunsIn(epoch) ? new ShadowLane(service, record, OwnRecords(service)) : null;

    private static ImmutableArray<StateKind> OwnRecords(ServiceRecord service) =>
        ProofKinds.Of(service.Kind).OwnRecords ?? throw new LedgerInvariantException($"Service {service.Id} has a candidate, and its kind takes none.");

    private static void PutOff(LedgerSession session, ShadowLane lane)
    {
        foreach (ShadowLane.Put put in lane.Later)
        {
            RecordWriter writer = new();
            writer.UInt32(lane.Service.Id);
            writer.UInt32(lane.Number);
            writer.UInt8((byte)put.Queue);
            writer.Raw(put.About.Span);
            DueWork.Enqueue(session, QueueFor(put.Queue), put.DueMs, writer.ToArray());
        }
    }

    // As the paid frame does: who has left since, or left and come back, gets nothing.
    private static void Conclude(LedgerSession session, ShadowLane lane, in ShadowLane.Verdicted concluded)
    {
        WaitingProof proof = concluded.Proof;
        DeviceRecord before = DeviceRecord.Get(session, proof.Device);
        uint service = lane.Service.Id;
        if (before.In(service) is not { Leaving: false } enrollment || enrollment.NotBeforeMs > proof.SentMs)
            return;
        DeviceRecord device = Settlement.Settle(session, proof.Device, before, enrollment);
        enrollment = WithoutEnded(session, device.In(service)!);
        Hash256 receipt = Receipt.ShadowIdOf(proof.Proof);
        Verdict verdict = new(concluded.Reason, concluded.Units, EpochRecord.Get(session).Open, service);
        EnrollmentShadow shadow = Of(enrollment, lane.Number);
        if (concluded.Remember is { } remember)
            shadow = shadow with { KindState = remember(shadow.KindState) };
        session.PutDevice(proof.Device, before, device.With(enrollment with { Shadow = Count(session, shadow, receipt, verdict) }));
        session.Publish(verdict);
        session.AddDueReceipt(receipt, verdict: null);
    }

    private static EnrollmentShadow Count(LedgerSession session, EnrollmentShadow shadow, Hash256 receipt, in Verdict verdict)
    {
        if (!verdict.IsFinal)
            return shadow;
        if (verdict.Units > 0)
            session.Put(StateKey.Shadow(verdict.Service), ShadowRecord.Find(session, verdict.Service)!.With(verdict.Epoch, verdict.Units));
        return shadow with { Work = shadow.Work.With(receipt, verdict) };
    }
}
