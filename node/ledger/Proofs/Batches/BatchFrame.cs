using System;
using System.Buffers.Binary;
using System.Collections.Immutable;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// The way of a batch: taken in with its root alone; drawn from by the next block's beacon; judged by the leaves that are opened, in order; and paid for all of them, or lost.
/// docs/batches.md.
/// </summary>
/// <remarks>
/// The items of both queues are <c>service:4 ‖ device:20 ‖ batch:32</c>. A device has one batch for a service at a time, so what waits is bounded by the enrolments, and what a
/// batch costs by <see cref="LedgerLimits.BatchDrawsMax"/>.
/// </remarks>
internal static class BatchFrame
{
    /// <summary>Takes a batch in. Its admission has found that the device works for the service, has no open batch there, and begins after its last observation.</summary>
    /// <param name="id">The batch's transaction.</param>
    public static Verdict Submit(LedgerSession session, BlockContext context, Hash256 id, Address address, SubmitProofBatch batch)
    {
        DeviceRecord before = DeviceRecord.Get(session, address);
        DeviceRecord device = Settlement.Settle(session, address, before, before.In(batch.Service)!);
        Enrollment enrollment = ShadowFrame.WithoutEnded(session, device.In(batch.Service)!);
        ServiceRecord service = session.Service(batch.Service);
        IBatchRules rules = RulesOf(service);
        (ServiceRecord Service, uint Number)? candidate = ShadowFrame.CandidateOf(session, service) is { } seen && rules.TakesBatches(seen.Service.Definition) ? seen : null;
        Reason reason = Check(session, context, service, enrollment.KindState, batch);
        if (reason != Reason.None)
        {
            if (candidate is not null)
                enrollment = ShadowFrame.Credit(session, enrollment, candidate.Value.Number, id, reason, 0);
            return Count(session, address, before, device, enrollment, id, reason, 0);
        }
        EnrollmentShadow? shadow = candidate is { Number: var number } ? ShadowFrame.Of(enrollment, number) : null;
        session.Put(StateKey.ProofBatch(service.Id, address), new ProofBatchRecord
        {
            Proof = id,
            SentMs = context.TimeMs,
            Root = batch.Root,
            Count = batch.Count,
            FirstMs = batch.FirstMs,
            LastMs = batch.LastMs,
            Draws = (uint)session.Parameters[Parameter.BatchDraws],
            Tally = new BatchTally(Reason.None, 0, enrollment.KindState),
            Candidate = shadow?.Number ?? 0,
            Shadow = shadow is null ? BatchTally.Nothing : new BatchTally(Check(session, context, candidate!.Value.Service, shadow.KindState, batch), 0, shadow.KindState),
        });
        DueWork.Enqueue(session, QueueKind.BatchDraws, context.TimeMs, About(service.Id, address, id));
        Verdict verdict = new(Reason.AwaitsOpenings, 0, EpochRecord.Get(session).Open, service.Id);
        session.PutDevice(address, before, device.With(enrollment with
        {
            KindState = rules.Passed(enrollment.KindState, batch.LastMs),
            Shadow = shadow is null ? enrollment.Shadow : shadow with { KindState = rules.Passed(shadow.KindState, batch.LastMs) },
        }));
        return verdict;
    }

    /// <summary>The block's beacon draws: it comes after the block that took the batch, which nobody can change any more.</summary>
    public static void Draw(LedgerSession session, BlockContext context, ReadOnlySpan<byte> about)
    {
        if (Open(session, about) is not var (service, address, batch))
            throw new LedgerInvariantException("A batch that is to be drawn from is not in the state.");
        session.Put(StateKey.ProofBatch(service, address), batch with { Beacon = context.Beacon });
        DueWork.Enqueue(session, QueueKind.BatchDeadlines, context.TimeMs + session.Parameters[Parameter.BatchAnswerMs], about.ToArray());
    }

    /// <summary>Its time is over: a batch that is not opened is lost.</summary>
    public static void OnDeadline(LedgerSession session, ReadOnlySpan<byte> about)
    {
        if (Open(session, about) is not var (service, address, batch))
            return; // opened, or lost, in time
        session.Delete(StateKey.ProofBatch(service, address));
        bool isOutlived = ServiceOf(session, service, batch) is null;
        Reason reason = isOutlived ? Reason.BatchOutlivesRules : Reason.BatchNotOpened;
        if (DeviceRecord.Get(session, address) is { } before && before.In(service) is { Leaving: false } enrollment && enrollment.NotBeforeMs <= batch.SentMs)
        {
            DeviceRecord device = Settlement.Settle(session, address, before, enrollment);
            Enrollment settled = device.In(service)!;
            enrollment = ShadowFrame.WithoutEnded(session, isOutlived ? settled : Distrusted(settled));
            enrollment = ShadowFrame.Credit(session, enrollment, batch.Candidate, Receipt.FinalIdOf(batch.Proof), reason, 0);
            session.PutDevice(address, before, device.With(enrollment));
        }
        ProofFrame.Conclude(session, service, new WaitingProof(address, batch.Proof, batch.SentMs), reason, 0);
    }

