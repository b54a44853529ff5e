using System;
using System.Buffers.Binary;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// Proofs that waited for their group and lost its draw to a better one: <see cref="QueueKind.LostDraws"/>, items <c>service:4 ‖ device:20 ‖ proof:32 ‖ sentMs:8</c>.
/// The next block with room concludes them: a verdict that no transaction asked for is due work.
/// </summary>
internal static class LostDraws
{
    private const int ServiceSize = sizeof(uint);

    public static void Enqueue(LedgerSession session, ulong nowMs, uint service, WaitingProof proof)
    {
        byte[] about = new byte[ServiceSize + Address.Size + Hash256.Size + sizeof(ulong)];
        BinaryPrimitives.WriteUInt32BigEndian(about, service);
        proof.Device.Bytes.CopyTo(about.AsSpan(ServiceSize));
        proof.Proof.Bytes.CopyTo(about.AsSpan(ServiceSize + Address.Size));
        BinaryPrimitives.WriteUInt64BigEndian(about.AsSpan(ServiceSize + Address.Size + Hash256.Size), proof.SentMs);
        DueWork.Enqueue(session, QueueKind.LostDraws, nowMs, about);
    }

    public static void Conclude(LedgerSession session, ReadOnlySpan<byte> about)
    {
        uint service = BinaryPrimitives.ReadUInt32BigEndian(about);
        about = about[ServiceSize..];
        WaitingProof proof = new(
            new Address(about[..Address.Size]),
            new Hash256(about.Slice(Address.Size, Hash256.Size)),
            BinaryPrimitives.ReadUInt64BigEndian(about[(Address.Size + Hash256.Size)..]));
        ProofFrame.Conclude(session, service, proof, Reason.WitnessNotDrawn, 0);
    }
}
