using System;

namespace AppChain.Ledger;

/// <summary>What a voter says. The numbers are the wire's.</summary>
public enum VoteChoice : byte
{
    Yes = 1,
    No = 2,

    /// <summary>Counts for the quorum only.</summary>
    Abstain = 3,
}

/// <summary>The stake behind each choice.</summary>
public readonly record struct Tally(Amount Yes, Amount No, Amount Abstain)
{
    /// <summary>All stake that voted.</summary>
    public Amount Turnout => Yes + No + Abstain;

    /// <summary>With the stake of one more vote.</summary>
    public Tally With(VoteChoice choice, Amount weight) => choice switch
    {
        VoteChoice.Yes => this with { Yes = Yes + weight },
        VoteChoice.No => this with { No = No + weight },
        VoteChoice.Abstain => this with { Abstain = Abstain + weight },
        _ => throw new ArgumentOutOfRangeException(nameof(choice), choice, "Not a choice."),
    };

    /// <summary>Without the stake of a vote that was counted.</summary>
    public Tally Without(VoteChoice choice, Amount weight) => choice switch
    {
        VoteChoice.Yes => this with { Yes = Yes - weight },
        VoteChoice.No => this with { No = No - weight },
        VoteChoice.Abstain => this with { Abstain = Abstain - weight },
        _ => throw new ArgumentOutOfRangeException(nameof(choice), choice, "Not a choice."),
    };

    internal void Write(RecordWriter writer)
    {
        writer.Amount(Yes);
        writer.Amount(No);
        writer.Amount(Abstain);
    }

    internal static Tally Read(ref RecordReader reader) => new(reader.Amount(), reader.Amount(), reader.Amount());
}
