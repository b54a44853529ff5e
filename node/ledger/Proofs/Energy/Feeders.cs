using System;
using System.Buffers.Binary;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// Intervals of feeders that wait until their meters have told: <see cref="QueueKind.FeederIntervals"/>, items <c>service:4 ‖ feeder:20 ‖ from:8</c>.
/// </summary>
/// <remarks>
/// A queue of their own: an interval stays open for longer than a beacon, and who comes first is due first only among equals. A feeder has up to
/// <see cref="FeederGroup.MetersMax"/> meters, so a block judges at most <see cref="PerBlock"/> of them.
/// </remarks>
internal static class Feeders
{
    /// <summary>Intervals that a block judges: 2,048 meters.</summary>
    public const ulong PerBlock = 8;

    private const int FeederAt = sizeof(uint), FromAt = FeederAt + Address.Size, ItemSize = FromAt + sizeof(ulong);

    /// <summary>The first reading of an interval came: the others have so long for theirs.</summary>
    public static void Open(LedgerSession session, uint service, Address device, FeederRecord feeder, ulong fromSeconds, ulong nowMs)
    {
        session.Put(StateKey.Feeder(service, device), feeder with { Open = feeder.Open.Add(fromSeconds) });
        byte[] about = new byte[ItemSize];
        BinaryPrimitives.WriteUInt32BigEndian(about, service);
        device.Bytes.CopyTo(about.AsSpan(FeederAt));
        BinaryPrimitives.WriteUInt64BigEndian(about.AsSpan(FromAt), fromSeconds);
        DueWork.Enqueue(session, QueueKind.FeederIntervals, nowMs + session.Parameters[Parameter.EnergyCloseMs], about);
    }

    public static void Evaluate(LedgerSession session, ReadOnlySpan<byte> about) => FeederEvaluation.Run(
        session,
        session.Service(BinaryPrimitives.ReadUInt32BigEndian(about)),
        new Address(about.Slice(FeederAt, Address.Size)),
        BinaryPrimitives.ReadUInt64BigEndian(about[FromAt..]));
}
