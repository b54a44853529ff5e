namespace AppChain.Ledger;

/// <summary>
/// Which sequence numbers a signer has used: the highest, and a bitmap of the 64 up to and including it. Gaps and any order are
/// allowed, each number once, so that a device may have many transactions under way.
/// </summary>
/// <param name="Highest">The highest used number; 0: none.</param>
/// <param name="Used">Bit i says whether <c>Highest − i</c> was used.</param>
public readonly record struct SequenceWindow(ulong Highest, ulong Used)
{
    /// <summary>The lowest number above every used one.</summary>
    public ulong Next => checked(Highest + 1);

    /// <summary><see cref="Reason.None"/> if the number is fresh, else why it is not (docs/protocol.md, "Admission and replay").</summary>
    public Reason Check(ulong sequence)
    {
        if (sequence == 0)
            return Reason.SequenceZero;
        if (sequence > Highest)
            return sequence - Highest <= LedgerLimits.SequenceAheadMax ? Reason.None : Reason.SequenceTooFarAhead;
        ulong below = Highest - sequence;
        if (below >= LedgerLimits.SequenceWindow)
            return Reason.SequenceTooOld;
        return (Used >> (int)below & 1) == 0 ? Reason.None : Reason.SequenceUsed;
    }

    /// <summary>The window after a fresh number was used.</summary>
    internal SequenceWindow Use(ulong sequence)
    {
        Invariant.Check(Check(sequence) == Reason.None, "A sequence number was used that is not fresh.");
        if (sequence <= Highest)
            return this with { Used = Used | 1UL << (int)(Highest - sequence) };
        ulong ahead = sequence - Highest;
        ulong kept = ahead < LedgerLimits.SequenceWindow ? Used << (int)ahead : 0;
        return new SequenceWindow(sequence, kept | 1);
    }

    internal void Write(RecordWriter writer)
    {
        writer.UInt64(Highest);
        writer.UInt64(Used);
    }

    internal static SequenceWindow Read(ref RecordReader reader) => new(reader.UInt64(), reader.UInt64());
}
