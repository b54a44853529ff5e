using System;
using System.Collections.Generic;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// A service's owner changes it. A new definition holds from the next reward epoch on, so that every device can know the rules that it is
/// judged by; a later update before then replaces it. A new quota of the sponsor pool holds at once.
/// </summary>
/// <param name="Service">The service.</param>
/// <param name="Definition">What it is about from then on, of the same kind; null: as it is.</param>
/// <param name="SponsorQuota">What its sponsor pool pays for one device in one reward epoch; zero: as it is.</param>
public sealed record UpdateService(uint Service, ServiceDefinition? Definition, Credits SponsorQuota) : Message
{
    internal const int Number = 41;

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Services;

    internal override IEnumerable<Decision> Decides(Address signer) => [new Decision(StateKey.Service(Service))];

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.UInt64(1, Service);
        if (Definition is { } definition)
            writer.Element(2, definition.Encode());
        writer.UInt64(3, SponsorQuota.Units);
        return writer.ToArray();
    }

    internal static UpdateService Read(ref WireReader reader)
    {
        uint service = reader.UInt32(1);
        ServiceDefinition? definition = null;
        if (reader.TryElement(2, out ReadOnlySpan<byte> element))
        {
            WireReader inner = new(element);
            definition = ServiceDefinition.Read(ref inner);
            reader.Fail(inner.Finish());
        }
        return new UpdateService(service, definition, new Credits(reader.UInt64(3)));
    }

    internal override Reason CheckShape(Transaction transaction) =>
        Definition is null || ServiceBounds.Allow(Definition) ? Reason.None : Reason.ServiceOutOfBounds;

    internal override Reason Admit(ILedgerState state, Address signer)
    {
        if (ServiceRecord.Find(state, Service) is not { } service)
            return Reason.UnknownService;
        if (service.Owner != signer)
            return Reason.NotTheServicesOwner;
        if (Definition is null)
            return Reason.None;
        // A vote gave its devices a share of what is minted, for the rules that it had then: only a vote changes them.
        return service.RewardWeight == 0 ? ServiceRegistry.CheckChange(state, service, Definition) : Reason.ServiceIsRewarded;
    }

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context)
    {
        if (Definition is { } definition)
            ServiceRegistry.Change(session, Service, definition);
        ServiceRegistry.SetQuota(session, Service, SponsorQuota);
        return Outcome.Applied;
    }
}
