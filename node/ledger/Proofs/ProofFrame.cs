using System;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// The way of every proof, whatever its kind: to its enrolment, before the kind's judge, and with the verdict into the device's work of the open
/// reward epoch.
/// </summary>
/// <remarks>
/// <para>A verdict counts in the epoch in which it is given. So an epoch's end waits for no group, and touches no device.</para>
/// <para>Whatever puts a verdict into the device's work has settled its finished epochs before: an enrolment holds the work of one epoch.</para>
/// </remarks>
internal static class ProofFrame
{
    /// <summary>Judges a proof that was sent in, and counts its verdict unless that is provisional.</summary>
    /// <param name="id">The proof's transaction.</param>
    public static Verdict Submit(LedgerSession session, BlockContext context, Hash256 id, Address address, SubmitProof proof)
    {
        ulong epoch = EpochRecord.Get(session).Open;
        DeviceRecord before = DeviceRecord.Get(session, address);
        if (before.In(proof.Service) is not { Leaving: false } enrollment)
            return new Verdict(Reason.WrongService, 0, epoch, proof.Service); // no enrolment counts it

        DeviceRecord device = Settlement.Settle(session, address, before, enrollment);
        enrollment = ShadowFrame.WithoutEnded(session, device.In(proof.Service)!);
        if (!ReferenceEquals(device, before))
            session.PutDevice(address, before, device);
        ProofCase sent = new(session, context, id, session.Service(proof.Service), address, device, enrollment.KindState, proof.ObservedMs, proof.Payload);
        EnrollmentShadow? shadow = ShadowFrame.Judge(sent, enrollment).Shadow;
        Judgement judgement = Judge(sent, enrollment.NotBeforeMs);
        Verdict verdict = new(judgement.Reason, WhatFits(session, proof.Service, judgement.Units), epoch, proof.Service);
        DeviceRecord judged = DeviceRecord.Get(session, address); // the rules may have counted usage of it
        enrollment = judged.In(proof.Service)! with { KindState = judgement.KindState, Shadow = shadow };
        session.PutDevice(address, judged, judged.With(Count(session, enrollment, id, verdict)));
        return verdict;
    }

    /// <summary>
    /// Gives the final verdict on a proof that waited for its group, with a receipt of its own. A device that has left the service since, or left
    /// and come back, gets nothing any more.
    /// </summary>
    /// <param name="units">0 unless the reason is <see cref="Reason.None"/>.</param>
    /// <param name="remember">What the kind remembers of the device from now on, of what it did; null: the same.</param>
    public static void Conclude(
        LedgerSession session, uint service, WaitingProof proof, Reason reason, ulong units, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>? remember = null)
    {
        if (session.Lane is { } lane)
        {
            lane.Conclude(new ShadowLane.Verdicted(proof, reason, units, remember));
            return;
        }
        ulong epoch = EpochRecord.Get(session).Open;
        Hash256 id = Receipt.FinalIdOf(proof.Proof);
        DeviceRecord before = DeviceRecord.Get(session, proof.Device);
        if (before.In(service) is not { Leaving: false } enrollment || enrollment.NotBeforeMs > proof.SentMs)
        {
            session.Touch(StateKind.Device, proof.Device);
            session.AddDueReceipt(id, new Verdict(Reason.WrongService, 0, epoch, service));
            return;
        }
        DeviceRecord device = Settlement.Settle(session, proof.Device, before, enrollment);
        Verdict verdict = new(reason, WhatFits(session, service, units), epoch, service);
        Enrollment settled = device.In(service)!;
        if (remember is not null)
            settled = settled with { KindState = remember(settled.KindState) };
        session.PutDevice(proof.Device, before, device.With(Count(session, settled, id, verdict)));
        session.AddDueReceipt(id, verdict);
    }

    /// <summary>
    /// Counts work that needs no judge, since whoever had it done has paid for it. Null if the device leaves the service: it earns nothing there any more.
    /// </summary>
    /// <param name="receipt">The transaction whose receipt tells the verdict.</param>
    public static Verdict? Earn(LedgerSession session, Hash256 receipt, Address address, uint service, ulong units)
    {
        DeviceRecord before = DeviceRecord.Get(session, address);
        if (before.In(service) is not { Leaving: false } enrollment)
            return null;
        DeviceRecord device = Settlement.Settle(session, address, before, enrollment);
        Verdict verdict = new(Reason.None, WhatFits(session, service, units), EpochRecord.Get(session).Open, service);
        session.PutDevice(address, before, device.With(Count(session, device.In(service)!, receipt, verdict)));
        return verdict;
    }

    /// <summary>What the rules of the case's service say.</summary>
    internal static Judgement Judge(in ProofCase proof, ulong notBeforeMs)
    {
        if (proof.Payload.Kind != proof.Service.Kind)
            return new Judgement(ProofKinds.Of(proof.Service.Kind).OtherPayload, 0, proof.KindState);
        if (notBeforeMs > 0 && proof.ObservedMs <= notBeforeMs)
            return new Judgement(Reason.OutOfOrder, 0, proof.KindState);
        return ProofKinds.Of(proof.Service.Kind).Judge(proof);
    }

    /// <summary>Of some units what the service can still count in the open epoch: its sum, and with it every device's, stays a number of 64 bits.</summary>
    internal static ulong WhatFits(LedgerSession session, uint service, ulong units) => Math.Min(units, ulong.MaxValue - ServiceWork.Get(session, service).Units);

    /// <summary>The enrolment with one more verdict. What it did in finished epochs is settled.</summary>
    public static Enrollment Count(LedgerSession session, Enrollment enrollment, Hash256 receipt, in Verdict verdict)
    {
        Invariant.Check(verdict.Reason == Reason.None || verdict.Units == 0, "A proof that is not accepted earns units.");
        if (!verdict.IsFinal)
            return enrollment;
        bool accepted = verdict.Reason == Reason.None;
        if (verdict.Units > 0)
            ServiceWork.Add(session, verdict.Service, verdict.Units);
        return enrollment with
        {
            Work = enrollment.Work.With(receipt, verdict),
            Accepted = enrollment.Accepted + (accepted ? 1u : 0),
            Rejected = enrollment.Rejected + (accepted ? 0u : 1),
        };
    }
}

/// <summary>A proof that waits for its group.</summary>
/// <param name="Device">Whose it is.</param>
/// <param name="Proof">Its transaction.</param>
/// <param name="SentMs">Time of the block that took it.</param>
internal readonly record struct WaitingProof(Address Device, Hash256 Proof, ulong SentMs);
