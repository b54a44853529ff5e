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

    /// <summary>Whether such a manufacturer can be registered: its name is a name, its roots are roots, and its address is free.</summary>
    public static bool CanRegister(ILedgerState state, ManufacturerRecord manufacturer) =>
        ServiceBounds.IsName(manufacturer.Name)
        && AreRoots(manufacturer.Roots)
        && ManufacturerRecord.Find(state, manufacturer.FirstAddress) is null;

    /// <summary>Registers it under the address of its first root.</summary>
    public static void Register(LedgerSession session, ManufacturerRecord manufacturer)
    {
        Invariant.Check(CanRegister(session, manufacturer), "A manufacturer is registered that cannot be.");
        session.Put(StateKey.Manufacturer(manufacturer.FirstAddress), manufacturer);
    }
}
