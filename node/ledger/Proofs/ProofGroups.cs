using System;
using System.Buffers.Binary;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// The settlement queue: groups of proofs whose windows close, <see cref="QueueKind.ProofGroups"/>, items <c>service:4 ‖ device:20</c>. A block evaluates at most
/// <see cref="LedgerLimits.ProofGroupsPerBlock"/> groups; so no block is large because an epoch or a window ended, and the end of an epoch waits for none.
/// </summary>
internal static class ProofGroups
{
    /// <summary>A group opened: it is evaluated by the first block of this time or later that has room.</summary>
    public static void Enqueue(LedgerSession session, uint service, Address subject, ulong dueMs)
    {
        byte[] about = new byte[sizeof(uint) + Address.Size];
        BinaryPrimitives.WriteUInt32BigEndian(about, service);
        subject.Bytes.CopyTo(about.AsSpan(sizeof(uint)));
        DueWork.Enqueue(session, QueueKind.ProofGroups, dueMs, about);
    }

    /// <summary>Evaluates a group by the rules of its service's kind.</summary>
    public static void Evaluate(LedgerSession session, BlockContext context, ReadOnlySpan<byte> about)
    {
        ServiceRecord service = session.Service(BinaryPrimitives.ReadUInt32BigEndian(about));
        if (ProofKinds.Of(service.Kind) is not IGroupRules rules)
            throw new LedgerInvariantException($"A group of service {service.Id} waits, whose kind has no groups.");
        rules.Evaluate(session, context, service, new Address(about[sizeof(uint)..]));
    }
}
