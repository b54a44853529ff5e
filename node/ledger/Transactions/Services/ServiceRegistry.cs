using System.Collections.Immutable;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>How services come and change: by their owners' transactions, or by vote. Whoever calls has checked that it may be.</summary>
internal static class ServiceRegistry
{
    /// <summary>True if every manufacturer that the definition names is registered.</summary>
    public static bool KnowsManufacturers(ILedgerState state, ServiceDefinition definition)
    {
        foreach (Address manufacturer in definition.Manufacturers)
        {
            if (ManufacturerRecord.Find(state, manufacturer) is null)
                return false;
        }
        return true;
    }

    /// <summary>Whether a service may become what a definition says: <see cref="Reason.None"/>, or a reason of stage admission.</summary>
    public static Reason CheckChange(ILedgerState state, ServiceRecord service, ServiceDefinition definition)
    {
        if (definition.Kind != service.Kind)
            return Reason.ServiceKindFixed;
        return KnowsManufacturers(state, definition) ? Reason.None : Reason.UnknownManufacturer;
    }

    /// <summary>Adds a service and returns its number.</summary>
    /// <param name="owner">Who decides about it; null: governance.</param>
    /// <param name="bond">What the owner pledged, taken from his balance already.</param>
    public static uint Add(LedgerSession session, Address? owner, Amount bond, ServiceDefinition definition)
    {
        ImmutableArray<uint> services = ServiceDirectory.Get(session).Services;
        Invariant.Check(services.Length < LedgerLimits.ServicesMax, "A service is added beyond the limit.");
        uint id = services.IsEmpty ? 1 : services[^1] + 1;
        session.Put(StateKey.ServiceDirectory, new ServiceDirectory(services.Add(id)));
        session.Put(StateKey.Service(id), new ServiceRecord { Id = id, Owner = owner, Bond = bond, RewardWeight = 0, Definition = definition });
        if (ProofKinds.Of(definition.Kind).WantsEntropy)
            EntropyRecord.Ask(session);
        return id;
    }

    /// <summary>Keeps a new definition until the open reward epoch ends.</summary>
    public static void Change(LedgerSession session, uint service, ServiceDefinition definition) =>
        session.Put(StateKey.PendingService(service), new PendingServiceRecord(definition));

    /// <summary>Gives a service another share of the rewards, those of the open reward epoch included. For governance.</summary>
    public static void SetRewardWeight(LedgerSession session, uint service, uint weight)
    {
        Invariant.Check(weight <= Parameters.Million, "A reward weight is above its limit.");
        session.Put(StateKey.Service(service), session.Service(service) with { RewardWeight = weight });
        // What its owner had asked for before is not what was voted on.
        if (PendingServiceRecord.Find(session, service) is not null)
            session.Delete(StateKey.PendingService(service));
    }

    /// <summary>Sets what the service's sponsor pool pays for one device in one reward epoch. Zero changes nothing.</summary>
    public static void SetQuota(LedgerSession session, uint service, Credits quota)
    {
        if (quota == Credits.Zero)
            return;
        SponsorRecord sponsor = SponsorRecord.Find(session, service) ?? new SponsorRecord(Credits.Zero, quota, Credits.Zero);
        session.Put(StateKey.Sponsor(service), sponsor with { QuotaPerEpoch = quota });
    }

    /// <summary>The open reward epoch has ended: a definition that waited for it holds from now on.</summary>
    public static void OnEpochEnd(LedgerSession session, uint service, ulong nowMs)
    {
        if (PendingServiceRecord.Find(session, service) is not { } pending)
            return;
        FormerRulesRecord.Replace(session, service, nowMs);
        session.Put(StateKey.Service(service), session.Service(service) with { Definition = pending.Definition });
        session.Delete(StateKey.PendingService(service));
        Candidates.OnSwitch(session, service, pending.Definition);
    }
}
