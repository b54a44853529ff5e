using System;

namespace AppChain.Ledger;

/// <summary>Changes what a service that nobody owns is about, from the next reward epoch on, as an owner would by <see cref="UpdateService"/>.</summary>
/// <param name="Service">A service without an owner: it came with genesis.</param>
/// <param name="Definition">What it is about from then on, of the same kind.</param>
public sealed record SetServiceRules(uint Service, ServiceDefinition Definition) : ProposalAction
{
    internal const int Number = 25;

    internal override int Field => Number;

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.UInt64(1, Service);
        writer.Element(2, Definition.Encode());
        return writer.ToArray();
    }

    internal static SetServiceRules Read(ref WireReader reader)
    {
        uint service = reader.UInt32(1);
        if (!reader.TryElement(2, out ReadOnlySpan<byte> element))
            reader.Fail(Reason.ServiceOutOfBounds);
        WireReader inner = new(element);
        ServiceDefinition definition = ServiceDefinition.Read(ref inner);
        reader.Fail(inner.Finish());
        return new SetServiceRules(service, definition);
    }

    internal override Reason CheckShape() => ServiceBounds.Allow(Definition) ? Reason.None : Reason.ServiceOutOfBounds;

    internal override Reason Check(ILedgerState state)
    {
        if (ServiceRecord.Find(state, Service) is not { } service)
            return Reason.UnknownService;
        return service.Owner is null || service.RewardWeight > 0 ? ServiceRegistry.CheckChange(state, service, Definition) : Reason.ServiceHasOwner;
    }

    internal override void Apply(LedgerSession session, BlockContext context) => ServiceRegistry.Change(session, Service, Definition);
}
