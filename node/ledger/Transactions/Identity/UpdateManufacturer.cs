using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// A manufacturer's admin hands over to another admin, or changes the keys that attest its devices. Devices that are registered stay as
/// they are; a root that is gone attests no new ones.
/// </summary>
public sealed record UpdateManufacturer : Message
{
    internal const int Number = 38;

    /// <param name="manufacturer">The manufacturer.</param>
    /// <param name="admin">The account that decides from now on; it may be the same.</param>
    /// <param name="roots">1 to <see cref="LedgerLimits.ManufacturerRootsMax"/> different keys.</param>
    public UpdateManufacturer(Address manufacturer, Address admin, params IEnumerable<ManufacturerRoot> roots)
    {
        Manufacturer = manufacturer;
        Admin = admin;
        Roots = [.. roots];
    }

    public Address Manufacturer { get; }

    public Address Admin { get; }

    public ImmutableArray<ManufacturerRoot> Roots { get; }

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Identity;

    /// <summary>Whether there is such a manufacturer and the signer decides for it.</summary>
    internal static Reason CheckAdmin(ILedgerState state, Address manufacturer, Address signer) =>
        ManufacturerRecord.Find(state, manufacturer) is { } found
            ? found.Admin == signer ? Reason.None : Reason.NotTheManufacturer
            : Reason.UnknownManufacturer;

    public bool Equals(UpdateManufacturer? other) =>
        other is not null && Manufacturer == other.Manufacturer && Admin == other.Admin && Roots.SequenceEqual(other.Roots);

    public override int GetHashCode() => HashCode.Combine(Manufacturer, Admin, Roots.Length);

    internal override IEnumerable<Decision> Decides(Address signer) => [new Decision(StateKey.Manufacturer(Manufacturer))];

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.Address(1, Manufacturer);
        writer.Address(2, Admin);
        foreach (ManufacturerRoot root in Roots)
            writer.Element(3, root.Encode());
        return writer.ToArray();
    }

    internal static UpdateManufacturer Read(ref WireReader reader) =>
        new(reader.Address(1), reader.Address(2), ManufacturerRoot.ReadAll(ref reader, 3));

    internal override Reason CheckShape(Transaction transaction) => ManufacturerRegistry.AreRoots(Roots) ? Reason.None : Reason.RootsWrong;

    internal override Reason Admit(ILedgerState state, Address signer) => CheckAdmin(state, Manufacturer, signer);

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context)
    {
        ManufacturerRegistry.Update(session, this);
        return Outcome.Applied;
    }
}