    /// <summary>Judges the next leaves that were drawn. Admission has found that they are these, and in the tree.</summary>
    /// <param name="id">The transaction that opens them.</param>
    public static Verdict Judge(LedgerSession session, BlockContext context, Hash256 id, Address address, OpenProofs opening)
    {
        DeviceRecord before = DeviceRecord.Get(session, address);
        DeviceRecord device = Settlement.Settle(session, address, before, before.In(opening.Service)!);
        Enrollment enrollment = ShadowFrame.WithoutEnded(session, device.In(opening.Service)!);
        ProofBatchRecord batch = ProofBatchRecord.Find(session, opening.Service, address)!;
        if (ServiceOf(session, opening.Service, batch) is not { } service)
        {
            session.Delete(StateKey.ProofBatch(opening.Service, address));
            enrollment = ShadowFrame.Credit(session, enrollment, batch.Candidate, id, Reason.BatchOutlivesRules, 0);
            return Count(session, address, before, device, enrollment, id, Reason.BatchOutlivesRules, 0);
        }
        ServiceRecord? candidate = ShadowFrame.CandidateOf(session, service) is var (seen, number) && number == batch.Candidate ? seen : null;
        ImmutableArray<uint> drawn = batch.Drawn();
        foreach (OpenedLeaf leaf in opening.Leaves)
        {
            ProofCase opened = new(session, context, id, service, address, device, default, 0, null!);
            uint place = drawn[(int)batch.Opened];
            batch = batch with
            {
                Opened = batch.Opened + 1,
                Tally = Judge(opened, batch, batch.Tally, leaf, place),
                Shadow = candidate is null ? batch.Shadow : Judge(opened with { Service = candidate }, batch, batch.Shadow, leaf, place),
            };
        }
        bool isLost = batch.Tally.Reason != Reason.None;
        if (!isLost && batch.Opened < drawn.Length)
        {
            session.Put(StateKey.ProofBatch(service.Id, address), batch);
            session.PutDevice(address, before, device.With(enrollment));
            return new Verdict(Reason.AwaitsOpenings, 0, EpochRecord.Get(session).Open, service.Id);
        }
        session.Delete(StateKey.ProofBatch(service.Id, address));
        (Reason reason, ulong units) = Worth(session, batch, batch.Tally, enrollment.BatchDistrust);
        if (candidate is not null)
        {
            (Reason said, ulong would) = isLost ? (reason, 0) : Worth(session, batch, batch.Shadow, enrollment.BatchDistrust);
            enrollment = ShadowFrame.Credit(session, enrollment, batch.Candidate, id, said, would);
        }
        enrollment = isLost ? Distrusted(enrollment) : enrollment with { BatchDistrust = (byte)(enrollment.BatchDistrust - (enrollment.BatchDistrust > 0 ? 1 : 0)) };
        return Count(session, address, before, device, enrollment, id, reason, units);
    }

    private static (Reason, ulong) Worth(LedgerSession session, ProofBatchRecord batch, BatchTally tally, byte distrust)
    {
        if (tally.Reason != Reason.None)
            return (tally.Reason, 0);
        return tally.Units == 0
            ? (Reason.NoLeafAccepted, 0)
            : (Reason.None, BatchUnits.Of(batch, tally.Units, session.Parameters[Parameter.BatchDecay], distrust));
    }

    // A leaf is judged as if it had been sent when it was observed: how old it is, is the batch's affair.
    private static BatchTally Judge(in ProofCase opened, ProofBatchRecord batch, BatchTally tally, in OpenedLeaf leaf, uint place)
    {
        if (tally.Reason != Reason.None)
            return tally;
        if (BatchLeaf.TryDecode(leaf.Proof.Span) is not { } proof || proof.Service != opened.Service.Id || proof.Payload.Kind != opened.Service.Kind
            || !IsInItsPlace(opened.Service, batch, proof.ObservedMs, place))
            return tally with { Reason = Reason.LeafFalse };
        IBatchRules rules = RulesOf(opened.Service);
        Judgement judgement = rules.Judge(opened with
        {
            Context = opened.Context with { TimeMs = proof.ObservedMs },
            KindState = tally.KindState,
            ObservedMs = proof.ObservedMs,
            Payload = proof.Payload,
        });
        return rules.IsFalse(judgement.Reason)
            ? tally with { Reason = Reason.LeafFalse }
            : tally with { Units = tally.Units + judgement.Units, KindState = judgement.KindState };
    }

