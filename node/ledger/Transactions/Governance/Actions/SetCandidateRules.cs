using System;

namespace AppChain.Ledger;

/// <summary>
/// Gives a service's rules a candidate: from the next reward epoch on its proofs are judged by that one too, for so many epochs; what it says is published and not paid.
/// <see cref="SetServiceRules"/> with the same definition, before the last of these epochs ends, switches it on.
/// </summary>
/// <param name="Service">The service, whoever owns it.</param>
/// <param name="Definition">What it would be about, of the same kind; null: the candidate that there is ends with the open epoch.</param>
/// <param name="Epochs">For how many reward epochs; 0 if there is no definition.</param>
public sealed record SetCandidateRules(uint Service, ServiceDefinition? Definition, uint Epochs) : ProposalAction
{
    internal const int Number = 112;

    internal override int Field => Number;

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.UInt64(1, Service);
        if (Definition is { } definition)
            writer.Element(2, definition.Encode());
        writer.UInt64(3, Epochs);
        return writer.ToArray();
    }

    internal static SetCandidateRules Read(ref WireReader reader)
    {
        uint service = reader.UInt32(1);
        ServiceDefinition? definition = null;
        if (reader.TryElement(2, out ReadOnlySpan<byte> element))
        {
            WireReader inner = new(element);
            definition = ServiceDefinition.Read(ref inner);
            reader.Fail(inner.Finish());
        }
        return new SetCandidateRules(service, definition, reader.UInt32(3));
    }

    internal override Reason CheckShape()
    {
        if (Definition is null)
            return Epochs == 0 ? Reason.None : Reason.CandidateEpochsWrong;
        if (Epochs is 0 or > LedgerLimits.CandidateEpochsMax)
            return Reason.CandidateEpochsWrong;
        return ServiceBounds.Allow(Definition) ? Reason.None : Reason.ServiceOutOfBounds;
    }

    internal override Reason Check(ILedgerState state) => Candidates.Check(state, Service, Definition);

    internal override void Apply(LedgerSession session, BlockContext context)
    {
        if (Definition is { } definition)
            Candidates.Begin(session, Service, definition, Epochs);
        else
            Candidates.End(session, Service);
    }
}
