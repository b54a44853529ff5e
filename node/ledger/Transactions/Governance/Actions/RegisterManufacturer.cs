using System;
using System.Collections.Generic;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>Takes up a manufacturer, whose attestations then count wherever a service names it.</summary>
public sealed record RegisterManufacturer : ProposalAction
{
    internal const int Number = 22;

    /// <param name="name">For people: 1 to 64 bytes of UTF-8 without control characters.</param>
    /// <param name="admin">The account that revokes its devices and changes its roots.</param>
    /// <param name="roots">1 to <see cref="LedgerLimits.ManufacturerRootsMax"/> different keys; the first one's address becomes the manufacturer's.</param>
    public RegisterManufacturer(string name, Address admin, params IEnumerable<ManufacturerRoot> roots) =>
        Manufacturer = new ManufacturerRecord(name, admin, [.. roots]);

    /// <summary>The manufacturer as it will stand in the state.</summary>
    public ManufacturerRecord Manufacturer { get; }

    internal override int Field => Number;

    public bool Equals(RegisterManufacturer? other) => other is not null && Encode().AsSpan().SequenceEqual(other.Encode());

    public override int GetHashCode() => HashCode.Combine(Manufacturer.Name, Manufacturer.Admin);

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.Text(1, Manufacturer.Name);
        writer.Address(2, Manufacturer.Admin);
        foreach (ManufacturerRoot root in Manufacturer.Roots)
            writer.Element(3, root.Encode());
        return writer.ToArray();
    }

    internal static RegisterManufacturer Read(ref WireReader reader) =>
        new(reader.Text(1), reader.Address(2), ManufacturerRoot.ReadAll(ref reader, 3));

    internal override Reason CheckShape() => ManufacturerRegistry.CheckShape(Manufacturer);

    internal override Reason Check(ILedgerState state) => ManufacturerRegistry.CheckFree(state, Manufacturer);

    internal override void Apply(LedgerSession session, BlockContext context) => ManufacturerRegistry.Register(session, Manufacturer);
}
