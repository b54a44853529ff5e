using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>Moves tokens of the treasury to an account. What the treasury holds counts when it is executed.</summary>
/// <param name="To">The receiving account; it need not exist.</param>
/// <param name="Amount">How much, at least one grain.</param>
public sealed record SpendTreasury(Address To, Amount Amount) : ProposalAction
{
    internal const int Number = 17;

    internal override int Field => Number;

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.Address(1, To);
        writer.UInt64(2, Amount.Grains);
        return writer.ToArray();
    }

    internal static SpendTreasury Read(ref WireReader reader) => new(reader.Address(1), new Amount(reader.UInt64(2)));

    internal override Reason CheckShape() => Amount == Amount.Zero ? Reason.ZeroAmount : Reason.None;

    internal override Reason CheckMoment(ILedgerState state, BlockContext context) =>
        TreasuryRecord.Get(state).Balance < Amount ? Reason.TreasuryTooSmall : Reason.None;

    internal override void Apply(LedgerSession session, BlockContext context)
    {
        session.Put(StateKey.Treasury, new TreasuryRecord(TreasuryRecord.Get(session).Balance - Amount));
        AccountRecord.Credit(session, To, Amount);
    }
}
