using System;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>How far a proposal has come. The numbers are the state's.</summary>
public enum ProposalStatus : byte
{
    /// <summary>Votes count until <see cref="ProposalRecord.EndMs"/>.</summary>
    Voting = 1,

    /// <summary>Passed; executed at <see cref="ProposalRecord.ExecuteMs"/>.</summary>
    Waiting = 2,

    Executed = 3,

    /// <summary>Passed, but what it asks for was not possible any more: <see cref="ProposalRecord.Failure"/> says why. Nothing was changed.</summary>
    Failed = 4,

    Rejected = 5,

    /// <summary>Too little stake voted.</summary>
    NoQuorum = 6,
}

/// <summary>A proposal, open or not; it stays.</summary>
/// <remarks>
/// version:1 ‖ proposer:20 ‖ length:1 title ‖ deposit:8 ‖ submittedMs:8 ‖ endMs:8 ‖ executeMs:8 ‖ status:1 ‖ yes:8 ‖ no:8 ‖ abstain:8 ‖
/// bonded:8 ‖ depositBurned:1 ‖ failure:4 ‖ action:1 ‖ length:2 action.
/// </remarks>
public sealed record ProposalRecord : StateRecord
{
    public required Address Proposer { get; init; }

    public required string Title { get; init; }

    /// <summary>What it asks for.</summary>
    public required ProposalAction Action { get; init; }

    public required Amount Deposit { get; init; }

    /// <summary>Time of the block that took it in.</summary>
    public required ulong SubmittedMs { get; init; }

    /// <summary>The first moment at which no vote counts any more.</summary>
    public required ulong EndMs { get; init; }

    /// <summary>When it is executed if it passed; 0 before.</summary>
    public ulong ExecuteMs { get; init; }

    public ProposalStatus Status { get; init; } = ProposalStatus.Voting;

    /// <summary>The votes so far, or at the end.</summary>
    public Tally Votes { get; init; }

    /// <summary>
    /// The most stake that was bonded at the opening, at a vote so far or at the end: the quorum is a share of it. Stake that leaves does not lower it, and
    /// stake that comes to vote raises it.
    /// </summary>
    public Amount Bonded { get; init; }

    /// <summary>True if the deposit is gone; else, once the voting has ended, the proposer has it back.</summary>
    public bool DepositBurned { get; init; }

    /// <summary>Why the execution failed.</summary>
    public Reason Failure { get; init; }

    /// <summary>What the chain holds for it now.</summary>
    public Amount Held => Status == ProposalStatus.Voting ? Deposit : Amount.Zero;

    /// <summary>The proposal, or null if there is none of this number.</summary>
    public static ProposalRecord? Find(ILedgerState state, ulong number) =>
        state.Find(StateKey.Proposal(number), Decode);

    internal static ProposalRecord Get(ILedgerState state, ulong number) =>
        Find(state, number) ?? throw new LedgerInvariantException($"Proposal {number} is open but not in the state.");

    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.Address(Proposer);
        writer.Text(Title);
        writer.Amount(Deposit);
        writer.UInt64(SubmittedMs);
        writer.UInt64(EndMs);
        writer.UInt64(ExecuteMs);
        writer.UInt8((byte)Status);
        Votes.Write(writer);
        writer.Amount(Bonded);
        writer.Flag(DepositBurned);
        writer.UInt32((uint)Failure);
        writer.UInt8((byte)Action.Field);
        writer.Long(Action.Encode());
        return writer.ToArray();
    }

    public static ProposalRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        Address proposer = reader.Address();
        string title = reader.Text();
        (Amount deposit, ulong submittedMs, ulong endMs, ulong executeMs) = (reader.Amount(), reader.UInt64(), reader.UInt64(), reader.UInt64());
        ProposalStatus status = (ProposalStatus)reader.UInt8();
        (Tally votes, Amount bonded) = (Tally.Read(ref reader), reader.Amount());
        (bool burned, Reason failure) = (reader.Flag(), (Reason)reader.UInt32());
        ProposalAction action = ProposalAction.OfState(reader.UInt8(), reader.Long());
        reader.End();
        return new ProposalRecord
        {
            Proposer = proposer,
            Title = title,
            Action = action,
            Deposit = deposit,
            SubmittedMs = submittedMs,
            EndMs = endMs,
            ExecuteMs = executeMs,
            Status = status,
            Votes = votes,
            Bonded = bonded,
            DepositBurned = burned,
            Failure = failure,
        };
    }
}
