using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What execution knows of the block's header.</summary>
/// <param name="ChainId">The chain.</param>
/// <param name="Height">The block's height.</param>
/// <param name="TimeMs">The block's time: Unix time in ms, never before its parent's.</param>
public sealed record BlockContext(ChainId ChainId, ulong Height, ulong TimeMs)
{
    /// <summary>The block's beacon. Its leader knew it before it chose the block's transactions: what it decides must have been committed
    /// to in an earlier block.</summary>
    public Hash256 Beacon { get; init; }

    /// <summary>The seat of the block's leader; null: who led is not counted.</summary>
    public ushort? Proposer { get; init; }

    /// <summary>
    /// The seats of those whose turns passed without a block since the parent's, in order of views: at most
    /// <see cref="LedgerLimits.MissedTurnsMax"/>, the last ones.
    /// </summary>
    public ImmutableArray<ushort> Missed { get; init; } = [];
}

/// <summary>What a block does to the state, or why it is invalid.</summary>
/// <param name="Reason"><see cref="Reason.None"/>, or a reason of stage block: then nothing else is set.</param>
/// <param name="Changes">Ascending by key, each key once.</param>
/// <param name="Receipts">
/// In order of execution: the one of <see cref="MintRewards"/>, <see cref="DueReceipts"/> of what the block did because its time had come, one per
/// transaction.
/// </param>
/// <param name="ReceiptsRoot">The root over them.</param>
public sealed record BlockResult(
    Reason Reason, ImmutableArray<LedgerChange> Changes, ImmutableArray<Receipt> Receipts, Hash256 ReceiptsRoot)
{
    /// <summary>How many receipts are those of the block's own doings: final verdicts of proofs that waited, and what settled a device.</summary>
    public int DueReceipts { get; init; }

    /// <summary>What each transaction touched, in the order of <see cref="Receipts"/>.</summary>
    public ImmutableArray<ImmutableArray<Touch>> Touched { get; init; } = [];

    /// <summary>Devices that came, or changed their owner or services, in order.</summary>
    public ImmutableArray<DeviceMove> Moves { get; init; } = [];

    /// <summary>The next block finds work whose time has come already: it should not wait for transactions.</summary>
    public bool MoreIsDue { get; init; }

    /// <summary>True if an honest validator may vote for the block.</summary>
    public bool IsValid => Reason == Reason.None;

    internal static BlockResult Invalid(Reason reason) => new(reason, [], [], Hash256.Zero);
}

/// <summary>The state-transition function: <c>(state, block) → (changes, receipts)</c>. Pure; the same on every node.</summary>
public static class Executor
{
    /// <summary>Executes a block.</summary>
    /// <param name="parent">The state after the parent.</param>
    /// <param name="context">From the header.</param>
    /// <param name="mintRewards">The payload's mint: an encoded body, or empty.</param>
    /// <param name="transactions">Of the payload's batches in order, decoded for this chain and with verified signatures.</param>
    /// <returns>A valid result whatever the transactions say; invalid only if the mint is missing, not due or another one.</returns>
    public static BlockResult Execute(
        ILedgerState parent, BlockContext context, ReadOnlyMemory<byte> mintRewards, IReadOnlyList<Transaction> transactions)
    {
        LedgerSession session = new(parent);
        ImmutableArray<Receipt>.Builder receipts = ImmutableArray.CreateBuilder<Receipt>(transactions.Count + 1);
        ImmutableArray<ImmutableArray<Touch>>.Builder touched = ImmutableArray.CreateBuilder<ImmutableArray<Touch>>(transactions.Count + 1);

        MintRewards? mint = MintDue(parent, context.TimeMs);
        Reason reason = CheckMint(mint, mintRewards.Span);
        if (reason != Reason.None)
            return BlockResult.Invalid(reason);
        // What was earned until the parent, by its set and for its turns, is paid before this block adds to them.
        if (mint is not null)
        {
            mint.Apply(session, context);
            receipts.Add(new Receipt(Transaction.IdOf(context.ChainId, mintRewards.Span), Reason.None));
            touched.Add(session.TakeTouched());
        }
        Attendance.Count(session, context); // in the set that the block's views were led by
        ValidatorEpochs.Turn(session, context);
        ProtocolVersion.Turn(session, context.Height);
        EntropyRecord.Turn(session, context);
        session.TakeTouched();
        BlockRoom room = new(session);
        bool moreIsDue = DueWork.Run(session, context, room);
        foreach (LedgerSession.DueReceipt due in session.DueReceipts)
        {
            receipts.Add(due.Receipt);
            touched.Add(due.Touched);
        }
        foreach (Transaction transaction in transactions)
        {
            receipts.Add(Execute(session, room, transaction, context));
            touched.Add(session.TakeTouched());
        }

        int dueReceipts = session.DueReceipts.Count;
        Invariant.Check(receipts.Count == transactions.Count + dueReceipts + (mint is null ? 0 : 1), "A transaction made a receipt that is no transaction's.");
        session.ChooseValidators();
        session.FlushSpent();
        ImmutableArray<Receipt> all = receipts.DrainToImmutable();
        return new BlockResult(Reason.None, [.. session.Changes()], all, Receipt.Root(all))
        {
            Touched = touched.DrainToImmutable(),
            Moves = session.Moves(),
            DueReceipts = dueReceipts,
            MoreIsDue = moreIsDue,
        };
    }

    /// <summary>
    /// What a block of this time must begin by minting, or null. Proposers put its <see cref="MintRewards.EncodeBody"/> into the payload.
    /// </summary>
    public static MintRewards? MintDue(ILedgerState state, ulong timeMs) => RewardSchedule.MintDue(state, timeMs);

    /// <summary>Whether a payload's mint is what a block of this time must begin with: <see cref="Reason.None"/>, or a reason of stage
    /// block.</summary>
    public static Reason CheckMint(ILedgerState state, ulong timeMs, ReadOnlySpan<byte> mintRewards) => CheckMint(MintDue(state, timeMs), mintRewards);

    private static Reason CheckMint(MintRewards? due, ReadOnlySpan<byte> found)
    {
        if (due is null)
            return found.IsEmpty ? Reason.None : Reason.MintNotDue;
        if (found.IsEmpty)
            return Reason.MintMissing;
        return found.SequenceEqual(due.EncodeBody()) ? Reason.None : Reason.MintDiffers;
    }

    private static Receipt Execute(LedgerSession session, BlockRoom room, Transaction transaction, BlockContext context)
    {
        Reason reason = Admission.Check(session, transaction, context.TimeMs, out FeeQuote fee);
        if (reason != Reason.None)
            return new Receipt(transaction.Id, reason); // skipped
        if (!room.TryTake(transaction.Body.Message.Class))
            return new Receipt(transaction.Id, Reason.BlockFull); // skipped: a later block may execute it
        Message message = transaction.Body.Message;
        if (!fee.FromProceeds)
            Fee.Charge(session, fee, message.Uses);
        Admission.UseSequence(session, transaction.Body);
        Outcome outcome = message.Execute(session, transaction, context);
        if (fee.FromProceeds)
            Fee.Charge(session, fee, message.Uses); // it cannot have failed: what it brings was certain
        return session.MakeReceipt(transaction.Id, outcome.Reason, outcome.Verdict);
    }
}