    // Between the leaves before it and those behind it there is room for all of them at the service's interval: so no count stands for more time than there was.
    private static bool IsInItsPlace(ServiceRecord service, ProofBatchRecord batch, ulong observedMs, uint place)
    {
        ulong before = place * service.IntervalMinMs, behind = (batch.Count - 1 - place) * service.IntervalMinMs;
        return observedMs >= batch.FirstMs + before && observedMs <= batch.LastMs && batch.LastMs - observedMs >= behind
            && (place > 0 || observedMs == batch.FirstMs) && (place < batch.Count - 1 || observedMs == batch.LastMs);
    }

    private static Reason Check(LedgerSession session, BlockContext context, ServiceRecord service, ReadOnlyMemory<byte> kindState, SubmitProofBatch batch)
    {
        if (batch.LastMs > context.TimeMs && batch.LastMs - context.TimeMs > service.DriftMs)
            return Reason.FromTheFuture;
        if (context.TimeMs > batch.FirstMs && context.TimeMs - batch.FirstMs > session.Parameters[Parameter.BatchAgeMaxMs])
            return Reason.TooOld;
        if (batch.Count > session.Parameters[Parameter.BatchProofsMax])
            return Reason.BatchTooLong;
        ulong lastMs = RulesOf(service).LastObservedMs(kindState);
        bool tooSoon = batch.LastMs - batch.FirstMs < (batch.Count - 1) * service.IntervalMinMs
            || (lastMs > 0 && (batch.FirstMs <= lastMs || batch.FirstMs - lastMs < service.IntervalMinMs));
        return tooSoon ? Reason.TooSoon : Reason.None;
    }

    private static Verdict Count(
        LedgerSession session, Address address, DeviceRecord before, DeviceRecord device, Enrollment enrollment, Hash256 id, Reason reason, ulong units)
    {
        Verdict verdict = new(reason, ProofFrame.WhatFits(session, enrollment.Service, units), EpochRecord.Get(session).Open, enrollment.Service);
        session.PutDevice(address, before, device.With(ProofFrame.Count(session, enrollment, id, verdict)));
        return verdict;
    }

    private static Enrollment Distrusted(Enrollment enrollment) =>
        enrollment with { BatchDistrust = byte.Min(LedgerLimits.BatchDistrustMax, (byte)(enrollment.BatchDistrust + 1)) };

    // By the rules that held when the batch came: a vote in between neither makes honest leaves false nor has a single one judged beside
    // neighbours. Null: nobody remembers
    // them, or they hold no more and the time of the block does not tell which did.
    private static ServiceRecord? ServiceOf(LedgerSession session, uint service, ProofBatchRecord batch) =>
        FormerRulesRecord.ServiceAt(session, service, batch.SentMs) is { } record && RulesOf(record).TakesBatches(record.Definition)
            ? record
            : null;

    private static IBatchRules RulesOf(ServiceRecord service) => ProofKinds.Of(service.Kind) as IBatchRules
        ?? throw new LedgerInvariantException($"A batch for service {service.Id} is open, whose kind takes none.");

    private static byte[] About(uint service, Address device, Hash256 batch)
    {
        byte[] about = new byte[sizeof(uint) + Address.Size + Hash256.Size];
        BinaryPrimitives.WriteUInt32BigEndian(about, service);
        device.Bytes.CopyTo(about.AsSpan(sizeof(uint)));
        batch.Bytes.CopyTo(about.AsSpan(sizeof(uint) + Address.Size));
        return about;
    }

    // Null: the batch is not the open one any more.
    private static (uint Service, Address Device, ProofBatchRecord Batch)? Open(LedgerSession session, ReadOnlySpan<byte> about)
    {
        uint service = BinaryPrimitives.ReadUInt32BigEndian(about);
        Address device = new(about.Slice(sizeof(uint), Address.Size));
        Hash256 batch = new(about[(sizeof(uint) + Address.Size)..]);
        return ProofBatchRecord.Find(session, service, device) is { } record && record.Proof == batch ? (service, device, record) : null;
    }
}
