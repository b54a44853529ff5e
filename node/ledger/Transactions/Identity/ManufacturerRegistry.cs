using System.Collections.Immutable;
using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>How a manufacturer comes onto the chain after genesis: by vote. Whoever calls has decided that it may.</summary>
internal static class ManufacturerRegistry
{
    /// <summary>True for 1 to <see cref="LedgerLimits.ManufacturerRootsMax"/> keys that differ.</summary>
    public static bool AreRoots(ImmutableArray<ManufacturerRoot> roots) =>
        roots.Length is >= 1 and <= LedgerLimits.ManufacturerRootsMax
        && roots.Select(root => Address.Of(root.Scheme, root.PublicKey.Span)).Distinct().Count() == roots.Length;

    /// <summary>Whether the bytes of such a manufacturer are what they must be: its name is a name, its roots are roots.</summary>
    public static Reason CheckShape(ManufacturerRecord manufacturer)
    {
        if (!ServiceBounds.IsName(manufacturer.Name))
            return Reason.ManufacturerNameInvalid;
        return AreRoots(manufacturer.Roots) ? Reason.None : Reason.RootsWrong;
    }

    /// <summary>Whether its address is free.</summary>
    public static Reason CheckFree(ILedgerState state, ManufacturerRecord manufacturer) =>
        ManufacturerRecord.Find(state, manufacturer.FirstAddress) is null ? Reason.None : Reason.ManufacturerAlreadyRegistered;

    /// <summary>Registers it under the address of its first root.</summary>
    public static void Register(LedgerSession session, ManufacturerRecord manufacturer)
    {
        bool isFree = CheckShape(manufacturer) == Reason.None && CheckFree(session, manufacturer) == Reason.None;
        Invariant.Check(isFree, "A manufacturer is registered that cannot be.");
        session.Put(StateKey.Manufacturer(manufacturer.FirstAddress), manufacturer);
    }

    /// <summary>Gives a manufacturer that is registered another admin and other roots.</summary>
    public static void Update(LedgerSession session, UpdateManufacturer update)
    {
        ManufacturerRecord manufacturer = ManufacturerRecord.Find(session, update.Manufacturer)
            ?? throw new LedgerInvariantException("A manufacturer is changed that is not registered.");
        session.Put(StateKey.Manufacturer(update.Manufacturer), manufacturer with { Admin = update.Admin, Roots = update.Roots });
    }
}
