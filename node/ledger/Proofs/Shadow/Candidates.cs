namespace AppChain.Ledger;

/// <summary>How candidates for services' rules come and go. Whoever calls has checked that it may be.</summary>
internal static class Candidates
{
    /// <summary>Whether a service's rules may have this candidate now: <see cref="Reason.None"/>, or a reason of stage admission.</summary>
    /// <param name="definition">Null: the one that there is shall end.</param>
    public static Reason Check(ILedgerState state, uint service, ServiceDefinition? definition)
    {
        if (ServiceRecord.Find(state, service) is not { } record)
            return Reason.UnknownService;
        bool waitsOrRuns = ShadowRecord.Find(state, service) is { Candidate: not null } shadow && shadow.End > EpochRecord.Get(state).Open;
        if (definition is null)
            return waitsOrRuns ? Reason.None : Reason.NoCandidate;
        if (waitsOrRuns)
            return Reason.CandidateRuns;
        if (ProofKinds.Of(record.Kind).OwnRecords is null)
            return Reason.KindTakesNoCandidate;
        return ServiceRegistry.CheckChange(state, record, definition);
    }

    /// <summary>The candidate judges from the end of the open reward epoch on, for so many epochs.</summary>
    public static void Begin(LedgerSession session, uint service, ServiceDefinition definition, uint epochs)
    {
        ulong first = EpochRecord.Get(session).Open + 1;
        ShadowRecord? last = ShadowRecord.Find(session, service);
        session.Put(StateKey.Shadow(service), new ShadowRecord((last?.Number ?? 0) + 1, last?.Adopted ?? 0, first, first + epochs, 0, 0, definition));
    }

    /// <summary>The candidate judges to the end of the open reward epoch, and no longer.</summary>
    public static void End(LedgerSession session, uint service)
    {
        ShadowRecord shadow = ShadowRecord.Find(session, service)!;
        session.Put(StateKey.Shadow(service), shadow with { End = EpochRecord.Get(session).Open + 1 });
    }

    /// <summary>A new definition holds. If it is the candidate that has judged until now, devices go on from what the kind remembers of them under it.</summary>
    public static void OnSwitch(LedgerSession session, uint service, ServiceDefinition definition)
    {
        if (ShadowRecord.Find(session, service) is { } shadow && shadow.RunsIn(EpochRecord.Get(session).Open) && shadow.Candidate == definition)
            session.Put(StateKey.Shadow(service), shadow with { Adopted = shadow.Number, Candidate = null });
    }
}
