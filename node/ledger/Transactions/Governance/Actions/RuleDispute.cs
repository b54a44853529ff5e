namespace AppChain.Ledger;

/// <summary>How a dispute is decided. The numbers are the wire's.</summary>
public enum Ruling : byte
{
    /// <summary>The accused loses a share of what is held back and of its bond.</summary>
    Guilty = 1,

    /// <summary>Both sides get back what is theirs.</summary>
    NotGuilty = 2,

    /// <summary>The accusation was abuse: the accuser's bond goes to the accused.</summary>
    Abuse = 3,
}

/// <summary>Rules on a dispute.</summary>
/// <param name="Dispute">Which; it must be open when this is proposed and when it is executed.</param>
/// <param name="Ruling">The decision.</param>
/// <param name="SharePpm">What a guilty one loses, in parts per million; 0 for other rulings.</param>
public sealed record RuleDispute(ulong Dispute, Ruling Ruling, uint SharePpm) : ProposalAction
{
    internal const int Number = 20;

    internal override int Field => Number;

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.UInt64(1, Dispute);
        writer.UInt64(2, (ulong)Ruling);
        writer.UInt64(3, SharePpm);
        return writer.ToArray();
    }

    internal static RuleDispute Read(ref WireReader reader) =>
        new(reader.UInt64(1), (Ruling)reader.Choice(2, (byte)Ruling.Abuse, Reason.RulingInvalid), reader.UInt32(3));

    internal override Reason CheckShape()
    {
        bool fits = Ruling == Ruling.Guilty ? SharePpm is > 0 and <= Parameters.Million : SharePpm == 0;
        return fits ? Reason.None : Reason.RulingInvalid;
    }

    internal override Reason Check(ILedgerState state) => Disputes.CheckOpen(state, Dispute);

    internal override void Apply(LedgerSession session, BlockContext context) => Disputes.Rule(session, this);
}
