namespace AppChain.Ledger;

/// <summary>
/// Gives a manufacturer another admin and other keys without its word: it has lost them, or they are in wrong hands. Devices that are
/// registered stay as they are; whoever is admin afterwards may revoke them.
/// </summary>
/// <param name="Update">What its admin would have sent.</param>
public sealed record ReplaceManufacturer(UpdateManufacturer Update) : ProposalAction
{
    internal const int Number = 23;

    internal override int Field => Number;

    internal override byte[] Encode() => Update.Encode();

    internal override Reason CheckShape() => ManufacturerRegistry.AreRoots(Update.Roots) ? Reason.None : Reason.RootsWrong;

    internal override Reason Check(ILedgerState state) =>
        ManufacturerRecord.Find(state, Update.Manufacturer) is null ? Reason.UnknownManufacturer : Reason.None;

    internal override void Apply(LedgerSession session, BlockContext context) => ManufacturerRegistry.Update(session, Update);
}
