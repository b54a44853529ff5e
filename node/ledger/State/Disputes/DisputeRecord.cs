using System;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>How far a dispute has come. The numbers are the state's.</summary>
public enum DisputeStatus : byte
{
    Open = 1,
    Guilty = 2,
    NotGuilty = 3,

    /// <summary>The accusation was found to be abuse: the accuser's bond went to the accused.</summary>
    Abuse = 4,

    /// <summary>The deadline passed without a ruling: everything was released.</summary>
    Released = 5,
}

/// <summary>A dispute, open or not; it stays. What both sides say is in their transactions, which it names.</summary>
/// <remarks>
/// version:1 ‖ accuser:20 ‖ kind:1 ‖ subject:20 ‖ bond:8 ‖ openedMs:8 ‖ openedEpoch:8 ‖ answerByMs:8 ‖ deadlineMs:8 ‖ accusation:32 ‖ answer:32 ‖ status:1 ‖
/// slashed:8 ‖ previous:8.
/// </remarks>
public sealed record DisputeRecord : StateRecord
{
    public required Address Accuser { get; init; }

    public required Subject Subject { get; init; }

    /// <summary>The accuser's.</summary>
    public required Amount Bond { get; init; }

    public required ulong OpenedMs { get; init; }

    /// <summary>The epoch of consensus in which it was opened: stake that leaves an accused validator from then on answers for it.</summary>
    public required ulong OpenedEpoch { get; init; }

    /// <summary>The last moment for an answer.</summary>
    public required ulong AnswerByMs { get; init; }

    /// <summary>When it is released if nobody has ruled by then.</summary>
    public required ulong DeadlineMs { get; init; }

    /// <summary>The id of the transaction that accuses.</summary>
    public required Hash256 Accusation { get; init; }

    /// <summary>The id of the transaction that answers; zero: there is none.</summary>
    public Hash256 Answer { get; init; }

    public DisputeStatus Status { get; init; } = DisputeStatus.Open;

    /// <summary>What the accused lost.</summary>
    public Amount Slashed { get; init; }

    /// <summary>The dispute about the same subject that was opened before this one, since when it has been accused; 0: none.</summary>
    public ulong Previous { get; init; }

    /// <summary>What the chain holds for the accuser now.</summary>
    public Amount Held => Status == DisputeStatus.Open ? Bond : Amount.Zero;

    /// <summary>The dispute, or null if there is none of this number.</summary>
    public static DisputeRecord? Find(ILedgerState state, ulong number) =>
        state.Find(StateKey.Dispute(number), Decode);

    internal static DisputeRecord Get(ILedgerState state, ulong number) =>
        Find(state, number) ?? throw new LedgerInvariantException($"Dispute {number} is awaited but not in the state.");

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.Address(Accuser);
        writer.UInt8((byte)Subject.Kind);
        writer.Address(Subject.Address);
        writer.Amount(Bond);
        writer.UInt64(OpenedMs);
        writer.UInt64(OpenedEpoch);
        writer.UInt64(AnswerByMs);
        writer.UInt64(DeadlineMs);
        writer.Raw(Accusation.Bytes);
        writer.Raw(Answer.Bytes);
        writer.UInt8((byte)Status);
        writer.Amount(Slashed);
        writer.UInt64(Previous);
        return writer.ToArray();
    }

    public static DisputeRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        // An initialiser runs in the order in which it is written: the order of the layout.
        DisputeRecord record = new()
        {
            Accuser = reader.Address(),
            Subject = new Subject((SubjectKind)reader.UInt8(), reader.Address()),
            Bond = reader.Amount(),
            OpenedMs = reader.UInt64(),
            OpenedEpoch = reader.UInt64(),
            AnswerByMs = reader.UInt64(),
            DeadlineMs = reader.UInt64(),
            Accusation = new Hash256(reader.Raw(Hash256.Size)),
            Answer = new Hash256(reader.Raw(Hash256.Size)),
            Status = (DisputeStatus)reader.UInt8(),
            Slashed = reader.Amount(),
            Previous = reader.UInt64(),
        };
        reader.End();
        return record;
    }
}
